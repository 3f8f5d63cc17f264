import { afterEach, describe, expect, it } from 'vitest';
import { BatteryAccount } from '../../src/meter/battery-account.ts';
import { InMemoryMeterStore } from '../../src/meter/meter-store.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

describe('battery account', () => {
  const HOUR = 3_600_000;
  const DAY = 24 * HOUR;
  const ONE = { readings: 1, transactions: 2, wakeUps: 1, bytes: 90, awakeTime: 1_700 };
  const midnight = (date: string): number => Date.parse(date);

  /** An account with `perDay` readings on each of `days` days from 2026-01-01 on. */
  function accountOf(days: number, perDay = 24): BatteryAccount {
    const account = new BatteryAccount();
    for (let day = 0; day < days; day++) {
      const time = midnight('2026-01-01') + day * DAY;
      const date = new Date(time).toISOString().slice(0, 10);
      account.add(date, { ...ONE, readings: perDay }, time);
    }
    return account;
  }

  describe('the account of a meter', () => {
    it('adds up by day', () => {
      const account = new BatteryAccount();
      account.add('2026-01-01', ONE, 0);
      account.add('2026-01-01', ONE, 0);
      account.add('2026-01-02', ONE, 0);
      expect(account.of('2026-01-01')).toEqual({
        readings: 2,
        transactions: 4,
        wakeUps: 2,
        bytes: 180,
        awakeTime: 3_400,
      });
      expect(account.of('2026-01-03').readings).toBe(0);
    });

    it('has weeks of today and the six days before, across the end of a month', () => {
      const account = accountOf(40, 1);
      expect(account.weekTo('2026-02-03').readings).toBe(7);
      expect(account.weekTo('2026-02-12').readings).toBe(4);
      expect(account.weekTo('2025-12-31').readings).toBe(0);
    });

    it('does not grow for ever', () => {
      const { days } = JSON.parse(JSON.stringify(accountOf(100).toRemember()));
      expect(Object.keys(days)).toHaveLength(28);
      expect(days).toHaveProperty('2026-04-10');
    });

    it('survives a clock that begins in 1970', () => {
      const account = accountOf(7);
      account.add('1970-01-01', ONE, 0);
      expect(account.weekTo('2026-01-07').readings).toBe(7 * 24);
    });

    it('is the same after a restart', () => {
      const account = accountOf(9);
      const again = new BatteryAccount(JSON.parse(JSON.stringify(account.toRemember())));
      expect(again.toRemember()).toEqual(account.toRemember());
      expect(new BatteryAccount(JSON.parse(JSON.stringify(new BatteryAccount().toRemember()))).isEmpty).toBe(
        true,
      );
    });

    it.each([
      undefined,
      null,
      5,
      [],
      { days: 3 },
      { days: { x: ONE, '2026-01-01': 7 }, since: 'y' },
    ])('takes nothing from a file that says %j', (remembered) => {
      const account = new BatteryAccount(remembered);
      expect(account.of('2026-01-01').readings).toBe(0);
      expect(account.readingsAnHour({ date: '2026-01-01', hours: 3 }, DAY)).toBe(0);
    });

    it('takes no amounts that are none', () => {
      const days = { '2026-01-01': { ...ONE, bytes: -5, awakeTime: 'long' } };
      expect(new BatteryAccount({ days }).of('2026-01-01')).toEqual({ ...ONE, bytes: 0, awakeTime: 0 });
    });
  });

  describe('readings an hour', () => {
    const at = (date: string, hours: number) => [{ date, hours }, midnight(date) + hours * HOUR] as const;

    it('are 1 when there was one each hour, at whatever time of day', () => {
      expect(accountOf(7).readingsAnHour(...at('2026-01-07', 24))).toBe(1);
      const account = accountOf(10);
      account.add('2026-01-11', { ...ONE, readings: 6 }, 0);
      expect(account.readingsAnHour(...at('2026-01-11', 6))).toBe(1);
    });

    it('do not begin with an alarm', () => {
      const account = new BatteryAccount();
      account.add('2026-01-01', { ...ONE, readings: 3 }, midnight('2026-01-01'));
      expect(account.readingsAnHour(...at('2026-01-01', 0.1))).toBe(3 / 24);
    });

    it('of a young account count its own time only', () => {
      expect(accountOf(2, 48).readingsAnHour(...at('2026-01-02', 24))).toBe(2);
    });
  });
});

describe('battery', () => {
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;

  let home: PolledLine;

  async function firstReading(options: PolledLineOptions = {}): Promise<void> {
    home = new PolledLine({ timezone: 'UTC', ...options });
    await home.firstReading();
  }

  /** The same meter and the same memory, in a bridge that was started anew; `options` as the owner changed them. */
  async function restart(options: PolledLineOptions = {}): Promise<void> {
    const { memory, clock } = home;
    await home.stop();
    await firstReading({ memory, now: clock.now() + MINUTE, ...options });
  }

  afterEach(async () => {
    await home.stop();
    expect(home.clock.pendingTimers).toBe(0);
  });

  const diagnostics = () => home.publisher.diagnostics.at(-1);
  const battery = () => diagnostics()?.battery;
  const warnings = (): readonly string[] => home.logger.said('warn');

  async function pressReadNow(): Promise<void> {
    home.meter.readNow();
    await home.clock.runUntil(home.meter.idle());
  }

  describe('the account of the battery', () => {
    it('has what the simulated meter itself has counted', async () => {
      await firstReading();
      await home.clock.advance(HOUR);
      await home.tick('hourly');
      const { requests, wakeUps, bytesIn, bytesOut } = home.simulator.statistics;
      expect(battery()?.today).toMatchObject({
        readings: 2,
        transactions: requests,
        wakeUps,
        bytes: bytesIn + bytesOut,
      });
      expect(battery()?.lastSevenDays).toEqual(battery()?.today);
      expect(battery()?.readingsLeftToday).toBeNull();
    });

    it('has the time in which the eye was awake: from the request to 1.6 s after the reply began', async () => {
      await firstReading({ detailSchedule: 'never' });
      const before = battery()?.today.awakeTime ?? 0;
      await home.clock.advance(HOUR);
      await home.tick('hourly');
      const awake = (battery()?.today.awakeTime ?? 0) - before;
      expect(awake).toBeGreaterThan(1_600);
      expect(awake).toBeLessThan(2_200);
    });

    it('begins anew at midnight of the meter’s own time zone', async () => {
      // 23:30 in Copenhagen.
      await firstReading({ timezone: 'Europe/Copenhagen', now: Date.UTC(2026, 0, 15, 22, 30) });
      expect(battery()?.today.readings).toBe(1);
      await home.clock.advance(HOUR);
      await home.tick('hourly');
      expect(battery()?.today.readings).toBe(1);
      expect(battery()?.lastSevenDays.readings).toBe(2);
    });

    it('survives a restart', async () => {
      await firstReading();
      const before = battery()?.today.bytes ?? 0;
      await restart();
      expect(battery()?.today.readings).toBe(2);
      expect(battery()?.today.bytes).toBeGreaterThan(before);
      expect(diagnostics()?.readings).toBe(1);
    });

    it('has what a failed reading cost', async () => {
      await firstReading();
      await home.clock.advance(MINUTE);
      home.simulator.setFaults([parseFault('silence')]);
      const before = battery()?.today;
      await home.tick('hourly');
      expect(battery()?.today.readings).toBe(2);
      expect(battery()?.today.transactions).toBe((before?.transactions ?? 0) + 3);
      expect(battery()?.today.wakeUps).toBe((before?.wakeUps ?? 0) + 3);
      expect(battery()?.today.bytes).toBeGreaterThan(before?.bytes ?? 0);
    });

    it('has what was spent before the meter answered for the first time', async () => {
      home = new PolledLine({ timezone: 'UTC' });
      home.simulator.setFaults([parseFault('silence')]);
      await home.firstReading();
      expect(home.publisher.diagnostics).toEqual([]);
      home.simulator.setFaults([]);
      await home.tick('hourly');
      expect(battery()?.today).toMatchObject({ readings: 2, wakeUps: home.simulator.statistics.wakeUps });
    });

    it('has nothing of a port that was not there', async () => {
      await firstReading();
      home.simulator.unplug();
      await home.tick('hourly');
      expect(diagnostics()?.failedReadings).toBe(1);
      expect(battery()?.today.readings).toBe(1);
    });

    it('is each meter’s own', async () => {
      await firstReading();
      for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
      home.simulator.addMeter({ model: '403', serialNumber: 1_234_567 });
      home.simulator.unplug();
      await home.clock.advance(MINUTE);
      home.simulator.replug();
      await home.clock.advance(2 * MINUTE);
      await home.tick('hourly');
      expect(home.publisher.identified.at(-1)?.serialNumber).toBe('1234567');
      expect(battery()?.today.readings).toBe(1);
      expect(diagnostics()).toMatchObject({ wakeUps: 0, failedReadings: 0 });
    });
  });

  describe('a week beyond the maker’s assumption', () => {
    async function days(count: number, options: PolledLineOptions): Promise<void> {
      await firstReading({ detailSchedule: 'never', ...options });
      for (let reading = 0; reading < count * 48; reading++) {
        await home.clock.advance(HOUR / 2);
        await home.tick('hourly');
      }
    }
    const beyond = (): readonly string[] => warnings().filter((line) => line.includes('times as often'));

    it('is warned of once a day, with what to do', async () => {
      await days(3, {});
      expect(battery()?.ratio).toBeCloseTo(2, 1);
      expect(beyond().length).toBeGreaterThanOrEqual(2);
      expect(beyond().length).toBeLessThanOrEqual(4);
      expect(beyond().at(-1)).toMatch(/^Heating: .* 2\.0 times as often as .*mainsPowered/);
    });

    it('is not made of a bad first day', async () => {
      await firstReading({ byTheClock: true, schedules: ['0 * * * *'], detailSchedule: '30 3 * * *' });
      await home.clock.advance(9 * HOUR);
      home.simulator.setFaults([parseFault('silence')]);
      await home.clock.advance(3 * HOUR);
      home.simulator.setFaults([]);
      await home.clock.advance(12 * HOUR);
      expect(battery()?.ratio).toBeGreaterThan(1.2);
      await home.clock.advance(72 * HOUR);
      expect(beyond()).toEqual([]);
    });

    it.each([
      ['402', 0],
      ['403', 2],
    ] as const)('is what keeps a %s awake, and told %i times', async (model, atLeast) => {
      const schedules = ['*/20 * * * *'];
      await firstReading({ byTheClock: true, schedules, meters: [{ model }] });
      await home.clock.advance(72 * HOUR);
      expect(battery()?.ratio).toBeCloseTo(3, 0);
      expect(beyond().length).toBeGreaterThanOrEqual(atLeast);
      if (atLeast === 0) expect(beyond()).toEqual([]);
      else expect(beyond().at(-1)).toContain('"keep-awake" is for a MULTICAL 402');
    });

    it('is no matter for a meter on mains power', async () => {
      await days(2, { mainsPowered: true });
      expect(battery()?.ratio).toBeCloseTo(2, 1);
      expect(beyond()).toEqual([]);
    });
  });

  describe('the limit of a day', () => {
    const LIMIT = { maxReadingsPerDay: 3 };
    const requests = (): number => home.simulator.statistics.requests;

    it('counts the first contact as one, schedules, details and presses', async () => {
      await firstReading(LIMIT);
      expect(battery()?.readingsLeftToday).toBe(2);
      await home.tick('hourly');
      await home.tick('daily');
      expect(battery()?.readingsLeftToday).toBe(0);
      const before = requests();
      await home.tick('hourly');
      await home.tick('daily');
      await pressReadNow();
      expect(requests()).toBe(before);
      expect(battery()?.today.readings).toBe(3);
    });

    it('holds also where the program is killed in the middle of each first contact', async () => {
      const memory = new InMemoryMeterStore();
      let readings = 0;
      for (let start = 0; start < 4; start++) {
        home = new PolledLine({ timezone: 'UTC', maxReadingsPerDay: 1, memory });
        home.start();
        await home.clock.advance(5_000);
        readings += home.publisher.readings.filter(({ fresh }) => fresh.length > 0).length;
        // Whoever is killed writes nothing any more.
        memory.remember = () => {};
        await home.stop();
        memory.remember = InMemoryMeterStore.prototype.remember;
      }
      expect(readings).toBe(1);
    });

    it('is told once a day in the log, and as the last error', async () => {
      await firstReading({ maxReadingsPerDay: 1 });
      const told = (): number => warnings().filter((line) => line.includes('its 1 readings of today')).length;
      expect(told()).toBe(0);
      await home.tick('hourly');
      await home.tick('hourly');
      expect(told()).toBe(1);
      expect(diagnostics()).toMatchObject({ failedReadings: 0, battery: { readingsLeftToday: 0 } });
      expect(diagnostics()?.lastError).toMatch(/battery\.maxReadingsPerDay.*tomorrow/);
      await home.clock.advance(24 * HOUR);
      await home.tick('hourly');
      expect(diagnostics()).toMatchObject({ lastError: null, readings: 2 });
      await home.tick('hourly');
      expect(told()).toBe(2);
    });

    it('is the log’s answer to a press of the button, once where it is pressed again and again', async () => {
      await firstReading({ maxReadingsPerDay: 1 });
      const answers = (): number => warnings().filter((line) => line.includes('and is not taken')).length;
      await pressReadNow();
      await pressReadNow();
      expect(answers()).toBe(1);
      await home.clock.advance(MINUTE);
      await pressReadNow();
      expect(answers()).toBe(2);
    });

    it('is published once where several ask at the same moment', async () => {
      await firstReading({ maxReadingsPerDay: 1, schedules: ['0 * * * *', '15 6 * * *'] });
      const before = home.publisher.diagnostics.length;
      for (const schedule of ['0 * * * *', '15 6 * * *', '30 3 * * *']) home.ticks.get(schedule)?.();
      await home.clock.runUntil(home.meter.idle());
      expect(home.publisher.diagnostics).toHaveLength(before + 1);
    });

    it('ends at midnight', async () => {
      await firstReading({ ...LIMIT, maxReadingsPerDay: 1, now: Date.UTC(2026, 0, 15, 23, 50) });
      await home.tick('hourly');
      expect(diagnostics()?.readings).toBe(1);
      await home.clock.advance(15 * MINUTE);
      await home.tick('hourly');
      expect(diagnostics()?.readings).toBe(2);
    });

    it('holds for the tries after a failure', async () => {
      await firstReading(LIMIT);
      home.simulator.setFaults([parseFault('silence')]);
      await home.tick('hourly');
      const before = requests();
      await home.clock.advance(5 * HOUR);
      // One more reading of three tries, and no third.
      expect(requests()).toBe(before + 3);
      expect(battery()?.today.readings).toBe(3);
      expect(diagnostics()?.lastError).toMatch(/maxReadingsPerDay.*Nothing at all was received/);
    });

    it('holds for readings that confirm a doubtful value', async () => {
      await firstReading({ maxReadingsPerDay: 2 });
      home.simulator.setFaults([parseFault('spurious-zero')]);
      await home.tick('hourly');
      const before = requests();
      await home.clock.advance(5 * HOUR);
      expect(requests()).toBe(before);
    });

    it('survives restarts, which read at their start', async () => {
      await firstReading(LIMIT);
      for (let start = 0; start < 3; start++) await restart(LIMIT);
      expect(diagnostics()?.battery.readingsLeftToday).toBe(0);
      expect(home.simulator.statistics.requests).toBe(0);
      await home.clock.advance(24 * HOUR);
      await home.tick('hourly');
      expect(home.simulator.statistics.requests).toBeGreaterThan(0);
    });

    it('survives an end in the middle of a reading', async () => {
      await firstReading(LIMIT);
      void home.meter.read('scheduled');
      await home.clock.advance(200);
      // What the disk has now is all that a power cut leaves.
      const memory = structuredClone(home.memory.all().map(({ account }) => account));
      expect(JSON.stringify(memory)).toContain('"readings":2');
    });

    it('does not hold back the meter that has readings left', async () => {
      await firstReading({ maxReadingsPerDay: 25 });
      for (let hour = 0; hour < 10; hour++) {
        await home.clock.advance(HOUR);
        await home.tick('hourly');
      }
      expect(battery()?.readingsLeftToday).toBe(14);
      expect(warnings()).toEqual([]);
    });
  });
});
