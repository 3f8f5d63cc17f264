import { afterEach, describe, expect, it, vi } from 'vitest';
import { standardDateTime } from '../../src/kmp/register.ts';
import { House } from '../../src/simulator/house.ts';
import { HOUSE_QUANTITIES } from '../../src/simulator/house-values.ts';
import { MeterCalendar } from '../../src/simulator/meter-calendar.ts';
import { MODELS } from '../../src/simulator/models/models.ts';
import { seededRandom } from './support/virtual-line.ts';

describe('house', () => {
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;
  const START = new Date(2026, 0, 15, 9, 30).getTime();
  const { start } = MODELS['403'];

  function newHouse(seed = 1): House {
    return new House(start, START, seededRandom(seed));
  }

  describe('a house in winter', () => {
    it('begins with what the meter had counted', () => {
      const values = newHouse().at(START);
      expect(values.heatEnergy).toBe(start.heatEnergy);
      expect(values.volume).toBe(start.volume);
      expect(values.operatingHours).toBe(start.operatingHours);
    });

    it('knows every quantity as a number', () => {
      const values = newHouse().at(START + 26 * HOUR);
      expect(Object.keys(values).sort()).toEqual([...HOUSE_QUANTITIES].sort());
      expect(Object.values(values).every(Number.isFinite)).toBe(true);
    });

    it('keeps every total from going back, at any rhythm of asking', () => {
      const house = newHouse();
      const random = seededRandom(2);
      let time = START;
      let before = house.at(time);
      for (let asked = 0; asked < 2000; asked++) {
        time += random() * 3 * MINUTE;
        const now = house.at(time);
        for (const total of [
          'heatEnergy',
          'volume',
          'mass',
          'flowTemperatureVolume',
          'returnTemperatureVolume',
          'operatingHours',
        ] as const) {
          expect(now[total]).toBeGreaterThanOrEqual(before[total]);
        }
        before = now;
      }
    });

    it('stays within what meters of such houses showed, for two months', () => {
      const house = newHouse();
      for (let time = START; time < START + 60 * 24 * HOUR; time += 10 * MINUTE) {
        const { power, flow, flowTemperature, returnTemperature, temperatureDifference } = house.at(time);
        expect(power).toBeGreaterThanOrEqual(0.3);
        expect(power).toBeLessThanOrEqual(15.5);
        expect(flow).toBeGreaterThan(0);
        expect(flow).toBeLessThan(400);
        expect(flowTemperature).toBeGreaterThan(50);
        expect(flowTemperature).toBeLessThan(80);
        expect(returnTemperature).toBeGreaterThan(25);
        expect(returnTemperature).toBeLessThan(54);
        expect(temperatureDifference).toBeCloseTo(flowTemperature - returnTemperature, 9);
        expect(power).toBeCloseTo((flow * temperatureDifference * 1.163) / 1000, 9);
      }
    });

    it('counts exactly what power, flow and temperatures amount to', () => {
      const house = newHouse();
      let { heatEnergy, volume, flowTemperatureVolume, returnTemperatureVolume } = house.at(START);
      for (let time = START; time < START + HOUR; time += 20_000) {
        const now = house.at(time);
        const litres = now.flow / 180;
        heatEnergy += (now.power * 1000) / 180;
        volume += litres;
        flowTemperatureVolume += (litres * now.flowTemperature) / 1000;
        returnTemperatureVolume += (litres * now.returnTemperature) / 1000;
      }
      const after = house.at(START + HOUR);
      expect(after.heatEnergy).toBeCloseTo(heatEnergy, 3);
      expect(after.volume).toBeCloseTo(volume, 3);
      expect(after.flowTemperatureVolume).toBeCloseTo(flowTemperatureVolume, 3);
      expect(after.returnTemperatureVolume).toBeCloseTo(returnTemperatureVolume, 3);
      expect(after.operatingHours).toBeCloseTo(start.operatingHours + 1, 6);
    });

    it('gives the same however often it is asked between', () => {
      const often = newHouse();
      for (let time = START; time < START + 5 * HOUR; time += 7_777) often.at(time);
      expect(often.at(START + 5 * HOUR)).toEqual(newHouse().at(START + 5 * HOUR));
    });

    it('uses more by day than by night', () => {
      const house = newHouse();
      const meanPower = (fromHour: number, toHour: number): number => {
        const began = house.at(new Date(2026, 0, 20, fromHour).getTime()).heatEnergy;
        return (house.at(new Date(2026, 0, 20, toHour).getTime()).heatEnergy - began) / (toHour - fromHour);
      };
      const night = meanPower(0, 5);
      expect(meanPower(6, 9)).toBeGreaterThan(night);
    });

    it('has other weather with other chance', () => {
      expect(newHouse(1).at(START + HOUR).power).not.toBe(newHouse(2).at(START + HOUR).power);
    });
  });

  describe('peaks and means of month and year', () => {
    it('begin with what the meter had seen, and include the present', () => {
      const values = newHouse().at(START);
      expect(values).toMatchObject({
        maxFlowMonth: 245,
        maxPowerYear: 15.5,
        minFlowMonth: 0,
        maxFlowMonthDate: 260101,
      });
      expect(values.meanFlowTemperatureMonth).toBeCloseTo(66, 6);
      expect(values.meanReturnTemperatureYear).toBeCloseTo(36, 6);
    });

    it('begin anew with the month, the year going on', () => {
      const house = newHouse();
      const values = house.at(new Date(2026, 1, 10, 12).getTime());
      expect(values.maxFlowMonthDate).toBeGreaterThanOrEqual(260201);
      expect(values.minPowerMonthDate).toBeGreaterThanOrEqual(260201);
      expect(values.minPowerMonth).toBeGreaterThan(0);
      expect(values.minPowerMonth).toBeLessThan(values.maxPowerMonth);
      expect(values.minFlowMonth).toBeLessThan(values.maxFlowMonth);
      expect(values.maxPowerMonth).toBeLessThan(values.maxPowerYear);
      expect(values.minFlowYear).toBe(0);
      expect(values.maxFlowYearDate).toBe(260101);
      // An hour's mean is known when the hour is over.
      expect(values.maxFlowMonthTime % 10_000).toBe(0);
      expect(values.meanFlowTemperatureMonth).toBeGreaterThan(values.meanReturnTemperatureMonth);
    });

    it('begin anew with the year', () => {
      const house = new House(start, new Date(2025, 11, 31, 20).getTime(), seededRandom());
      expect(house.at(new Date(2025, 11, 31, 23, 59).getTime()).maxPowerYearDate).toBe(250101);
      const values = house.at(new Date(2026, 0, 1, 3, 1).getTime());
      expect(values.maxPowerYearDate).toBe(260101);
      expect(values.maxPowerYear).toBeLessThan(15.5);
    });

    it('know the last full hour and the last full day', () => {
      const house = newHouse();
      const values = house.at(START + 40 * HOUR);
      expect(values.meanFlowTemperatureHour).toBeGreaterThan(50);
      expect(values.meanReturnTemperatureHour).toBeLessThan(50);
      expect(values.meanFlowTemperatureDay).not.toBe(values.meanFlowTemperatureHour);
    });

    it('have no mean temperature in the moment in which a period begins', () => {
      const midnight = new Date(2026, 0, 1).getTime();
      expect(new House(start, midnight, seededRandom()).at(midnight).meanFlowTemperatureYear).toBe(0);
    });
  });
});

describe("a meter's clock", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    { place: 'Europe/Copenhagen', utc: '2026-01-23T18:19:47Z', shown: '2026-01-23T19:19:47', saving: 0 },
    { place: 'Europe/Copenhagen', utc: '2026-07-01T22:30:00Z', shown: '2026-07-02T00:30:00', saving: 60 },
    { place: 'Europe/Copenhagen', utc: '2026-03-29T01:10:00Z', shown: '2026-03-29T03:10:00', saving: 60 },
    { place: 'America/New_York', utc: '2026-01-01T02:00:00Z', shown: '2025-12-31T21:00:00', saving: 0 },
    { place: 'UTC', utc: '2026-01-01T00:00:00Z', shown: '2026-01-01T00:00:00', saving: 0 },
  ])('shows $shown in $place at $utc', ({ place, utc, shown, saving }) => {
    vi.stubEnv('TZ', place);
    const { date, clock, dateTime } = new MeterCalendar().registers(Date.parse(utc));
    const digits = shown.replace(/[-:T]/g, '');
    expect(date).toBe(Number(digits.slice(2, 8)));
    expect(clock).toBe(Number(digits.slice(8)));
    expect(dateTime[0]).toBe(saving);
    expect(standardDateTime(dateTime)).toEqual({ value: shown, daylightSaving: saving });
  });
});
