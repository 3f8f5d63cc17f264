import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HousePast, type PowerFailure } from '../../src/simulator/house-past.ts';
import type { Totals } from '../../src/simulator/house-values.ts';
import { MeterCalendar } from '../../src/simulator/meter-calendar.ts';
import { MODELS } from '../../src/simulator/models/models.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { start } = MODELS['603'];

describe('the past of a house', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Copenhagen');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const until = Date.parse('2026-01-15T09:30:00Z');
  const past = (options: { seed?: number; powerFailures?: readonly PowerFailure[] } = {}): HousePast =>
    new HousePast({ start, until, seed: 1, calendar: new MeterCalendar(), ...options });
  const energyBetween = (from: string, to: string, house = past()): number =>
    house.totals(Date.parse(to)).heatEnergy - house.totals(Date.parse(from)).heatEnergy;
  const names = Object.keys(past().totals(until)) as (keyof Totals)[];

  it('is as long as the meter has been on, and ends with what the meter shows', () => {
    const house = past();
    expect((until - house.since) / HOUR).toBe(17_344);
    expect(house.totals(house.since)).toMatchObject({ heatEnergy: 0, volume: 0, operatingHours: 0 });
    const { peaks: _, ...end } = start;
    expect(house.totals(until)).toEqual(end);
    const almost = house.totals(until - 1);
    for (const name of names) {
      expect(almost[name]).toBeLessThanOrEqual(end[name]);
      expect(almost[name] / end[name]).toBeGreaterThan(0.999_999);
    }
  });

  it('never goes back, from quarter to quarter', () => {
    const house = past();
    let before = house.totals(house.since);
    for (let at = house.since; at <= until; at += HOUR / 4) {
      const now = house.totals(at);
      if (names.some((name) => now[name] < before[name])) expect(now).toEqual(before);
      before = now;
    }
    expect(before.operatingHours).toBeGreaterThan(17_343);
  });

  it('is the same each time, and another one with another number', () => {
    const at = until - 100 * DAY;
    expect(past().totals(at)).toEqual(past().totals(at));
    expect(past({ seed: 2 }).totals(at)).not.toEqual(past().totals(at));
  });

  it('has winters and summers, days and nights', () => {
    const winter = energyBetween('2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z');
    const summer = energyBetween('2025-07-01T00:00:00Z', '2025-08-01T00:00:00Z');
    expect(winter).toBeGreaterThan(3 * summer);
    expect(summer).toBeGreaterThan(0);
    const night = energyBetween('2025-01-20T23:00:00Z', '2025-01-21T03:00:00Z');
    const morning = energyBetween('2025-01-21T05:00:00Z', '2025-01-21T09:00:00Z');
    expect(morning).toBeGreaterThan(1.1 * night);
  });

  it('counts nothing in a power failure, which makes it longer', () => {
    const failure = { from: until - 40 * DAY + 1234, to: until - 38 * DAY };
    const house = past({ powerFailures: [failure] });
    expect((until - house.since) / HOUR).toBe(17_344 + 48 - 1234 / HOUR);
    expect(house.totals(failure.to)).toEqual(house.totals(failure.from));
    expect(house.totals(failure.from + DAY)).toEqual(house.totals(failure.from));
    expect(house.totals(failure.to + HOUR).volume).toBeGreaterThan(house.totals(failure.to).volume);
    expect(house.totals(failure.from - HOUR).volume).toBeLessThan(house.totals(failure.from).volume);
    expect(house.totals(until - 1).operatingHours).toBeCloseTo(17_344, 5);
  });

  describe('at the end of a day', () => {
    const midnight = Date.parse('2025-03-31T22:00:00Z');

    it('has the means of its hour and day', () => {
      const house = past();
      const quantity = house.atEndOf(midnight);
      // The clocks went forward on 30 March.
      const [from, to] = [house.totals(Date.parse('2025-03-30T22:00:00Z')), house.totals(midnight)];
      const cubicMetres = (to.volume - from.volume) / 1000;
      const mean = (to.flowTemperatureVolume - from.flowTemperatureVolume) / cubicMetres;
      expect(quantity('meanFlowTemperatureDay')).toBeCloseTo(mean, 9);
      expect(quantity('meanFlowTemperatureHour')).toBeGreaterThan(quantity('meanReturnTemperatureHour'));
      expect(quantity('power') * 1000).toBeCloseTo(
        to.heatEnergy - house.totals(midnight - HOUR).heatEnergy,
        3,
      );
      expect([quantity('date'), quantity('clock')]).toEqual([250401, 0]);
    });

    it('has the peaks of the month and the year that end with it', () => {
      const house = past();
      const quantity = house.atEndOf(midnight);
      const hours = Array.from({ length: 743 }, (_, index) => midnight - index * HOUR);
      const powers = hours.map(
        (at) => (house.totals(at).heatEnergy - house.totals(at - HOUR).heatEnergy) / 1000,
      );
      expect(quantity('maxPowerMonth')).toBeCloseTo(Math.max(...powers), 6);
      expect(quantity('minPowerMonth')).toBeCloseTo(Math.min(...powers), 6);
      expect(Math.floor(quantity('maxPowerMonthDate') / 100)).toBe(2503);
      expect(quantity('maxPowerYear')).toBeGreaterThanOrEqual(quantity('maxPowerMonth'));
      expect(Math.floor(quantity('maxFlowYearDate') / 10_000)).toBe(25);
      const newYear = house.atEndOf(Date.parse('2025-12-31T23:00:00Z'));
      expect(Math.floor(newYear('minFlowYearDate') / 10_000)).toBe(25);
      expect(newYear('meanFlowTemperatureYear')).toBeGreaterThan(newYear('meanReturnTemperatureYear'));
    });
  });
});

describe("a meter's calendar", () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Copenhagen');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('may keep winter time all year', () => {
    const winter = new MeterCalendar(false);
    const { date, clock, dateTime } = winter.registers(Date.parse('2026-07-01T22:30:00Z'));
    expect([date, clock, dateTime[0]]).toEqual([260701, 233000, 0]);
    expect(winter.beginningOf(2026, 6, 2)).toBe(Date.parse('2026-07-01T23:00:00Z'));
    expect(new MeterCalendar().beginningOf(2026, 6, 2)).toBe(Date.parse('2026-07-01T22:00:00Z'));
  });

  it('has full hours where zones do not begin at one', () => {
    vi.stubEnv('TZ', 'Asia/Kathmandu');
    expect(new MeterCalendar().fullHour(Date.parse('2026-07-01T22:30:00Z'))).toBe(
      Date.parse('2026-07-01T22:15:00Z'),
    );
  });
});
