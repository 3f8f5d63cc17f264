import { afterEach, describe, expect, it } from 'vitest';
import { PRESETS } from '../../src/meter/schedules.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const EVERY_MINUTE = '* * * * *';
const HOURLY = String(PRESETS.hourly);
const LIVE = String(PRESETS.live);

let home: PolledLine;

afterEach(async () => {
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

function at(schedule: string, options: PolledLineOptions = {}): PolledLine {
  home = new PolledLine({ byTheClock: true, schedules: [schedule], detailSchedule: 'never', ...options });
  return home;
}

/** Without what the simulator says itself. */
const told = (): readonly string[] =>
  home.logger.told.filter((line) => !/simulated .*: (un)?plugged/.test(line));
const toldOf = (pattern: RegExp): readonly string[] => told().filter((line) => pattern.test(line));

/** Lines of each of so many days. */
async function linesOf(days: number): Promise<number[]> {
  const lines: number[] = [];
  for (let day = 0; day < days; day++) {
    const before = told().length;
    await home.clock.advance(DAY);
    lines.push(told().length - before);
  }
  return lines;
}

/** Fewer than 30 a day in all, of which the broker's and others' few lines are to be part. */
const FEW = 28;

function expectFew(lines: readonly number[]): void {
  expect(Math.max(...lines), told().slice(0, 60).join('\n')).toBeLessThan(FEW);
}

describe('a silent meter, for a week', () => {
  it.each([
    ['hourly', HOURLY],
    ['every minute', EVERY_MINUTE],
  ])('read %s fills no log', async (_, schedule) => {
    at(schedule);
    home.start();
    await home.clock.advance(3 * HOUR);
    home.simulator.setFaults([parseFault('silence')]);
    expectFew(await linesOf(7));
    home.simulator.setFaults([]);
    // The slot after the longest rest, with an hour for the end.
    await home.clock.advance(schedule === HOURLY ? 12 * HOUR : 2 * HOUR);
    expect(toldOf(/again/).at(-1)).toMatch(
      /^info Heating: the meter answers again.*\. The trouble lasted 7 days, and was met \d+ times\.$/,
    );
  });

  it('that never answered fills no log, and the first line says what to do', async () => {
    at(EVERY_MINUTE);
    home.simulator.setFaults([parseFault('silence')]);
    home.start();
    expectFew(await linesOf(1));
    expect(told()[1]).toMatch(/^warn Heating: .*Nothing at all was received: check the cable.*button/);
    expect(toldOf(/did not answer.*\(\d+ times in the last hour\)$/).length).toBeGreaterThan(5);
  });
});

describe('a port', () => {
  it('that is missing, with a reading twice a minute, fills no log', async () => {
    at(LIVE);
    home.simulator.unplug();
    home.start();
    expectFew(await linesOf(1));
    expect(told()[0]).toMatch(/^warn .*unplugged\. Plug it in again\. Trying again until it works\.$/);
    home.simulator.replug();
    await home.clock.advance(10 * MINUTE);
    expect(told().join()).toMatch(
      /info the port is open\. The trouble lasted 24 h 0 min, and was met \d{4} times\./,
    );
  });

  it('that accepts and closes at once fills no log', async () => {
    at(LIVE, {
      channel: (inner) => {
        const open = inner.open.bind(inner);
        inner.open = () => open().then(() => void home.clock.after(1, () => inner.unplug()));
        return inner;
      },
    });
    home.start();
    expectFew(await linesOf(1));
    expect(toldOf(/Trying/).at(-1)).toMatch(
      /went away\. Trying again until it works\. \(\d+ times in the last \d h\)$/,
    );
  });

  it('that goes and comes back every few minutes fills no log', async () => {
    at('*/10 * * * *');
    home.start();
    await home.clock.advance(HOUR);
    const before = told().length;
    for (let time = 0; time < (24 * 60) / 5; time++) {
      home.simulator.unplug();
      await home.clock.advance(MINUTE);
      home.simulator.replug();
      await home.clock.advance(4 * MINUTE);
    }
    expect(told().length - before, told().slice(before).join('\n')).toBeLessThan(FEW);
  });
});

describe('a meter', () => {
  it.each([
    ['hourly', HOURLY],
    ['every minute', EVERY_MINUTE],
  ])('with damaged replies, read %s, fills no log', async (_, schedule) => {
    at(schedule);
    home.simulator.setFaults(
      ['checksum:40%', 'truncation:50%', 'noise:50%', 'foreign-reply:60%'].map(parseFault),
    );
    home.start();
    expectFew(await linesOf(1));
  });

  it.each([
    ['hourly', HOURLY],
    ['every five minutes', '*/5 * * * *'],
  ])('that answers every second time, read %s, fills no log', async (_, schedule) => {
    at(schedule);
    home.start();
    await home.clock.advance(MINUTE / 2);
    let isSilent = false;
    const step = schedule === HOURLY ? HOUR : 5 * MINUTE;
    const lines: number[] = [];
    for (let day = 0; day < 2; day++) {
      const before = told().length;
      for (let slot = 0; slot < DAY / step; slot++) {
        isSilent = !isSilent;
        home.simulator.setFaults(isSilent ? [parseFault('silence')] : []);
        await home.clock.advance(step);
      }
      lines.push(told().length - before);
    }
    expectFew(lines);
  });

  it.each([
    2, 3, 4, 5, 7, 11,
  ])('that fails one time in %i, read each quarter of an hour, fills no log', async (n) => {
    at('*/15 * * * *');
    home.start();
    await home.clock.advance(MINUTE / 2);
    const lines: number[] = [];
    for (let slot = 0, before = 0; slot < 2 * 96; slot++) {
      home.simulator.setFaults(slot % n === 0 ? [parseFault('silence')] : []);
      await home.clock.advance(15 * MINUTE);
      if (slot % 96 === 0) before = told().length;
      if (slot % 96 === 95) lines.push(told().length - before);
    }
    expectFew(lines);
  });

  it.each([
    ['hourly', HOURLY],
    ['every ten minutes', '*/10 * * * *'],
  ])('that is well, read %s, has a line an hour with its values, after those of its first readings', async (_, schedule) => {
    at(schedule);
    home.start();
    const [first, ...others] = await linesOf(3);
    expect(first).toBeLessThan(32);
    expect(Math.max(...others)).toBeLessThanOrEqual(26);
    const values = toldOf(/Heating: \d/);
    expect(values.length).toBeGreaterThanOrEqual(72);
    for (const line of values)
      expect(line).toMatch(
        /^info Heating: [\d.]+ GJ, [\d.]+ m³, \d+ L\/h, [\d.]+ kW, [\d.]+\/[\d.]+ °C \(\d\.\d s\)$/,
      );
  });

  it('that was silent once is told again with its values, at once and soon after', async () => {
    at(HOURLY);
    home.start();
    await home.clock.advance(5.5 * HOUR);
    home.simulator.setFaults([parseFault('silence')]);
    // Past the full hour: the reading fails.
    while (toldOf(/did not answer/).length === 0) await home.clock.advance(1_000);
    home.simulator.setFaults([]);
    await home.clock.advance(10 * MINUTE);
    expect(toldOf(/again/).at(-1)).toMatch(
      /^info Heating: the meter is read again: [\d.]+ GJ, .* °C \(\d\.\d s\)\. The trouble lasted 1 min\.$/,
    );
    const before = toldOf(/GJ/).length;
    await home.clock.advance(6 * HOUR);
    expect(toldOf(/GJ/).length).toBe(before + 4);
  });
});

describe('when a failed reading is tried again', () => {
  it('is told as it will be: by the schedule where that comes sooner', async () => {
    at(LIVE);
    home.simulator.setFaults([parseFault('silence')]);
    home.start();
    await home.clock.advance(MINUTE);
    expect(told().at(-1)).toMatch(/Reading again on schedule\.$/);
    await home.stop();
    at(HOURLY);
    home.simulator.setFaults([parseFault('silence')]);
    home.start();
    await home.clock.advance(MINUTE);
    expect(told().at(-1)).toMatch(/Reading again in 1 min\.$/);
  });
});
