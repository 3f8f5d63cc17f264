import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf, linePoint } from '../../../src/outputs/influxdb/line-protocol.ts';
import { reachInfluxdb } from '../../../src/outputs/influxdb/server.ts';
import { number, reading } from '../../readings/support/readings.ts';
import { hasInfluxd, Influxd } from './support/influxd.ts';

const present = hasInfluxd();

describe.skipIf(!present)('a real InfluxDB 1.x', () => {
  let influxd: Influxd;

  beforeAll(async () => {
    influxd = await new Influxd({ auth: true }).start();
    await influxd.query('CREATE DATABASE heat');
  });

  afterAll(() => influxd.remove());

  it('tells without a point whether it would take one', async () => {
    const { url, username, password } = influxd;
    const config = { url, username, password, database: 'heat', ca: '', rejectUnauthorized: true };
    const reach = (other: object) => reachInfluxdb({ ...config, org: '', bucket: '', token: '', ...other });
    expect(await reach({})).toBe(`${url} lets us write`);
    await expect(reach({ database: 'none' })).rejects.toThrow(/does not know the database "none"/);
    await expect(reach({ password: 'another' })).rejects.toThrow(/are influxdb\.username and .* right/);
    expect(await influxd.query('SHOW MEASUREMENTS', 'heat')).toEqual([]);
  });

  it.each([
    'Fjernvarme Kælder',
    'a, b = c',
    '"quoted", \'and\' more',
    'C:\\heat\\meter',
    'a\\, b\\ c\\=d',
    '\\ begins',
    '==',
    ' ',
    ',',
    '#1 😀',
  ])('gives back %j as a tag and as a text', async (text) => {
    await influxd.query('DROP MEASUREMENT multical', 'heat').catch(() => {});
    const field = fieldOf(reading(640, { kind: 'text', value: text }, ''));
    // No quantity has one, and InfluxDB itself does not know how to read it there.
    const key = text.replaceAll('\\', '');
    const line = linePoint({
      measurement: 'multical',
      tags: [
        ['name', text],
        ['serial_number', '6655443'],
        [text, 'own'],
      ],
      fields: [...(field ? [field] : []), [key, '1i']],
      time: 1_769_192_387_123,
    });
    await influxd.write('heat', `${line}\n`);
    const [series] = await influxd.query('SELECT * FROM multical GROUP BY *', 'heat');
    expect(series?.tags).toEqual({ name: text, serial_number: '6655443', [text]: 'own' });
    expect(rows(series)).toEqual([{ time: 1_769_192_387_123, meter_type_text: text, [key]: 1 }]);
  });

  it('takes a text that ends in a backslash', async () => {
    const field = fieldOf(reading(640, { kind: 'text', value: 'C:\\"\\' }, ''));
    const tags = [
      ['name', 'C:\\'],
      ['serial_number', '1'],
    ] as const;
    const line = linePoint({ measurement: 'ends', tags, fields: field ? [field] : [], time: 1 });
    await influxd.write('heat', `${line}`);
    const [series] = await influxd.query('SELECT * FROM ends GROUP BY *', 'heat');
    expect(series?.tags).toEqual({ name: 'C:', serial_number: '1' });
    expect(rows(series)).toEqual([{ time: 1, meter_type_text: 'C:\\"\\' }]);
  });

  it.each([',', ' ', '=', '\\', 'a, b=c'])('gives back %j in the name of the measurement', async (text) => {
    const line = linePoint({ measurement: `m${text}m`, tags: [], fields: [['x', '1']], time: 1 });
    await influxd.write('heat', `${line}`);
    const series = await influxd.query('SHOW MEASUREMENTS', 'heat');
    expect(series[0]?.values.flat()).toContain(`m${text}m`);
  });

  it.each([
    ' heat ',
    ',heat,',
    '=',
    '"heat"',
    'heat #1',
    '\\heat',
    'Kælder 😀',
  ])('gives back the measurement %j', async (measurement) => {
    await influxd.write('heat', `${linePoint({ measurement, tags: [], fields: [['x', '1']], time: 1 })}`);
    const series = await influxd.query('SHOW MEASUREMENTS', 'heat');
    expect(series[0]?.values.flat()).toContain(measurement);
  });

  it('keeps the type of a quantity when another meter has other decimals', async () => {
    const values = ['123', '84.817', '0.00', '-1'];
    const lines = values.map((value, time) => {
      const fields = [
        fieldOf(reading(60, number(value), 'GJ')) ?? ['none', '0'],
        fieldOf(reading(1004, number('7'), 'h')) ?? ['none', '0'],
      ] as const;
      return linePoint({ measurement: 'types', tags: [], fields, time });
    });
    for (const line of lines) await influxd.write('heat', `${line}\n`);
    const [series] = await influxd.query('SHOW FIELD KEYS FROM types', 'heat');
    expect(series?.values).toEqual([
      ['heat_energy', 'float'],
      ['operating_hours', 'integer'],
    ]);
    const [stored] = await influxd.query('SELECT heat_energy FROM types', 'heat');
    expect(stored?.values.map(([, value]) => value)).toEqual(values.map(Number));
  });

  it('keeps its data over a restart, on the same port', async () => {
    const { url } = influxd;
    await influxd.write('heat', 'kept x=1 1');
    await influxd.stop();
    await influxd.start();
    expect(influxd.url).toBe(url);
    expect(rows((await influxd.query('SELECT * FROM kept', 'heat'))[0])).toEqual([{ time: 1, x: 1 }]);
  });

  it('lets nobody in without a password', async () => {
    const response = await fetch(`${influxd.url}/query?q=SHOW+DATABASES`);
    expect(response.status).toBe(401);
  });
});

function rows(series: Awaited<ReturnType<Influxd['query']>>[number] | undefined): object[] {
  const { columns = [], values = [] } = series ?? {};
  return values.map((row) => Object.fromEntries(row.map((value, index) => [columns[index], value])));
}
