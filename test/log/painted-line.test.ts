import { describe, expect, it } from 'vitest';
import { paintedLine } from '../../src/log/painted-line.ts';
import { type Paint, unpainted } from '../../src/shared/paint.ts';

const marked: Paint = (style, text) => `<${style} ${text}>`;
const look = { paint: marked, names: ['Heat', 'Heat: cellar'] };
const TIME = '2026-11-28T18:43:31.898+00:00';

describe('a line of the log on a terminal', () => {
  it('has the name of the meter and its values stand out', () => {
    const text = 'Heat: 84.817 GJ, 520.41 m³, 0 L/h, -4.2 kW, 67.3/33.8 °C, 45 % (1.1 s)';
    expect(paintedLine({ time: TIME, level: 'info ', text }, look)).toBe(
      `<dim ${TIME}> <green info > <bold Heat>: <cyan 84.817> GJ, <cyan 520.41> m³, <cyan 0> L/h, <cyan -4.2> kW, <cyan 67.3/33.8> °C, <cyan 45> % (1.1 s)`,
    );
  });

  it('knows a name that begins with that of another meter', () => {
    const text = 'Heat: cellar: 1.0 GJ';
    expect(paintedLine({ time: TIME, level: 'info ', text }, look)).toContain(
      '<bold Heat: cellar>: <cyan 1.0> GJ',
    );
  });

  it.each([
    ['warn ', 'Heat: no answer, 3 tries', '<yellow warn > <bold Heat>: no answer, 3 tries'],
    ['error', 'Port 5 gone', '<red error> Port 5 gone'],
    ['info ', 'Reading: 3 minutes', '<green info > Reading: 3 minutes'],
    ['debug', 'sent', '<dim debug> <dim sent>'],
  ])('of level %s has the colour of its level', (level, text, shown) => {
    expect(paintedLine({ time: TIME, level, text }, look)).toBe(`<dim ${TIME}> ${shown}`);
  });

  it('is the same text without colours', () => {
    const entry = { time: TIME, level: 'info ', text: 'Heat: 84.817 GJ' };
    expect(paintedLine(entry, { ...look, paint: unpainted })).toBe(`${TIME} info  Heat: 84.817 GJ`);
  });
});
