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
const NAMES = readFileSync(resolve(import.meta.dirname, '../../docs/migrating.md'), 'utf8');
const QUANTITIES = [...KNOWN_REGISTER_IDS.map((id) => registerInfo(id).quantity), ...DERIVED_QUANTITY_NAMES];
const blocks = (language: string): readonly string[] =>
  Array.from(
    PAGE.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'g')),
    ([, text = '']) => text,
  );
/** Old name, register and name here, of each place in the lists of the page of names. */
const names = Array.from(
  NAMES.matchAll(/^\| ([^|]+?) \| ([\d, ]+?) \| (`[^|]+`) \|$/gm),
  ([row, ...lists]) => ({ row, lists: lists.map((list) => list.replaceAll('`', '').split(', ')) }),
);
const ofMonths = names.flatMap(({ lists: [old = [], ids = [], quantities = []] }) =>
  old.map((name, index) => ({ old: name, id: Number(ids[index]), quantity: quantities[index] ?? '' })),
);
const [yearIds = ''] = /registers ([\d, ;]+), and `year` for `month`/.exec(NAMES)?.slice(1) ?? [];
const ofYears = ofMonths
  .filter(({ old }) => old.endsWith('_M'))
  .map(({ old, quantity }, index) => ({
    old: old.replace('_M', '_Y'),
    id: Number(yearIds.split(/[,;] /)[index]),
    quantity: quantity.replace('month', 'year'),
  }));
const rows = [...ofMonths, ...ofYears];

describe('the names of docs/migrating.md', () => {
  it('stand in lists of one length', () => {
    for (const { row, lists } of names) expect(new Set(lists.map(({ length }) => length)).size, row).toBe(1);
  });

  it('are those of each register of the scripts', () => {
    const ids = VALUE_NAMES.map(([, id]) => id);
    expect(rows.map(({ id }) => id).sort()).toEqual([...ids, 266].sort());
  });

  it.each(rows)('give register $id ($old) the name that it has here', ({ old, id, quantity }) => {
    expect(registerInfo(id).quantity).toBe(quantity);
    const [name] = VALUE_NAMES.find(([, register]) => register === id) ?? ['e1 highres'];
    expect(old.toLowerCase()).toBe(name.replace('energy', 'heat energy (e1)').toLowerCase());
  });
});

describe('docs/from-scripts.md', () => {
  it.each(blocks('json'))('has a configuration that can be loaded: %s', (text) => {
    expect(() => loadFile(text)).not.toThrow();
  });

  it('has one configuration with broker, InfluxDB and Domoticz, in place of the three cron lines', () => {
    const { config } = loadFile(blocks('json')[0] ?? '');
    const { mqtt, influxdb, domoticz } = config;
    expect([mqtt.enabled, influxdb.enabled, domoticz.enabled]).toEqual([true, true, true]);
    const option = (name: string) => new RegExp(`--mqtt_${name}=(\\S+)`).exec(PAGE)?.[1];
    expect(mqtt).toMatchObject({
      url: `mqtt://${option('ip')}:${option('port')}`,
      username: option('user'),
      password: option('pass'),
      baseTopic: option('topic'),
    });
    const [, host, port, list = ''] = /--ip (\S+) --port (\d+) ([\d: ]+)$/m.exec(PAGE) ?? [];
    expect(domoticz.url).toBe(`http://${host}:${port}`);
    const devices = list.split(' ').map((word) => word.split(':').map(Number));
    expect(blocks('json')[0]).toContain(
      JSON.stringify(
        Object.fromEntries(devices.map(([idx, id = 0]) => [registerInfo(id).quantity, idx])),
        null,
        2,
      ).replaceAll('\n', '\n    '),
    );
  });

  it('names no quantity that does not exist', () => {
    const named = Array.from(
      PAGE.matchAll(
        /["`]((?:heat|cooling|volume|flow|return|min|max|mean|info|operating|temperature)_\w+)["`]/g,
      ),
      ([, name = '']) => name,
    );
    expect(named.length).toBeGreaterThan(7);
    expect(QUANTITIES).toEqual(expect.arrayContaining(named));
  });

  it('names no register that is not in its table', () => {
    const lists = [
      ...PAGE.matchAll(/"registers": \[([\d, ]+)\]/g),
      ...PAGE.matchAll(/\bread ([\d,]+) --port/g),
      ...PAGE.matchAll(/ttyUSB0 ([\d,]+)/g),
    ];
    const numbers = lists.flatMap(([, list = '']) => list.split(/[, ]+/).filter(Boolean).map(Number));
    const ofDomoticz = Array.from(PAGE.matchAll(/\b\d+:(\d+):[012]\b/g), ([, id]) => Number(id));
    const known = rows.map(({ id }) => id);
    expect(ofDomoticz.length).toBeGreaterThan(7);
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
