import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DERIVED_QUANTITY_NAMES } from '../../src/catalogue/derived-quantities.ts';
import { KNOWN_REGISTER_IDS, registerInfo } from '../../src/catalogue/registers.ts';
import { VALUE_NAMES } from '../../src/outputs/mqtt/kamstrup-402-topic.ts';
import { loadFile } from '../config/support/loading.ts';
import { hasInfluxd, Influxd } from '../outputs/influxdb/support/influxd.ts';
import { hasTool } from '../support/has-tool.ts';
import { ended, run } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/from-scripts.md'), 'utf8');
const QUANTITIES = [...KNOWN_REGISTER_IDS.map((id) => registerInfo(id).quantity), ...DERIVED_QUANTITY_NAMES];
const blocks = (language: string): readonly string[] =>
  Array.from(
    PAGE.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'g')),
    ([, text = '']) => text,
  );
const rows = Array.from(
  PAGE.matchAll(/^\| ([^|]+?) \| (\d+) \| `(\w+)` \|/gm),
  ([, old = '', id, quantity]) => ({
    old,
    id: Number(id),
    quantity,
  }),
);

describe('docs/from-scripts.md', () => {
  it.each(blocks('json'))('has a configuration that can be loaded: %s', (text) => {
    expect(() => loadFile(text)).not.toThrow();
  });

  it('has a row for each register of the scripts', () => {
    expect(rows.map(({ id }) => id)).toEqual(VALUE_NAMES.map(([, id]) => id));
  });

  it.each(rows)('gives register $id ($old) the name that it has here', ({ old, id, quantity }) => {
    expect(registerInfo(id).quantity).toBe(quantity);
    const [name] = VALUE_NAMES.find(([, register]) => register === id) ?? [];
    const [first = ''] = old.toLowerCase().replace('heat energy', 'energy').split(' ');
    expect(first).toBe(name?.toLowerCase());
  });

  it('names no quantity that does not exist', () => {
    const named = Array.from(
      PAGE.matchAll(
        /["`]((?:heat|cooling|volume|flow|return|min|max|mean|info|operating|temperature)_\w+)["`]/g,
      ),
      ([, name = '']) => name,
    );
    expect(named.length).toBeGreaterThan(40);
    expect(QUANTITIES).toEqual(expect.arrayContaining(named));
  });

  it('names no register that is not in its table', () => {
    const lists = [
      ...PAGE.matchAll(/"registers": \[([\d, ]+)\]/g),
      ...PAGE.matchAll(/\bread ([\d ]+)--port/g),
      ...PAGE.matchAll(/ttyUSB0 ([\d,]+)/g),
    ];
    const numbers = lists.flatMap(([, list = '']) => list.split(/[, ]+/).filter(Boolean).map(Number));
    const ofDomoticz = Array.from(PAGE.matchAll(/\b\d+:(\d+):[012]\b/g), ([, id]) => Number(id));
    const known = rows.map(({ id }) => id);
    expect(ofDomoticz.length).toBeGreaterThan(8);
    expect(known).toEqual(expect.arrayContaining([...numbers, ...ofDomoticz]));
  });

  it.skipIf(!hasInfluxd() || !hasTool('influx') || !hasTool('curl'))('brings old joules over', async () => {
    const server = await new Influxd().start();
    onTestFinished(() => server.remove());
    await server.query('CREATE DATABASE home');
    const old = [90_000_000_000, 90_018_000_000].map(
      (joules, hour) => `energy,type=heat value=${joules}i ${hour}`,
    );
    await server.write('home', old.join('\n'));
    const [, port = ''] = /:(\d+)$/.exec(server.url) ?? [];
    const command = (blocks('sh')[0] ?? '')
      .replaceAll('old.lp', join(temporaryFolder(), 'old.lp'))
      .replace('influx ', `influx -host 127.0.0.1 -port ${port} `)
      .replace('http://localhost:8086', server.url);
    const shell = run('sh', ['-c', command], { HOME: temporaryFolder() });
    expect(await ended(shell), shell.err).toBe(0);
    expect(shell.out).toMatch(/204 No Content/);
    const [series] = await server.query('SELECT heat_energy FROM multical GROUP BY *', 'home');
    expect(series).toMatchObject({
      tags: { name: 'Heat meter' },
      values: [
        [0, 25_000],
        [1, 25_005],
      ],
    });
  });
});
