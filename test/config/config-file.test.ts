import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { load, loadFile, METER, problemsOf } from './support/loading.ts';

const meterNamed = (name: string): string => JSON.stringify({ meters: [{ ...METER, name }] });
const optionsNamed = (name: string): string => JSON.stringify({ meters: [{ device: METER.port, name }] });

describe('the file', () => {
  it('is the one of --config before all others', () => {
    const directory = temporaryFolder({
      'given.json': meterNamed('given'),
      'named.json': meterNamed('named'),
      'options.json': optionsNamed('options'),
      'config.json': meterNamed('here'),
    });
    const supervisorOptions = join(directory, 'options.json');
    const named = { MULTICAL2MQTT_CONFIG: join(directory, 'named.json') };
    const supervised = { SUPERVISOR_TOKEN: 'token' };
    const nameOf = (request: Parameters<typeof load>[0]): string | undefined =>
      load({ directory, supervisorOptions, ...request }).config.meters[0]?.name;

    expect(nameOf({ file: 'given.json', environment: { ...named, ...supervised } })).toBe('given');
    expect(nameOf({ environment: { ...named, ...supervised } })).toBe('named');
    expect(nameOf({ environment: supervised })).toBe('options');
    expect(nameOf({ environment: { SUPERVISOR_TOKEN: '', MULTICAL2MQTT_CONFIG: '' } })).toBe('here');
    expect(nameOf({ environment: supervised, supervisorOptions: join(directory, 'none.json') })).toBe('here');
  });

  it('puts data beside the Supervisor’s options, unless a key says otherwise', () => {
    const folder = temporaryFolder({ 'options.json': optionsNamed('x') });
    const supervised = { SUPERVISOR_TOKEN: 'token' };
    const supervisorOptions = join(folder, 'options.json');
    expect(load({ environment: supervised, supervisorOptions })).toMatchObject({
      config: { dataDir: folder },
      file: supervisorOptions,
    });
    const environment = { ...supervised, DATA_DIR: '/elsewhere' };
    expect(load({ environment, supervisorOptions }).config.dataDir).toBe('/elsewhere');
  });

  it('may be absent, when the environment names a meter', () => {
    const loaded = load({ environment: { METER_PORT: 'tcp://head:20108', METER_NAME: 'x' } });
    expect(loaded.file).toBeNull();
  });

  it('may have comments, trailing commas and a $schema', () => {
    const text = `{
      // the optical head
      "$schema": "https://example.org/schema.json",
      meters: [{ name: 'x', port: 'COM3', address: 0x3f, }], /* one */
    }`;
    expect(loadFile(text).config.meters).toMatchObject([{ name: 'x', port: 'COM3', address: 63 }]);
  });

  it('that was named but is missing is an error that says who named it', () => {
    const directory = temporaryFolder();
    expect(problemsOf(() => load({ directory, file: 'gone.json' }))).toEqual([
      `The file ${join(directory, 'gone.json')} does not exist. Create it (config.json of this program is a start), or correct the path given by --config`,
    ]);
    const environment = {
      MULTICAL2MQTT_CONFIG: '/nowhere/config.json',
      MQTT_PASSWORD_FILE: '/nowhere/secret',
    };
    expect(problemsOf(() => load({ environment }))).toEqual([
      expect.stringMatching(/^The file \/nowhere\/config\.json does not exist.*MULTICAL2MQTT_CONFIG$/),
      expect.stringContaining('/nowhere/secret'),
    ]);
  });

  it('that is a folder or cannot be opened is an error that says what to do', () => {
    const directory = temporaryFolder();
    mkdirSync(join(directory, 'config.json'));
    expect(problemsOf(() => load({ directory }))).toEqual([
      expect.stringMatching(/is a folder\. Give the path/),
    ]);
    symlinkSync('loop.json', join(directory, 'loop.json'));
    expect(problemsOf(() => load({ directory, file: 'loop.json' }))).toEqual([
      expect.stringMatching(/cannot be read \(ELOOP\)\. Allow/),
    ]);
  });

  it('that is no JSON is an error with line and column', () => {
    expect(problemsOf(() => loadFile('{\n  "meters": []\n  "mqtt": {}\n}'))).toEqual([
      expect.stringMatching(/config\.json is not valid JSON at line 3, column 3: .*missing comma/),
    ]);
    expect(problemsOf(() => loadFile('{\n  "meters": ['))).toEqual([
      expect.stringMatching(/at line 2, column 14: the file ends too early/),
    ]);
    expect(problemsOf(() => loadFile(''))).toEqual([expect.stringMatching(/line 1, column 1: .*too early/)]);
  });

  it.each([
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '5'],
    ['a text', '"x"'],
    ['true or false', 'true'],
  ])('that holds %s in place of an object is an error', (nature, text) => {
    expect(problemsOf(() => loadFile(text))).toEqual([
      `the whole file: must be an object { ... }, not ${nature}`,
    ]);
  });
});
