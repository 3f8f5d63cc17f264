import { beforeEach, describe, expect, it } from 'vitest';
import { periodAt } from '../../src/readings/counter-snapshot.ts';
import { periodsStage } from '../../src/readings/period-figures.ts';
import { number, reading } from './support/readings.ts';
import { type Register, Staged, shownOf } from './support/staged.ts';

const COPENHAGEN = 'Europe/Copenhagen';
const heat = (text: string, unit = 'GJ'): Register => [60, text, unit];
const volume = (text: string): Register => [68, text, 'm³'];

let meter: Staged;
beforeEach(() => {
  meter = new Staged(periodsStage(COPENHAGEN));
});

describe('a period of the calendar', () => {
  it.each([
    ['day', '2026-01-15T23:30:00Z', '2026-01-16', '2026-01-15T23:00:00Z', '2026-01-16T23:00:00Z'],
    ['month', '2026-12-31T12:00:00Z', '2026-12-01', '2026-11-30T23:00:00Z', '2026-12-31T23:00:00Z'],
    ['year', '2026-07-01T12:00:00Z', '2026-01-01', '2025-12-31T23:00:00Z', '2026-12-31T23:00:00Z'],
    // 23 and 25 hours.
    ['day', '2026-03-29T12:00:00Z', '2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['day', '2026-10-25T12:00:00Z', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ] as const)('the %s of %s goes from midnight to midnight of the place', (name, time, key, begins, ends) => {
    expect(periodAt(name, Date.parse(time), COPENHAGEN)).toEqual({
      key,
      begins: Date.parse(begins),
      ends: Date.parse(ends),
    });
  });
});

describe('energy and volume of today and this month', () => {
  it('count from the reading that is nearest to midnight, be it before or after', () => {
    meter.at('2026-01-31T23:59:00+01:00', heat('84.817'), volume('520.41'));
    expect(meter.at('2026-02-01T01:00:00+01:00', heat('84.830'), volume('520.50'))).toEqual({
      heat_energy_day: '0.013 GJ',
      heat_energy_month: '0.013 GJ',
      volume_day: '0.09 m³',
      volume_month: '0.09 m³',
    });
    meter.at('2026-02-01T23:00:00+01:00', heat('84.900'));
    expect(meter.at('2026-02-02T00:00:02+01:00', heat('84.912'))).toMatchObject({
      heat_energy_day: '0.000 GJ',
      heat_energy_month: '0.095 GJ',
    });
    expect(meter.at('2026-02-02T01:00:00+01:00', heat('84.913'))).toMatchObject({
      heat_energy_day: '0.001 GJ',
    });
  });

  it('go on after a restart', () => {
    meter.at('2026-02-01T00:00:00+01:00', heat('84.817'));
    meter.restart();
    expect(meter.at('2026-02-01T12:00:00+01:00', heat('84.917'))).toEqual({
      heat_energy_day: '0.100 GJ',
      heat_energy_month: '0.100 GJ',
    });
    meter.restart();
    expect(meter.at('2026-02-02T00:00:00+01:00', heat('84.920'))).toEqual({
      heat_energy_day: '0.000 GJ',
      heat_energy_month: '0.103 GJ',
    });
  });

  it('are none for a meter that was met in the middle of the day, until the next one', () => {
    expect(meter.at('2026-02-05T12:00:00+01:00', heat('84.817'))).toEqual({});
    expect(meter.at('2026-02-05T23:00:00+01:00', heat('84.857'))).toEqual({});
    expect(meter.at('2026-02-06T00:00:00+01:00', heat('84.860'))).toEqual({ heat_energy_day: '0.000 GJ' });
  });

  it('may begin a tenth of the period late, and no later', () => {
    expect(meter.at('2026-02-05T02:24:00+01:00', heat('84.817'))).toEqual({ heat_energy_day: '0.000 GJ' });
    const late = new Staged(periodsStage(COPENHAGEN));
    expect(late.at('2026-02-05T02:25:00+01:00', heat('84.817'))).toEqual({});
    expect(late.at('2026-03-03T23:00:00+01:00', heat('84.900'))).toEqual({ heat_energy_month: '0.000 GJ' });
  });

  it('of yesterday are not taken for those of today', () => {
    meter.at('2026-02-01T00:00:00+01:00', heat('84.817'));
    meter.at('2026-02-01T12:00:00+01:00', heat('84.917'));
    // The meter was silent all night.
    expect(meter.at('2026-02-02T09:00:00+01:00', heat('84.990'))).toEqual({
      heat_energy_day: null,
      heat_energy_month: '0.173 GJ',
    });
    expect(meter.at('2026-02-02T10:00:00+01:00', heat('84.991'))).toEqual({ heat_energy_month: '0.174 GJ' });
  });

  it('of yesterday are taken back even when the total was held back', () => {
    meter.at('2026-02-01T00:00:00+01:00', heat('84.817'));
    expect(meter.at('2026-02-02T00:00:00+01:00', [74, '120', 'l/h'])).toMatchObject({
      heat_energy_day: null,
    });
  });

  it('are none while the total is held back', () => {
    meter.at('2026-02-01T00:00:00+01:00', heat('84.817'));
    expect(meter.at('2026-02-01T01:00:00+01:00', [74, '120', 'l/h'])).toEqual({});
  });

  it('are none for the rest of a period in which the total began anew or changed its unit', () => {
    for (const other of [heat('0.500'), heat('23.560', 'MWh')]) {
      meter = new Staged(periodsStage(COPENHAGEN));
      meter.at('2026-02-01T00:00:00+01:00', heat('84.817'));
      const nothing = { heat_energy_day: null, heat_energy_month: null };
      expect(meter.at('2026-02-01T01:00:00+01:00', other)).toEqual(nothing);
      expect(meter.at('2026-02-01T02:00:00+01:00', other)).toEqual({});
      expect(meter.at('2026-02-02T00:00:00+01:00', other)).toMatchObject({
        heat_energy_day: expect.stringMatching(/^0\.000/),
      });
    }
  });

  it('begin anew when the clock is set back', () => {
    meter.at('2026-02-10T12:00:00+01:00', heat('84.817'));
    expect(meter.at('2026-02-01T00:00:00+01:00', heat('84.818'))).toMatchObject({
      heat_energy_day: '0.000 GJ',
    });
  });

  it('go on when the clock is set back a little, within the period', () => {
    meter.at('2026-02-01T00:00:00+01:00', heat('80.000'));
    meter.at('2026-02-01T12:00:00+01:00', heat('84.817'));
    expect(meter.at('2026-02-01T11:59:55+01:00', heat('84.817'))).toEqual({
      heat_energy_day: '4.817 GJ',
      heat_energy_month: '4.817 GJ',
    });
    expect(meter.at('2026-02-05T12:00:00+01:00', heat('84.917'))).toEqual({
      heat_energy_day: null,
      heat_energy_month: '4.917 GJ',
    });
  });

  it('are taken back when the clock is set back so far that their beginning is lost', () => {
    meter.at('2026-02-01T00:00:00+01:00', heat('80.000'));
    meter.at('2026-02-28T12:00:00+01:00', heat('84.817'));
    meter.at('2026-02-28T12:30:00+01:00', heat('84.818'));
    expect(meter.at('2026-02-20T12:00:00+01:00', heat('84.820'))).toEqual({ heat_energy_month: null });
  });

  it('of cooling are for meters that have cooled', () => {
    const cooling = (text: string): Register => [63, text, 'GJ'];
    expect(meter.at('2026-02-01T00:00:00+01:00', cooling('0.000'))).toEqual({});
    expect(meter.at('2026-02-02T00:00:00+01:00', cooling('7.100'))).toMatchObject({
      cooling_energy_day: '0.000 GJ',
    });
  });

  it.each([
    7,
    'x',
    [],
    { 60: { beginnings: { previous: [1], begun: { day: 7 } }, shown: { x: 1 } } },
  ])('do without a memory of %j', (remembered) => {
    const stage = periodsStage(COPENHAGEN)(remembered);
    expect(stage.interpret([], { kind: null, infoTable: null })).toEqual([]);
  });
});

describe('a clock that is not set', () => {
  it('begins no period and ends none', () => {
    meter.at('2026-02-01T00:00:00+01:00', heat('84.817'));
    expect(meter.at('2026-02-10T12:00:00+01:00', heat('84.917'))).toEqual({
      heat_energy_month: '0.100 GJ',
      heat_energy_day: null,
    });
    meter.restart();
    expect(meter.at('1970-01-01T00:00:10Z', heat('84.920'))).toEqual({ heat_energy_month: null });
    expect(meter.at('1970-01-01T01:00:10Z', heat('84.930'))).toEqual({});
    meter.restart();
    expect(meter.at('2026-02-11T18:00:00+01:00', heat('84.937'))).toEqual({ heat_energy_month: '0.120 GJ' });
  });

  it('in the middle of a reading makes no figure of it', () => {
    meter.at('2026-02-01T00:00:00+01:00', heat('84.817'));
    const unset = { ...reading(60, number('84.917'), 'GJ'), readAt: 20_000 };
    const set = { ...reading(86, number('65.20'), '°C'), readAt: Date.parse('2026-02-01T12:00:00+01:00') };
    expect(shownOf(meter.derived([unset, set]))).toEqual({});
    expect(meter.at('2026-02-01T13:00:00+01:00', heat('84.920'))).toMatchObject({
      heat_energy_month: '0.103 GJ',
    });
  });
});

describe('a clock that was ten years ahead', () => {
  it('leaves no figure that is wrong', () => {
    meter.at('2026-02-01T00:00:00+01:00', heat('84.817'));
    meter.at('2036-05-09T12:00:00+01:00', heat('84.820'));
    meter.restart();
    expect(meter.at('2026-02-10T12:00:00+01:00', heat('84.917'))).toEqual({});
    expect(meter.at('2026-02-11T00:00:00+01:00', heat('84.920'))).toEqual({ heat_energy_day: '0.000 GJ' });
    expect(meter.at('2026-02-11T12:00:00+01:00', heat('84.930'))).toEqual({ heat_energy_day: '0.010 GJ' });
  });
});
