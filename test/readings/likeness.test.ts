import { describe, expect, test } from 'vitest';
import { Likeness } from '../../src/readings/likeness.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { energy, number, operatingHours, reading } from './support/readings.ts';

const volume = (text: string, hours = 0): Reading => reading(68, number(text), 'm³', hours);

/** One that knows these, and that 5 kW were drawn once. */
function knowing(...last: readonly Reading[]): Likeness {
  const shown = [...last, reading(128, number('5.0'), 'kW')];
  return new Likeness(new Map(shown.map((one) => [one.quantity, one])));
}

describe('totals', () => {
  test.each([
    ['stand still, as in summer', [energy('84.817')], [energy('84.817', 1)]],
    ['go on by what was drawn before', [energy('84.817')], [energy('84.835', 1)]],
    [
      'both go on, and the meter is young',
      [energy('0.500'), volume('4.00')],
      [energy('0.510', 1), volume('4.01', 1)],
    ],
    [
      'do so in high resolution alone',
      [energy('0.000'), reading(13, number('7183.2712'), 'kWh')],
      [energy('0.000', 1), reading(13, number('7184.1000'), 'kWh', 1)],
    ],
  ])('are its own where they %s', (_, last, now) => {
    expect(knowing(...last).isOwn(now)).toBe(true);
  });

  test.each([
    ['there are none', [energy('84.817')], [reading(86, number('65.2'), '°C', 1)]],
    ['they stand at zero', [energy('0.000'), volume('0.00')], [energy('0.000', 1), volume('0.00', 1)]],
    ['they have just begun', [energy('0.004')], [energy('0.006', 1)]],
    ['they go further than the meter ever did', [energy('84.817')], [energy('85.200', 1)]],
    ['only hours go on', [operatingHours('33147')], [operatingHours('33148', 1)]],
    ['nothing was known of them', [], [energy('84.817', 1)]],
    ['they are in another unit', [energy('84.817')], [reading(60, number('84.817'), 'MWh', 1)]],
    [
      'one of them went back',
      [energy('84.817'), volume('458.03')],
      [energy('84.817', 1), volume('458.02', 1)],
    ],
  ])('may be those of another meter where %s', (_, last, now) => {
    expect(knowing(...last).isOwn(now)).toBe(false);
  });

  test('may go as far again as the meter went once', () => {
    const likeness = knowing(energy('84.817'));
    expect(likeness.isOwn([energy('84.900', 1)])).toBe(false);
    likeness.learn([energy('84.900', 1)]);
    expect(likeness.isOwn([energy('84.900', 1)])).toBe(true);
    expect(likeness.isOwn([energy('84.920', 1)])).toBe(false);
  });
});
