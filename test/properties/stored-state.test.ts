import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatteryAccount } from '../../src/meter/battery-account.ts';
import { DetailMemory } from '../../src/meter/detail-memory.ts';
import { Pipeline } from '../../src/readings/pipeline.ts';
import { Plausibility } from '../../src/readings/plausibility.ts';
import type { MeterTraits, Reading } from '../../src/readings/reading.ts';
import { meterStages } from '../../src/readings/stages.ts';
import { restoreReading, storeReading } from '../../src/readings/stored-reading.ts';
import { HOUR, NOON, number, reading } from '../readings/support/readings.ts';
import { harmIn, pathsIn } from './support/harm.ts';

const RUNS = { seed: 20_260_115, numRuns: 400 };
const TRAITS: MeterTraits = { kind: 'heat', infoTable: '601' };
const SETTINGS = { timezone: 'Europe/Copenhagen', heatEnergyInKwh: true, gasEquivalent: 31.6 };

const pipelineOf = (remembered: unknown): Pipeline =>
  new Pipeline(
    meterStages(
      SETTINGS,
      () => 'en',
      () => {},
    ),
    remembered,
  );

/** A meter that runs for some days. */
function shownAt(hours: number): readonly Reading[] {
  const [volume, sum] = [100 + hours * 0.5, 1000 + hours * 25];
  return [
    reading(60, number((50 + hours * 0.01).toFixed(3)), 'GJ', hours),
    reading(68, number(volume.toFixed(2)), 'm³', hours),
    reading(97, number((sum * 1.5).toFixed(1)), 'm³·°C', hours),
    reading(110, number(sum.toFixed(1)), 'm³·°C', hours),
    reading(266, number((13_888_889 + hours * 2778).toFixed(1).slice(-9)), 'Wh', hours),
    reading(99, number('0'), '', hours),
  ];
}

const pipeline = pipelineOf(undefined);
for (let hours = 0; hours < 60; hours += 6) pipeline.run(shownAt(hours), TRAITS);
const account = new BatteryAccount();
account.add('2026-01-15', { readings: 3, transactions: 9, wakeUps: 3, bytes: 900, awakeTime: 4000 }, NOON);
const details = new DetailMemory();
details.record(shownAt(0));

const plausibility = new Plausibility();
for (const [hours, thousandths] of [0, 9_000, 18_000, 27_000].entries())
  plausibility.keep(plausibility.assess([reading(60, number((thousandths / 1000).toFixed(3)), 'GJ', hours)]));

const memories: readonly (readonly [name: string, memory: unknown, restore: (memory: unknown) => unknown])[] =
  [
    [
      'stages',
      pipeline.toRemember(),
      (memory) => {
        const restored = pipelineOf(memory);
        restored.expire(NOON + 60 * HOUR);
        restored.run(shownAt(61), TRAITS);
        restored.run(shownAt(900), TRAITS);
        return restored.toRemember();
      },
    ],
    [
      'battery account',
      account.toRemember(),
      (memory) => {
        const restored = new BatteryAccount(memory);
        restored.add('2026-01-16', restored.weekTo('2026-01-16'), NOON);
        restored.readingsAnHour({ date: '2026-01-16', hours: 12 }, NOON + 24 * HOUR);
        return restored.toRemember();
      },
    ],
    [
      'details',
      details.toRemember(),
      (memory) => {
        const restored = new DetailMemory(memory);
        restored.due([60, 68, 266], NOON);
        return restored.toRemember();
      },
    ],
    [
      'jump filter',
      plausibility.toRemember(),
      (memory) => {
        const restored = new Plausibility(shownAt(0), memory);
        for (const hours of [900, 901, 902, 903]) restored.keep(restored.assess(shownAt(hours)));
        return restored.toRemember();
      },
    ],
    [
      'readings',
      shownAt(3).map(storeReading),
      (memory) => (Array.isArray(memory) ? memory : [memory]).map(restoreReading),
    ],
  ];

test.each(memories)('%s come through a file', (_, memory, restore) => {
  expect(pathsIn(memory).length).toBeGreaterThan(5);
  expect(() => restore(JSON.parse(JSON.stringify(memory)))).not.toThrow();
});

test.each(memories)('%s begin without whatever somebody has put in their file', (_, memory, restore) => {
  const document: unknown = JSON.parse(JSON.stringify(memory));
  const changes = harmIn(document);
  fc.assert(
    fc.property(changes, (changed) => {
      expect(() => JSON.stringify(restore(changed))).not.toThrow();
    }),
    RUNS,
  );
});
