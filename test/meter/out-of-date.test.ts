import { afterEach, describe, expect, it } from 'vitest';
import { InMemoryMeterStore } from '../../src/meter/meter-store.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let home: PolledLine;

async function started(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine(options);
  await home.firstReading();
}

afterEach(() => home.stop());

const latest = (): readonly Reading[] => home.publisher.readings.at(-1)?.latest ?? [];
const names = (): readonly string[] => latest().map(({ quantity }) => quantity);
/** Quantities that are published as unknown. */
const unknown = (): readonly string[] =>
  latest().flatMap(({ quantity, value }) => (value.kind === 'unknown' ? [quantity] : []));
const live = (): readonly string[] =>
  latest().flatMap(({ quantity, nature }) => (nature === 'live' ? [quantity] : []));
const MAIN_LIVE = [
  'flow',
  'power',
  'flow_temperature',
  'return_temperature',
  'temperature_difference',
] as const;
const isOld = (quantity: string): boolean => unknown().includes(quantity);

describe('a value that was measured in a moment', () => {
  it('is unknown when it is older than three of its own intervals, by the time alone', async () => {
    await started();
    home.simulator.unplug(10 * DAY);
    await home.clock.advance(3 * HOUR - 2 * MINUTE);
    expect(unknown()).toEqual([]);
    await home.clock.advance(2 * MINUTE);
    expect(unknown()).toEqual(expect.arrayContaining([...MAIN_LIVE]));
    expect(unknown().every((quantity) => live().includes(quantity))).toBe(true);
    // What it has counted is true.
    expect(home.published('heat_energy')).toBe('84.817');
  });

  it('is handed on as fresh, with the moment of the last reading, and only once', async () => {
    await started();
    const readAt = Math.max(...latest().map((reading) => reading.readAt));
    home.simulator.unplug(10 * DAY);
    const before = home.publisher.readings.length;
    await home.clock.advance(20 * HOUR);
    const since = home.publisher.readings.slice(before);
    expect(since.flatMap(({ fresh }) => fresh.map(({ quantity }) => quantity))).toEqual([...MAIN_LIVE]);
    expect(since.flatMap(({ fresh }) => fresh).every((reading) => reading.readAt === readAt)).toBe(true);
  });

  it('is known again with the next reading', async () => {
    await started();
    await home.clock.advance(4 * HOUR);
    expect(isOld('power')).toBe(true);
    await home.tick('hourly');
    expect(isOld('power')).toBe(false);
    await home.clock.advance(2 * HOUR);
    await home.tick('hourly');
    await home.clock.advance(2 * HOUR);
    expect(isOld('power')).toBe(false);
  });

  it.each([
    ['every 30 s', { schedules: ['*/30 * * * * *'] }, 90_000],
    ['by day', { schedules: ['0 6-22 * * *'] }, 24 * HOUR],
    ['on two schedules', { schedules: ['0 6 * * *', '0 18 * * *'] }, 36 * HOUR],
  ] as const)('has the interval of its schedule: %s', async (_, settings, age) => {
    await started({ ...settings, detailSchedule: 'never' });
    home.simulator.unplug(10 * DAY);
    await home.clock.advance(age - 30_000);
    expect(isOld('power')).toBe(false);
    await home.clock.advance(30_000);
    expect(isOld('power')).toBe(true);
  });

  it('has the interval of the details, if it is read with these', async () => {
    await started({ meters: [{ model: '601' }] });
    const details = live().filter((quantity) => !MAIN_LIVE.some((main) => main === quantity));
    expect(details.length).toBeGreaterThan(0);
    await home.clock.advance(3 * DAY - 5 * MINUTE);
    expect(details.filter(isOld)).toEqual([]);
    await home.clock.advance(5 * MINUTE);
    expect(details.filter(isOld)).toEqual(details);
  });

  it('has a week, once its register has stood still so long that it is asked once a week', async () => {
    await started({ meters: [{ model: '601' }] });
    const details = live().filter((quantity) => !MAIN_LIVE.some((main) => main === quantity));
    let asked = 0;
    for (let day = 0; day < 50; day++) {
      await home.clock.advance(DAY);
      await home.tick('hourly');
      await home.tick('daily');
      expect(details.filter(isOld)).toEqual([]);
      if (home.freshRegisters().includes(88)) asked++;
    }
    expect(details).toContain('temperature_3');
    expect(asked).toBeLessThan(35);
  });

  it('is not made older by a meter that is read too often today', async () => {
    await started({ maxReadingsPerDay: 1 });
    await home.tick('hourly');
    expect(isOld('power')).toBe(false);
    await home.clock.advance(3 * HOUR);
    expect(isOld('power')).toBe(true);
  });
});

describe('after a restart', () => {
  /** A second run that hears nothing of the meter; the wall clock stands at `now`. */
  async function restartedAt(now: number, options: PolledLineOptions = {}): Promise<void> {
    const { memory } = home;
    await home.stop();
    home = new PolledLine({ memory, now, readOnStart: false, ...options });
    home.start();
    await home.clock.advance(0);
  }

  it('what is older than three intervals is unknown from the start, and nothing of it counts as read', async () => {
    await started();
    await restartedAt(home.clock.now() + 5 * HOUR);
    expect(home.publisher.readings.map(({ fresh }) => fresh)).toEqual([[]]);
    expect(MAIN_LIVE.every(isOld)).toBe(true);
    expect(home.published('heat_energy')).toBe('84.817');
  });

  it('the rest gets too old while nothing is read, and still does not count as read', async () => {
    await started();
    await restartedAt(home.clock.now() + HOUR);
    expect(MAIN_LIVE.some(isOld)).toBe(false);
    await home.clock.advance(2 * HOUR);
    expect(MAIN_LIVE.every(isOld)).toBe(true);
    expect(home.publisher.readings.map(({ fresh }) => fresh)).toEqual([[], []]);
  });

  it('with a clock that is behind, nothing is known of the time between', async () => {
    await started();
    await restartedAt(home.clock.now() - 3 * DAY);
    expect(MAIN_LIVE.every(isOld)).toBe(true);
  });
});

describe('a wall clock that is set', () => {
  it('back makes nothing younger', async () => {
    await started();
    home.clock.setWallClock(home.clock.now() - 400 * DAY);
    await home.clock.advance(2 * HOUR);
    expect(MAIN_LIVE.some(isOld)).toBe(false);
    await home.clock.advance(HOUR);
    expect(MAIN_LIVE.every(isOld)).toBe(true);
  });

  it('forward, as after a machine has slept, shows within minutes', async () => {
    await started();
    home.clock.setWallClock(home.clock.now() + 8 * HOUR);
    await home.clock.advance(5 * MINUTE);
    expect(MAIN_LIVE.every(isOld)).toBe(true);
  });
});

describe('a quantity that is on no schedule any more', () => {
  const ONLY = { registers: [60, 68], detailSchedule: 'never' } as const;
  /** After a time with everything. */
  async function narrowed(settings: PolledLineOptions): Promise<void> {
    await started();
    expect(names().length).toBeGreaterThan(80);
    const { memory } = home;
    await home.stop();
    home = new PolledLine({ memory, ...settings });
    home.start();
  }

  it('is handed on to nobody, not even before the first reading', async () => {
    await narrowed(ONLY);
    expect(names()).toEqual(expect.arrayContaining(['heat_energy', 'volume']));
    const made = ['heat_energy_day', 'heat_energy_month', 'volume_day', 'volume_month'];
    const allowed = ['heat_energy', 'volume', ...made];
    expect(names().filter((name) => !allowed.includes(name))).toEqual([]);
    await home.clock.advance(0);
    await home.clock.runUntil(home.meter.idle());
    await home.clock.advance(40 * DAY);
    for (const { fresh, latest: all } of home.publisher.readings)
      for (const { quantity } of [...fresh, ...all]) expect(allowed).toContain(quantity);
    expect(home.simulator.statistics.requested).toEqual([[60, 68]]);
    expect(home.meter.status.latest.map(({ quantity }) => quantity)).toEqual(names());
  });

  it('still tells which meter it is', async () => {
    await started();
    const { model } = home.meter.status.meter ?? {};
    const { memory } = home;
    await home.stop();
    await started({ memory, ...ONLY });
    await home.tick('hourly');
    expect(model?.name).toBe('MULTICAL 403');
    expect(home.meter.status.meter?.model).toEqual(model);
  });

  it('stays, if the details bring it every night', async () => {
    await narrowed({ registers: [60, 68] });
    expect(names()).toEqual(expect.arrayContaining(['power', 'info', 'problem_leakage', 'clock_drift']));
    await home.clock.advance(0);
    await home.clock.runUntil(home.meter.idle());
    await home.tick('hourly');
    expect(names()).toEqual(expect.arrayContaining(['power', 'info', 'problem_leakage', 'clock_drift']));
  });

  it('comes back when it is asked for again', async () => {
    await narrowed(ONLY);
    const { memory } = home;
    await home.stop();
    home = new PolledLine({
      memory: memory as InMemoryMeterStore,
      registers: [60, 68, 80],
      detailSchedule: 'never',
    });
    await home.firstReading();
    expect(names()).toContain('power');
    expect(names()).not.toContain('flow');
  });

  it('is one of no table that was taken off the list', async () => {
    const memory = new InMemoryMeterStore();
    await started({ memory, registers: [60, 655] });
    await home.stop();
    const { latest: before } = memory.all()[0] ?? { latest: [] };
    const odd: Reading = { ...(before[0] as Reading), quantity: 'register_655', register: 655 };
    memory.remember({ ...memory.all()[0], latest: [...before, odd] } as never);
    await started({ memory });
    expect(names()).not.toContain('register_655');
  });
});
