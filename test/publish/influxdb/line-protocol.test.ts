import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linePoint, type Point } from '../../../src/publish/influxdb/line-protocol.ts';

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
          const pairs = told.map((each) => split(each, '=').map((part) => part.replace(/\\([,= ])/g, '$1')));
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
