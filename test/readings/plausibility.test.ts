import { describe, expect, test } from 'vitest';
import { Plausibility } from '../../src/readings/plausibility.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { UNKNOWN_MOMENT } from '../../src/shared/credible-clock.ts';
import { energy, number, operatingHours, reading } from './support/readings.ts';

/** Judges and keeps, as for a reading that is published. */
function take(plausibility: Plausibility, ...readings: Reading[]) {
  const assessment = plausibility.assess(readings);
  plausibility.keep(assessment);
  return assessment;
}

function isAccepted(plausibility: Plausibility, one: Reading): boolean {
  return take(plausibility, one).accepted.includes(one);
}

/** One that knows 227.445 GJ at noon. */
function knowing(last = energy('227.445'), ...others: readonly Reading[]): Plausibility {
  return new Plausibility([last, ...others]);
}

describe('a total', () => {
  test('is good when nothing is known before', () => {
    expect(isAccepted(new Plausibility(), energy('227.445'))).toBe(true);
  });

  test('that was published as unknown before a restart says nothing of the next one', () => {
    const unknown = {
      ...energy('0'),
      value: { kind: 'unknown', value: null, decimals: 3, cause: '' },
    } as const;
    expect(isAccepted(knowing(unknown), energy('227.445', 1))).toBe(true);
    expect(isAccepted(knowing(unknown), { ...energy('0', 1), unit: 'MWh' })).toBe(true);
  });

  test.each(['227.445', '227.446', '227.980'])('of 227.445 GJ may be %s an hour later', (later) => {
    expect(isAccepted(knowing(), energy(later, 1))).toBe(true);
  });

  test('that is lower than the last good one is held back', () => {
    const lower = energy('227.444', 1);
    const { accepted, doubts } = take(knowing(), lower);
    expect(accepted).toEqual([]);
    expect(doubts).toEqual([
      { reading: lower, lastGood: energy('227.445'), reason: 'went back', agreeing: 1 },
    ]);
  });

  test('of zero is held back, because a meter does not begin anew', () => {
    expect(isAccepted(knowing(), energy('0.000', 1))).toBe(false);
  });

  test('that changed its unit is held back', () => {
    const { doubts } = take(knowing(), reading(60, number('63179.2'), 'kWh', 1));
    expect(doubts).toMatchObject([{ reason: 'changed its unit' }]);
  });

  test('that is no number any more is held back', () => {
    const events = reading(113, number('7'), '');
    const text = reading(113, { kind: 'text', value: 'ERR' }, '', 1);
    const { doubts } = take(knowing(events), text);
    expect(doubts).toMatchObject([{ reason: 'changed its unit' }]);
  });

  test('that never was a number is not compared', () => {
    const unreadable = reading(60, { kind: 'unreadable', value: null, hex: '00' }, '');
    expect(isAccepted(knowing(unreadable), { ...unreadable })).toBe(true);
  });
});

describe('a jump', () => {
  // A house draws 150 kW at most: 0.54 GJ an hour.
  test.each([
    [1, '0.54', true],
    [1, '0.60', false],
    [24, '12.9', true],
    [24, '13.1', false],
  ])('in %d h by %s GJ is plausible: %s', (hours, step, plausible) => {
    const later = energy(`${(227.445 + Number(step)).toFixed(3)}`, hours);
    expect(isAccepted(knowing(), later)).toBe(plausible);
  });

  test('says so', () => {
    const { doubts } = take(knowing(), energy('9999.999', 1));
    expect(doubts).toMatchObject([{ reason: 'jumped', agreeing: 1 }]);
  });

  test('within the same moment may be what a minute allows, because clocks differ', () => {
    expect(isAccepted(knowing(), energy('227.455', 0))).toBe(true);
    expect(isAccepted(knowing(), energy('227.460', 0))).toBe(false);
  });

  test('may be larger with a meter that has shown more power', () => {
    const plausibility = () => knowing(energy('227.445'), reading(128, number('1000.0'), 'kW'));
    expect(isAccepted(plausibility(), energy('238.000', 1))).toBe(true);
    expect(isAccepted(plausibility(), energy('239.000', 1))).toBe(false);
  });

  test('of volume may be what a house can draw, or three times what was seen', () => {
    const volume = (cubicMetres: string, hours = 0) => reading(68, number(cubicMetres), 'm³', hours);
    expect(isAccepted(knowing(volume('10.00')), volume('15.00', 1))).toBe(true);
    expect(isAccepted(knowing(volume('10.00')), volume('15.20', 1))).toBe(false);
    const large = () => knowing(volume('10.00'), reading(74, number('4.0'), 'm³/h'));
    expect(isAccepted(large(), volume('22.00', 1))).toBe(true);
    expect(isAccepted(large(), volume('23.00', 1))).toBe(false);
  });

  // 99,999,999 last digits in 3000 hours, for want of anything better.
  test('of anything else is as large as its display allows', () => {
    const sum = (value: string, hours = 0) => reading(97, number(value), 'm³·°C', hours);
    expect(isAccepted(knowing(sum('1000')), sum('34000', 1))).toBe(true);
    expect(isAccepted(knowing(sum('1000')), sum('36000', 1))).toBe(false);
  });

  // 150 kW for a day are 12.96 GJ.
  test('may be what a day allows where no clock tells how long it was', () => {
    const unknown = { ...energy('227.445'), readAt: UNKNOWN_MOMENT };
    for (const [known, hours] of [
      [knowing(), -3],
      [knowing(), -9000],
      [knowing(unknown), 9000],
    ] as const) {
      expect(known.assess([energy('240.400', hours)]).doubts).toEqual([]);
      expect(known.assess([energy('240.500', hours)]).doubts).toMatchObject([{ reason: 'jumped' }]);
    }
  });

  test.each([
    9000, -9000,
  ])('within a run goes by the monotonic clock, with the other set by %i hours', (set) => {
    const hour = 3_600_000;
    const known = new Plausibility();
    take(known, { ...energy('227.445'), uptime: 5 * hour });
    const later = (value: string): Reading => ({ ...energy(value, set), uptime: 6 * hour });
    expect(known.assess([later('227.980')]).doubts).toEqual([]);
    expect(known.assess([later('228.100')]).doubts).toMatchObject([{ reason: 'jumped' }]);
  });

  test('of hours cannot be further than time went', () => {
    const last = operatingHours('33147');
    expect(isAccepted(knowing(last), operatingHours('33171', 24))).toBe(true);
    expect(isAccepted(knowing(last), operatingHours('33149', 0))).toBe(true);
    expect(isAccepted(knowing(last), operatingHours('33175', 24))).toBe(false);
  });
});

describe('three readings in a row that agree with each other', () => {
  test('overrule the last good one', () => {
    const plausibility = knowing();
    expect(isAccepted(plausibility, energy('5.000', 1))).toBe(false);
    expect(take(plausibility, energy('5.010', 2)).doubts).toMatchObject([{ agreeing: 2 }]);
    expect(isAccepted(plausibility, energy('5.020', 3))).toBe(true);
    expect(isAccepted(plausibility, energy('5.030', 4))).toBe(true);
  });

  test('overrule a unit as well', () => {
    const plausibility = knowing();
    const verdicts = [1, 2, 3].map((hours) =>
      isAccepted(plausibility, reading(60, number(`63179.${hours}`), 'kWh', hours)),
    );
    expect(verdicts).toEqual([false, false, true]);
  });

  test('must agree: three different wrong ones overrule nothing', () => {
    const plausibility = knowing();
    const verdicts = ['5.000', '4.000', '3.000', '9000.000', '8000.000', '7000.000'].map((text, index) =>
      isAccepted(plausibility, energy(text, index + 1)),
    );
    expect(verdicts).toEqual(Array(6).fill(false));
  });

  test('begin to count anew with one that does not agree', () => {
    const plausibility = knowing();
    const verdicts = ['5.000', '5.001', '4.000', '4.001', '4.002'].map((text, index) =>
      isAccepted(plausibility, energy(text, index + 1)),
    );
    expect(verdicts).toEqual([false, false, false, false, true]);
  });

  test('must follow each other: one that fits the last good one clears the doubt', () => {
    const plausibility = knowing();
    take(plausibility, energy('5.000', 1));
    take(plausibility, energy('5.001', 2));
    expect(isAccepted(plausibility, energy('227.500', 3))).toBe(true);
    expect(isAccepted(plausibility, energy('5.002', 4))).toBe(false);
  });
});

test('only totals are doubted: temperatures, peaks and pulse inputs may fall', () => {
  const before = [86, 128, 84].map((register) => reading(register, number('60'), ''));
  const after = [86, 128, 84].map((register) => reading(register, number('5'), '', 1));
  expect(take(new Plausibility(before), ...after)).toEqual({ accepted: after, doubts: [] });
});

test('one doubtful total does not hold back the rest of the reading', () => {
  const plausibility = new Plausibility([energy('227.445'), operatingHours('33147')]);
  const [lower, hours] = [energy('1.000', 1), operatingHours('33148', 1)];
  const { accepted, doubts } = take(plausibility, lower, hours);
  expect(accepted).toEqual([hours]);
  expect(doubts.map((doubt) => doubt.reading)).toEqual([lower]);
});

test('judging alone changes nothing: whose readings they are may still have to be found out', () => {
  const plausibility = knowing();
  for (let times = 0; times < 5; times++) plausibility.assess([energy('5.000', 1)]);
  plausibility.assess([energy('300.000', 24)]);
  expect(plausibility.assess([energy('5.000', 1)]).doubts).toMatchObject([{ agreeing: 1 }]);
  expect(isAccepted(plausibility, energy('227.900', 1))).toBe(true);
});
