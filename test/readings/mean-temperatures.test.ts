import { Big } from 'big.js';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { meansStage } from '../../src/readings/mean-temperatures.ts';
import { UNKNOWN_TRAITS } from '../../src/readings/reading.ts';
import { number, reading } from './support/readings.ts';
import { type Register, Staged, shownOf } from './support/staged.ts';

const COPENHAGEN = 'Europe/Copenhagen';
/** V1, E8 and E9. */
const meterShows = (volume: string, flow: string, back: string, unit = 'm³·°C'): Register[] => [
  [68, volume, 'm³'],
  [97, flow, unit],
  [110, back, unit],
];
const BEGIN = '2026-02-01T00:00:00+01:00';
const AN_HOUR_LATER = '2026-02-01T01:00:00+01:00';

let meter: Staged;
beforeEach(() => {
  meter = new Staged(meansStage(COPENHAGEN));
  meter.at(BEGIN, ...meterShows('520.41', '35387', '15129'));
});

describe('mean temperatures', () => {
  it('are weighted by volume, and the cooling is their difference', () => {
    expect(meter.at('2026-02-02T09:00:00+01:00', ...meterShows('530.41', '36087', '15479'))).toMatchObject({
      mean_flow_temperature: '70 °C',
      mean_return_temperature: '35 °C',
      mean_cooling: '35 K',
    });
  });

  it('have the decimals that the counters justify', () => {
    expect(meter.at('2026-03-20T00:00:00+01:00', ...meterShows('620.41', '42398', '18630'))).toMatchObject({
      mean_flow_temperature: '70.1 °C',
      mean_return_temperature: '35.0 °C',
      mean_cooling: '35.1 K',
    });
    expect(meter.at('2027-03-20T00:00:00+01:00', ...meterShows('1620.41', '112410', '53640'))).toMatchObject({
      mean_flow_temperature: '70.01 °C',
    });
  });

  it('wait until enough has flowed, and are then those of all this time, also after a restart', () => {
    expect(meter.at(AN_HOUR_LATER, ...meterShows('520.53', '35395', '15133'))).toEqual({});
    meter.restart();
    expect(meter.at('2026-02-01T20:00:00+01:00', ...meterShows('525.41', '35737', '15304'))).toMatchObject({
      mean_cooling: '35 K',
    });
  });

  it('are none where nothing has flowed', () => {
    expect(meter.at(AN_HOUR_LATER, ...meterShows('520.41', '35387', '15129'))).toEqual({});
  });

  it('are none where a register is missing, or counts in another unit', () => {
    const [volume, flow, back] = meterShows('600.00', '42000', '18500');
    expect(meter.at(AN_HOUR_LATER, ...[volume, flow].filter((each) => each !== undefined))).toEqual({});
    expect(meter.at(AN_HOUR_LATER, ...[flow, back].filter((each) => each !== undefined))).toEqual({});
    meter.at(AN_HOUR_LATER, ...meterShows('600.00', '42000', '18500', 't'));
    expect(meter.at('2026-02-01T02:00:00+01:00', ...meterShows('700.00', '49000', '22000', 't'))).toEqual({});
  });

  it('begin anew with counters that began anew', () => {
    expect(meter.at(AN_HOUR_LATER, ...meterShows('0.00', '0', '0'))).toEqual({});
    expect(meter.at('2026-02-01T20:00:00+01:00', ...meterShows('10.00', '700', '350'))).toMatchObject({
      mean_flow_temperature: '70 °C',
    });
  });

  it('are never further from the truth than half a degree, rounded to what is shown', () => {
    const liquid = fc.record({
      litres: fc.integer({ min: 0, max: 400_000 }),
      flow: fc.integer({ min: 1_000, max: 12_000 }),
      back: fc.integer({ min: 500, max: 9_000 }),
      begin: fc.integer({ min: 0, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(liquid, ({ litres, flow, back, begin }) => {
        const counters = (all: number, hundredths: (which: number) => Big): Register[] =>
          meterShows(
            new Big(all).div(1000).round(2, Big.roundDown).toFixed(2),
            hundredths(flow).round(0, Big.roundDown).toFixed(),
            hundredths(back).round(0, Big.roundDown).toFixed(),
          );
        const heating = new Staged(meansStage(COPENHAGEN));
        // Whatever flowed before the first reading was at 50 °C.
        const before = new Big(begin).div(1000).times(50);
        heating.at(BEGIN, ...counters(begin, () => before));
        const found = heating.at(
          '2026-02-20T00:00:00+01:00',
          ...counters(begin + litres, (t) => before.plus(new Big(litres).div(1000).times(t).div(100))),
        );
        const shown = found.mean_flow_temperature?.replace(' °C', '');
        if (shown === undefined || shown === null) return;
        const lastDigit = new Big(`1e-${shown.split('.')[1]?.length ?? 0}`);
        // Half a last digit by the counters, half a last digit by rounding.
        expect(new Big(shown).minus(new Big(flow).div(100)).abs().lte(lastDigit)).toBe(true);
        const cooling = new Big(found.mean_cooling?.replace(' K', '') ?? 'none');
        expect(
          cooling
            .minus(new Big(flow - back).div(100))
            .abs()
            .lte(1),
        ).toBe(true);
      }),
    );
  });
});

describe('the cooling of a period', () => {
  it('counts from its beginning', () => {
    meter.at('2026-02-01T20:00:00+01:00', ...meterShows('530.41', '36087', '15479'));
    expect(meter.at('2026-02-02T00:01:00+01:00', ...meterShows('535.41', '36437', '15654'))).toMatchObject({
      mean_cooling_month: '35 K',
    });
    expect(meter.at('2026-02-02T20:00:00+01:00', ...meterShows('545.41', '37137', '16154'))).toMatchObject({
      mean_cooling_day: '20 K',
      mean_cooling_month: '29 K',
    });
  });

  it('of this year is none without a reading near its beginning', () => {
    const today = meter.at('2026-02-01T20:00:00+01:00', ...meterShows('530.41', '36087', '15479'));
    expect(Object.keys(today)).toContain('mean_cooling_year');
    const late = new Staged(meansStage(COPENHAGEN));
    late.at('2026-03-01T00:00:00+01:00', ...meterShows('520.41', '35387', '15129'));
    const later = late.at('2026-03-01T20:00:00+01:00', ...meterShows('530.41', '36087', '15479'));
    expect(Object.keys(later)).not.toContain('mean_cooling_year');
  });

  it('of yesterday is taken back', () => {
    meter.at('2026-02-01T20:00:00+01:00', ...meterShows('530.41', '36087', '15479'));
    expect(meter.at('2026-02-02T00:01:00+01:00', [74, '100', 'l/h'])).toEqual({ mean_cooling_day: null });
  });
});

describe('a sensor that failed in the meantime', () => {
  const well: Register = [369, '0', ''];
  const failed: Register = [369, '8', ''];
  const nothing = {
    mean_flow_temperature: null,
    mean_return_temperature: null,
    mean_cooling: null,
    mean_cooling_day: null,
    mean_cooling_month: null,
    mean_cooling_year: null,
  };
  beforeEach(() => {
    meter.infoTable = 'x3';
    meter.at('2026-02-01T09:00:00+01:00', ...meterShows('530.41', '36087', '15479'), well);
  });

  it('makes what was shown unknown, once', () => {
    const at = (time: string) => meter.at(time, ...meterShows('540.41', '36087', '15779'), failed);
    expect(at('2026-02-01T10:00:00+01:00')).toEqual(nothing);
    expect(at('2026-02-01T11:00:00+01:00')).toEqual({});
  });

  it('also where only flow and temperatures are read, and the code is not', () => {
    const open = { ...reading(86, number('185.00'), '°C'), readAt: Date.parse('2026-02-01T10:00:00+01:00') };
    const value = { kind: 'unknown', value: null, decimals: 2, cause: 'x' } as const;
    expect(shownOf(meter.derived([{ ...open, value }]))).toEqual(nothing);
  });

  it('also where the code cannot be understood', () => {
    meter.infoTable = null;
    expect(meter.at('2026-02-01T10:00:00+01:00', failed)).toEqual(nothing);
  });

  it('changes nothing where it has no part in them', () => {
    const lowBattery: Register = [369, String(0x4000_0000), ''];
    expect(
      meter.at('2026-02-01T10:00:00+01:00', ...meterShows('540.41', '36787', '15829'), lowBattery),
    ).toMatchObject({ mean_cooling: '35 K' });
  });

  it('lets the means begin anew with the first reading that is well, also after a restart', () => {
    meter.at('2026-02-01T10:00:00+01:00', ...meterShows('531.41', '36087', '15509'), failed);
    meter.restart();
    expect(meter.at('2026-02-01T11:00:00+01:00', ...meterShows('540.41', '36087', '15779'))).toEqual({});
    expect(meter.at('2026-02-01T12:00:00+01:00', ...meterShows('541.41', '36100', '15800'), well)).toEqual(
      {},
    );
    const later = meter.at('2026-02-01T23:00:00+01:00', ...meterShows('551.41', '36800', '16150'), well);
    expect(later).toEqual({
      mean_flow_temperature: '70 °C',
      mean_return_temperature: '35 °C',
      mean_cooling: '35 K',
    });
    meter.at('2026-02-02T00:00:00+01:00', ...meterShows('552.41', '36870', '16185'), well);
    expect(
      meter.at('2026-02-02T20:00:00+01:00', ...meterShows('562.41', '37570', '16535'), well),
    ).toMatchObject({ mean_cooling_day: '35 K' });
  });

  it('shows by E8 or E9 that stand still while water flows', () => {
    expect(meter.at('2026-02-01T10:00:00+01:00', ...meterShows('540.41', '36087', '15779'), well)).toEqual(
      nothing,
    );
    expect(meter.at('2026-02-01T20:00:00+01:00', ...meterShows('550.41', '36787', '16129'), well)).toEqual({
      mean_flow_temperature: '70 °C',
      mean_return_temperature: '35 °C',
      mean_cooling: '35 K',
    });
  });

  it.each([7, { shown: { x: 1, mean_cooling: 'x' }, parts: 7 }])('does without a memory of %j', (memory) => {
    expect(meansStage(COPENHAGEN)(memory).interpret([], UNKNOWN_TRAITS)).toEqual([]);
  });
});
