import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { diagnosticsFields, fieldType } from '../../../src/outputs/influxdb/line-protocol.ts';
import { loadFile, METER as METER_KEYS } from '../../config/support/loading.ts';
import { number, reading } from '../../readings/support/readings.ts';
import { eventually } from '../../support/eventually.ts';
import { hasTool } from '../../support/has-tool.ts';
import { ended, run } from '../../support/program.ts';
import { DIAGNOSTICS, FLOW_TEMPERATURE, HEAT_ENERGY, READ_AT } from '../support/meter-readings.ts';
import { fiveDays, HEAT } from './support/five-days.ts';
import { hasInfluxd, Influxd } from './support/influxd.ts';
import { influxdbHome } from './support/influxdb-home.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../../docs/influxdb.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  Array.from(
    PAGE.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'g')),
    ([, text = '']) => text,
  );

async function serving(): Promise<Influxd> {
  const server = await new Influxd().start();
  onTestFinished(() => server.remove());
  await server.query('CREATE DATABASE home');
  return server;
}

describe('docs/influxdb.md', () => {
  it.each(blocks('json'))('has a configuration that can be loaded: %s', (text) => {
    const { config } = loadFile({ meters: [METER_KEYS], ...JSON.parse(text) });
    expect(config.influxdb.enabled).toBe(true);
  });

  it('names every field of the diagnostics with its type', () => {
    for (const [key, value] of diagnosticsFields(DIAGNOSTICS)) {
      const row = PAGE.split('\n').find((line) => line.startsWith('| ') && line.includes(`\`${key}\``));
      expect(row, key).toMatch(value.endsWith('i') ? /\| integer \|/ : /\| float \|/);
    }
  });

  it.each([1004, 175, 99, 369, 113])('says that register %d is an integer', (register) => {
    const { quantity, nature } = reading(register, number('1'), '');
    expect(fieldType({ quantity, nature })).toBe('integer');
    expect(PAGE).toContain(`\`${quantity}\``);
  });
});

describe.skipIf(!hasInfluxd())('what docs/influxdb.md says of InfluxDB 1.x', () => {
  it('is true of its queries', async () => {
    const server = await serving();
    const home = influxdbHome({ url: server.url, database: 'home' }, { units: 'common' });
    const { midnight, end } = await fiveDays(home);
    await eventually(() => home.output.health.waiting === 0);
    const answers: (readonly unknown[])[][] = [];
    for (const query of blocks('sql')) {
      // Days are counted from the last reading, and whole days from midnight.
      const whole = query.includes('30d');
      const asked = query
        .replaceAll('District heating', HEAT.name)
        .replace('time >', `time <= ${end}ms AND time >`)
        .replace(/now\(\) - (\d+d)/, (_, days) => (whole ? `${midnight - 1}ms` : `${end}ms - ${days}`));
      const series = await server.query(asked, 'home');
      expect(series, asked).toHaveLength(1);
      answers.push(series[0]?.values.map(([, ...values]) => values) ?? []);
    }
    const [days, week, power, fromEnergy, use, air, cost] = answers;
    expect(days?.flat().map((value) => Math.round(Number(value)))).toEqual([240, 360, 480, 600, 720]);
    // From the first reading of all: thirteen hours before the five days.
    expect(week?.flat()[0]).toBeCloseTo(2465, 3);
    expect(power?.flat().at(-1)).toBe(30);
    expect(fromEnergy?.flat().at(-1)).toBeCloseTo(30, 3);
    expect(use?.flat().map((value) => Math.round(Number(value)))).toEqual([40, 40, 40, 40, 40]);
    expect(air).toEqual([[true, 'air in the flow sensor']]);
    expect(cost).toEqual([1, 2, 3, 4, 5].map(() => [24, 24 * 91, expect.closeTo(40.8)]));
  });

  it.skipIf(!hasTool('curl'))('is true of the file with what was refused', async () => {
    const server = await serving();
    await server.write('home', `multical flow_temperature="warm" ${READ_AT}`);
    const { publish, output, directory } = influxdbHome({ url: server.url, database: 'home' });
    publish([{ ...FLOW_TEMPERATURE, readAt: READ_AT + 1 }]);
    publish([HEAT_ENERGY]);
    publish([{ ...FLOW_TEMPERATURE, readAt: READ_AT + 2 }]);
    await eventually(() => output.health.refused === 2 && output.health.delivered === 1);
    await server.query('DROP MEASUREMENT multical', 'home');

    const command = PAGE.split('\n').find((line) => line.startsWith('curl') && line.includes('/write?db='));
    const file = join(directory, 'refused/influxdb.lp');
    const sent = command
      ?.replace('data/refused/influxdb.lp', file)
      .replace('http://localhost:8086', server.url);
    const curl = run('sh', ['-c', sent ?? '']);
    expect(await ended(curl), curl.err).toBe(0);
    expect(curl.out).toMatch(/^HTTP\/1.1 204 No Content/);
    const [series] = await server.query('SELECT flow_temperature FROM multical', 'home');
    expect(series?.values).toEqual([
      [READ_AT + 1, 65.2],
      [READ_AT + 2, 65.2],
    ]);
  });
});
