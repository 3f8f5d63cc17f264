import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import type { RegisterDefinition } from '../../src/simulator/models/meter-model.ts';
import { MODELS } from '../../src/simulator/models/models.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const FIRST = '71000001';
const SECOND_METER = '71000002';

/** GJ and m³ in thousandths and hundredths, as they stand on one meter. */
interface Totals {
  readonly energy: number;
  readonly volume: number;
}

const ORDINARY: Totals = { energy: 84_817, volume: 45_803 };
/** Within what a house may use in an hour. */
const NEAR: Totals = { energy: 85_200, volume: 46_100 };
const ZERO: Totals = { energy: 0, volume: 0 };

let home: PolledLine;

afterEach(() => home.stop());

/** A 403 whose registers stand still, all of them elsewhere than on the other meter. */
function standing(serialNumber: string, { energy, volume }: Totals): SimulatedMeterOptions {
  const which = Number(serialNumber.slice(-1));
  const rows = MODELS['403'].registers.flatMap(([id, unit, length, decimals, source]) => {
    const isHouse = typeof source === 'string' && source !== 'serialNumber' && source !== 'dateTime';
    return isHouse ? [[id, { unit, length, decimals, source: 100 + which } as RegisterDefinition]] : [];
  });
  const registers: Record<number, RegisterDefinition> = {
    ...Object.fromEntries(rows),
    60: { unit: UNIT.gigaJoule, length: 4, decimals: 3, source: energy },
    68: { unit: UNIT.cubicMetre, length: 4, decimals: 2, source: volume },
    1004: { unit: UNIT.hour, length: 4, decimals: 0, source: 33_147 },
  };
  return { model: '403', serialNumber: Number(serialNumber), registers };
}

async function started(first = ORDINARY, options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine({ meters: [standing(FIRST, first)], ...options });
  await home.firstReading();
  await home.clock.advance(HOUR);
  home.simulator.resetStatistics();
}

function headIsLifted(): void {
  for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
}

/** Nobody is faster than a second; no port closes, so that nobody is told. */
async function headMovesTo(meter: SimulatedMeterOptions): Promise<void> {
  headIsLifted();
  await home.clock.advance(SECOND);
  home.simulator.addMeter(meter);
}

/** What was published under the number of one meter and stands so on the other one. */
function wrong(): readonly string[] {
  return home.publisher.readings.flatMap(({ meter: { serialNumber }, fresh, latest }) => {
    const others = serialNumber === FIRST ? 102 : 101;
    return [...fresh, ...latest].flatMap(({ register, quantity, value }) => {
      const digits = value.kind === 'number' ? Number(value.value.times(10 ** value.decimals)) : undefined;
      return register !== null && digits === others ? `${quantity} under ${serialNumber}` : [];
    });
  });
}

const publishedOf = (serialNumber: string): number =>
  home.publisher.readings.filter(
    ({ meter, fresh }) => meter.serialNumber === serialNumber && fresh.length > 0,
  ).length;

describe('a head that was moved to another meter while its line stayed open', () => {
  it.each([
    ['whose totals are near', ORDINARY, NEAR],
    ['whose totals stand at zero, as those of the first', ZERO, ZERO],
    [
      'whose totals have just begun, as those of the first',
      { energy: 4, volume: 2 },
      { energy: 6, volume: 3 },
    ],
    ['whose totals are lower', NEAR, ORDINARY],
    ['that is as large, and new', ORDINARY, ZERO],
    [
      'of which one total stands at zero and the other is near',
      { ...ORDINARY, energy: 0 },
      { ...NEAR, energy: 0 },
    ],
  ])('is noticed with the next reading: one %s', async (_, first, second) => {
    await started(first);
    const before = publishedOf(FIRST);
    await headMovesTo(standing(SECOND_METER, second));
    await home.tick('hourly');
    expect(wrong()).toEqual([]);
    expect([publishedOf(FIRST), publishedOf(SECOND_METER)]).toEqual([before, expect.any(Number)]);
    expect(publishedOf(SECOND_METER)).toBeGreaterThan(0);
  });

  it('is noticed with the details, wherever the totals stand', async () => {
    await started();
    await headMovesTo(standing(SECOND_METER, ORDINARY));
    await home.tick('daily');
    expect(wrong()).toEqual([]);
    expect(publishedOf(SECOND_METER)).toBeGreaterThan(0);
  });

  it('is noticed after a reading that failed, wherever the totals stand', async () => {
    await started();
    headIsLifted();
    await home.tick('hourly');
    home.simulator.addMeter(standing(SECOND_METER, ORDINARY));
    await home.tick('hourly');
    expect(wrong()).toEqual([]);
    expect(publishedOf(SECOND_METER)).toBeGreaterThan(0);
  });

  it('is noticed with a reading that is late, wherever the totals stand', async () => {
    await started(ORDINARY, { schedules: ['0 * * * *'] });
    await headMovesTo(standing(SECOND_METER, ORDINARY));
    await home.clock.advance(HOUR / 2);
    await home.clock.runUntil(home.meter.read('scheduled'));
    expect(wrong()).toEqual([]);
    expect(publishedOf(SECOND_METER)).toBeGreaterThan(0);
  });

  it('is published only when the meter has given its number', async () => {
    await started(ZERO);
    const before = home.publisher.readings.length;
    // The registers come, the number does not.
    const reading = home.meter.read('scheduled');
    await home.clock.advance(SECOND / 2);
    home.simulator.setFaults([parseFault('silence')]);
    await home.clock.runUntil(reading);
    expect(home.publisher.readings.length).toBe(before);
    expect(home.publisher.diagnostics.at(-1)).toMatchObject({ failedReadings: 1 });
  });
});

describe('the number of the meter', () => {
  const asked = (): unknown => {
    const { requests, wakeUps, bytesIn, bytesOut } = home.simulator.statistics;
    return { requests, wakeUps, bytes: bytesIn + bytesOut };
  };
  const USUAL = 91;
  const NUMBER = 16;

  it('is not asked for while the totals go on as they stood', async () => {
    await started();
    await home.tick('hourly');
    expect(asked()).toEqual({ requests: 1, wakeUps: 1, bytes: USUAL });
  });

  it.each([
    ['while all totals stand at zero', () => started(ZERO), 'hourly'],
    [
      'after a reading that failed',
      async () => {
        await started();
        home.simulator.setFaults([parseFault('silence:3')]);
        await home.tick('hourly');
        await home.clock.advance(2 * SECOND);
        home.simulator.resetStatistics();
      },
      'hourly',
    ],
  ] as const)('is asked for in the same wake-up: %s', async (_, prepare, schedule) => {
    await prepare();
    await home.tick(schedule);
    expect(asked()).toEqual({ requests: 2, wakeUps: 1, bytes: USUAL + NUMBER });
  });

  it('is asked for with the details at their end, in the same wake-up', async () => {
    await started();
    await home.tick('daily');
    const { requests, requested, wakeUps } = home.simulator.statistics;
    expect({ requests, wakeUps }).toEqual({ requests: requested.length + 1, wakeUps: 1 });
  });

  it('is asked for once a day where details are never read', async () => {
    await started(ORDINARY, { detailSchedule: 'never' });
    for (let hour = 1; hour <= 48; hour++) {
      await home.tick('hourly');
      await home.clock.advance(HOUR);
    }
    expect(home.simulator.statistics.requests).toBe(50);
  });
});

describe('whatever happens at the head', () => {
  const totals = fc.constantFrom(
    ORDINARY,
    NEAR,
    ZERO,
    { energy: 4, volume: 2 },
    { energy: 900_000, volume: 0 },
  );
  const event = fc.record({
    /** Milliseconds into the reading at which the head is lifted, if it is. */
    lifted: fc.option(fc.integer({ min: -5_000, max: 6_000 })),
    darkFor: fc.integer({ min: 1_000, max: 20_000 }),
    isMoved: fc.boolean(),
    schedule: fc.constantFrom('hourly', 'hourly', 'daily'),
    silent: fc.constantFrom(0, 0, 0, 1, 2, 4),
    pause: fc.integer({ min: 1, max: 180 }),
  });

  it('nothing is published under the number of a meter that did not say it', async () => {
    await fc.assert(
      fc.asyncProperty(
        totals,
        totals,
        fc.array(event, { minLength: 3, maxLength: 6 }),
        async (one, two, events) => {
          fc.pre(one !== two || one === ZERO);
          const meters = [standing(FIRST, one), standing(SECOND_METER, two)] as const;
          home = new PolledLine({ meters: [meters[0]], schedules: ['0 * * * *'] });
          await home.firstReading();
          let at = 0;
          for (const { lifted, darkFor, isMoved, schedule, silent, pause } of events) {
            await home.clock.advance(pause * MINUTE);
            home.simulator.setFaults(silent > 0 ? [parseFault(`silence:${silent}`)] : []);
            if (lifted !== null) {
              if (isMoved) at = 1 - at;
              const next = meters[at];
              home.clock.after(lifted + 5_000, headIsLifted);
              home.clock.after(lifted + 5_000 + darkFor, () => next && home.simulator.addMeter(next));
            }
            await home.clock.advance(5_000);
            const reading = home.meter.read(schedule === 'daily' ? 'detail' : 'scheduled');
            await home.clock.runUntil(reading);
            await home.clock.advance(30_000);
          }
          expect(wrong()).toEqual([]);
          await home.stop();
        },
      ),
      { numRuns: 25, seed: 20_260_117 },
    );
  });
});
