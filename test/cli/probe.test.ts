import { expect, it } from 'vitest';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { rememberProbe } from '../../src/cli/commands/probe.ts';
import { describeMeter } from '../../src/meter/meter-description.ts';
import { energy, operatingHours } from '../readings/support/readings.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('what a probe found is known to the bridge at its next start, whatever one that runs writes meanwhile', () => {
  const dataDir = temporaryFolder();
  const logger = new CollectingLogger();
  const memory = (): StoredMeterMemory => new StoredMeterMemory(new StateStore(dataDir, logger));
  const place = { port: 'COM1', address: 0x3f };
  const latest = [energy('84.817'), operatingHours('4512')];
  const meter = { serialNumber: '7', ...place, type: null, present: [60, 1004], absent: [], latest };
  const running = memory();
  running.remember(meter);
  const found = { meter: describeMeter('7', null), readAt: 0, readings: [], absent: [1004], silent: [] };
  rememberProbe(found, place, dataDir, logger);
  running.remember({ ...meter, details: [[60, '84.817 GJ', 0, 0]] });
  const next = memory().recall('7');
  expect(next).toMatchObject({ present: [], absent: [1004], details: undefined });
  // A register that was not found any more takes its last value with it.
  expect(next?.latest.map(({ quantity }) => quantity)).toEqual(['heat_energy']);
  memory().remember(meter);
  expect(memory().recall('7')).toMatchObject({ present: [60, 1004] });
  expect(logger.lines).toEqual([]);
});

it('a meter that the bridge has never seen is known to it after a probe', () => {
  const dataDir = temporaryFolder();
  const logger = new CollectingLogger();
  const meter = describeMeter('7', { meterType: 5, softwareRevision: 'F1' });
  const found = {
    meter,
    readAt: 0,
    readings: [],
    absent: [61],
    silent: [62],
  };
  rememberProbe(found, { port: 'COM1', address: 0x3f }, dataDir, logger);
  const memory = new StoredMeterMemory(new StateStore(dataDir, logger));
  expect(memory.lastSeenAt('COM1', 0x3f)).toMatchObject({
    serialNumber: '7',
    present: [],
    absent: [61, 62],
  });
});
