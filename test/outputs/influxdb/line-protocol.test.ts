import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldOf, linePoint, type Point } from '../../../src/outputs/influxdb/line-protocol.ts';
import { derivedReading } from '../../../src/readings/pipeline.ts';
import { type ReadingValue, toReading } from '../../../src/readings/reading.ts';
import { POSTED_REGISTERS } from '../../fixtures/readout-vectors.ts';
import { energy, number, operatingHours, reading } from '../../readings/support/readings.ts';

describe('line protocol', () => {
  const POINT: Point = {
    measurement: 'multical',
    tags: [],
    fields: [['heat_energy', '84.817']],
    time: 1_769_192_387_000,
  };

  describe('a point in line protocol', () => {
    it.each<[name: string, change: Partial<Point>, line: string]>([
      ['without tags', {}, 'multical heat_energy=84.817 1769192387000'],
      [
        'with tags in order',
        {
          tags: [
            ['serial_number', '6655443'],
            ['name', 'Kælder'],
          ],
        },
        'multical,name=Kælder,serial_number=6655443 heat_energy=84.817 1769192387000',
      ],
      [
        'with several fields, in the order given',
        {
          fields: [
            ['volume', '4127.10'],
            ['flow', '12'],
            ['info_code', '0i'],
          ],
        },
        'multical volume=4127.10,flow=12,info_code=0i 1769192387000',
      ],
      [
        'with commas and spaces in the measurement, where an equals sign is nothing special',
        { measurement: 'heat, a=b' },
        'heat\\,\\ a=b heat_energy=84.817 1769192387000',
      ],
      [
        'with commas, spaces and equals signs in a tag',
        { tags: [['a b,c=d', 'e f,g=h']] },
        'multical,a\\ b\\,c\\=d=e\\ f\\,g\\=h heat_energy=84.817 1769192387000',
      ],
      [
        'with the same in the name of a field',
        { fields: [['a b,c=d', '1']] },
        'multical a\\ b\\,c\\=d=1 1769192387000',
      ],
      [
        'with quotes and backslashes in a tag, which stand for themselves',
        { tags: [['path', '"C:\\heat"']] },
        'multical,path="C:\\heat" heat_energy=84.817 1769192387000',
      ],
      [
        'without the backslashes at the end, which would take the comma in',
        {
          measurement: 'm\\',
          tags: [
            ['a\\\\', 'b\\\\'],
            ['c', 'd\\'],
          ],
        },
        'm,a=b,c=d heat_energy=84.817 1769192387000',
      ],
      [
        'without empty tags',
        {
          tags: [
            ['a', ''],
            ['b', '\\'],
            ['c', 'd'],
          ],
        },
        'multical,c=d heat_energy=84.817 1769192387000',
      ],
      [
        'with spaces for line ends and control characters',
        { tags: [['name', 'two\r\nlines\tand\u2028more']] },
        'multical,name=two\\ lines\\ and\\ more heat_energy=84.817 1769192387000',
      ],
    ])('%s', (_, change, line) => {
      expect(linePoint({ ...POINT, ...change })).toBe(line);
    });

    it('is none without fields', () => {
      expect(linePoint({ ...POINT, fields: [] })).toBeUndefined();
    });

    it('is one line that gives back what went in', () => {
      const text = fc.string({ unit: fc.constantFrom(...'aø ,="\\\n\r\t😀'), minLength: 1 });
      const plain = (value: string): string => value.replace(/\r\n|[\r\n\t]/g, ' ').replace(/\\+$/, '');
      fc.assert(
        fc.property(
          text,
          fc.uniqueArray(fc.tuple(text, text), { selector: ([key]) => plain(key) }),
          (measurement, tags) => {
            const line = linePoint({ ...POINT, measurement, tags }) ?? '';
            expect(line).not.toMatch(/[\r\n]/);
            const [head = ''] = split(line, ' ');
            const [name, ...told] = split(head, ',');
            expect(name?.replace(/\\([, ])/g, '$1')).toBe(plain(measurement));
            const pairs = told.map((each) =>
              split(each, '=').map((part) => part.replace(/\\([,= ])/g, '$1')),
            );
            const expected = tags.map((pair) => pair.map(plain)).filter(([, value]) => value !== '');
            expect(pairs.sort()).toEqual(expected.sort());
          },
        ),
      );
    });
  });

  /** As InfluxDB does: at each separator that no backslash stands before. */
  function split(text: string, separator: string): string[] {
    return text.split(new RegExp(`(?<!\\\\)${separator}`));
  }
});

describe('the field of a reading', () => {
  it.each<
    [name: string, register: number, value: ReadingValue, unit: string, field: readonly [string, string]]
  >([
    ['an amount', 60, number('84.817'), 'GJ', ['heat_energy', '84.817']],
    ['an amount with its last zero', 86, number('65.20'), '°C', ['flow_temperature', '65.20']],
    ['an amount without decimals, of the same type', 74, number('123'), 'l/h', ['flow', '123']],
    ['less than nothing', 89, number('-0.05'), 'K', ['temperature_difference', '-0.05']],
    ['hours, which are whole', 1004, number('12345'), 'h', ['operating_hours', '12345i']],
    ['an info code', 99, number('0'), '', ['info_code', '0i']],
    ['a setting', 153, number('3123456'), '', ['config_number_1', '3123456i']],
    ['a setting that is an amount', 66, number('30'), '°C', ['tariff_limit_2', '30']],
    ['a setting that is a day', 98, { kind: 'month-day', value: '12-31' }, '', ['target_date', '"12-31"']],
    ['a register of no table', 4711, number('5'), '', ['register_4711', '5']],
    ['a name in digits', 254, number('60312'), '', ['type_number', '"60312"']],
    ['a name in letters', 254, { kind: 'text', value: '603C"\\' }, '', ['type_number', '"603C\\"\\\\"']],
    ['a day', 127, { kind: 'date', value: '2026-01-15' }, '', ['max_power_year_date', '"2026-01-15"']],
    [
      'a number that no float holds',
      347,
      number('12345678901234567890'),
      '',
      ['customer_number', '"12345678901234567890"'],
    ],
  ])('is %s', (_, register, value, unit, field) => {
    expect(fieldOf(reading(register, value, unit))).toEqual(field);
  });

  it('is true or false, and a text, of what follows from registers', () => {
    const derived = (quantity: string, value: ReadingValue) =>
      fieldOf(derivedReading(quantity, { value, unit: '', readAt: 0 }));
    expect(derived('problem_air', { kind: 'flag', value: false })?.[1]).toBe('false');
    expect(derived('info', { kind: 'text', value: 'Leak\nin the house' })?.[1]).toBe('"Leak in the house"');
  });

  it.each<[name: string, register: number, value: ReadingValue]>([
    ['a failed sensor', 86, { kind: 'unknown', value: null, decimals: 2, cause: 'no sensor' }],
    ['a day that never was', 127, { kind: 'date', value: null }],
    ['what cannot be read', 99, { kind: 'unreadable', value: null, hex: 'ff' }],
    ['hours with decimals', 1004, number('12.5')],
    ['an integer beyond 64 bits', 369, number('9223372036854775808')],
    ['an amount that a float would round', 60, number('1234567890123.456')],
    ['a text where others have a number', 60, { kind: 'text', value: 'none' }],
    ['a text where others have an integer', 99, { kind: 'text', value: 'none' }],
  ])('is none for %s', (_, register, value) => {
    expect(fieldOf(reading(register, value, ''))).toBeUndefined();
  });

  it('takes the largest integer there is', () => {
    expect(fieldOf(reading(369, number('9223372036854775807'), ''))?.[1]).toBe('9223372036854775807i');
  });

  it('has the same type whatever the decimals, and the same number', () => {
    const decimal = fc
      .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }))
      .map(([integer, decimals]) => (integer / 10 ** decimals).toFixed(decimals));
    fc.assert(
      fc.property(decimal, (text) => {
        expect(fieldOf(energy(text))).toEqual(['heat_energy', text]);
        expect(fieldOf(operatingHours(text))?.[1] ?? 'i').toMatch(/i$/);
      }),
    );
  });

  it('is there for every value that owners posted, of registers that we know', () => {
    const readings = POSTED_REGISTERS.map(({ record }) => toReading(record, 0));
    const valued = readings.filter(({ value }) => value.value !== null);
    expect(
      valued
        .filter((each) => fieldOf(each) === undefined)
        .map(({ quantity }) => quantity)
        .filter((quantity) => !quantity.startsWith('register_')),
    ).toEqual([]);
  });
});
