import { afterEach, describe, expect, it } from 'vitest';
import { glanceText } from '../../src/readings/glance.ts';
import { derivedReading } from '../../src/readings/pipeline.ts';
import type { Reading } from '../../src/readings/reading.ts';
import type { ModelName } from '../../src/simulator/models/models.ts';
import { number, reading } from '../readings/support/readings.ts';
import { PolledLine } from '../support/polled-line.ts';

let home: PolledLine | undefined;

afterEach(() => home?.stop());

/** What the first reading of each kind of meter is told as. */
const LINES: Readonly<Partial<Record<ModelName, RegExp>>> = {
  '402': /^227\.445 GJ, 2131\.935 m³, \d+ L\/h, \d\.\d kW, \d\d\.\d\d\/\d\d\.\d\d °C$/,
  '603-gcal': /^90\.305 Gcal, 2871\.53 m³, \d+ L\/h, \d\.\d kW, \d\d\.\d\d\/\d\d\.\d\d °C$/,
  '601-litres': /^102470 kWh, 1208960 L, \d+ L\/h, \d\.\d kW, \d\d\.\d\d\/\d\d\.\d\d °C$/,
  '21': /^831\.403 m³, \d+ L\/h$/,
  'flowiq-31xx': /^12084\.120 m³, \d+ L\/h$/,
  omnipower: /^\d+ kWh, \d\.\d{3} kW, 228\/229\/224 V, \d+\.\d\d\/\d+\.\d\d\/\d+\.\d\d A$/,
};

describe('the line of a reading', () => {
  it.each(Object.entries(LINES))('of a %s says how the meter stands', async (model, expected) => {
    home = new PolledLine({ meters: [{ model: model as ModelName }] });
    home.start();
    await home.clock.advance(30_000);
    const [line = ''] = home.logger.said('info').filter((text) => /^Heating: \d.* \(\d+\.\d s\)$/.test(text));
    expect(line.replace(/^Heating: | \(\d+\.\d s\)$/g, '')).toMatch(expected);
  });

  it('counts values where none of them is for a glance', async () => {
    home = new PolledLine({ registers: [99], detailSchedule: 'never' });
    home.start();
    await home.clock.advance(30_000);
    expect(home.logger.said('info')).toContainEqual(
      expect.stringMatching(/^Heating: \d+ values? \(\d\.\d s\)$/),
    );
  });
});

const unknown = (register: number, unit: string): Reading =>
  reading(register, { kind: 'unknown', value: null, decimals: 1, cause: 'A sensor failed.' }, unit);

describe('what a person looks at', () => {
  const main = [reading(60, number('84.817'), 'GJ'), reading(68, number('520.41'), 'm³')];

  it('shows no number of a failed sensor', () => {
    expect(
      glanceText([...main, unknown(80, 'kW'), unknown(86, '°C'), reading(87, number('33.80'), '°C')]),
    ).toBe('84.817 GJ, 520.41 m³, ? kW, ?/33.80 °C');
  });

  it('names what usually stands behind another value', () => {
    expect(glanceText([reading(87, number('33.80'), '°C')])).toBe('return temperature 33.80 °C');
  });

  it('leaves out what the house does not do, and names what it does besides', () => {
    expect(glanceText([...main, reading(63, number('0.000'), 'GJ')])).toBe('84.817 GJ, 520.41 m³');
    expect(glanceText([...main, reading(63, number('2.100'), 'GJ')])).toBe(
      '84.817 GJ, cooling 2.100 GJ, 520.41 m³',
    );
  });

  it('takes what is counted in place of a total that the meter does not use', () => {
    const value = number('12.5');
    const counted = derivedReading('active_energy_import_counted', { value, unit: 'kWh', readAt: 0 });
    expect(glanceText([unknown(1, 'kWh'), counted, reading(1023, number('0.512'), 'kW')])).toBe(
      '12.5 kWh, 0.512 kW',
    );
  });

  it('is nothing of other values', () => {
    expect(glanceText([reading(99, number('0'), ''), reading(1004, number('41'), 'h')])).toBe('');
  });
});
