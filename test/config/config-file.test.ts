import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemFolder, userFolder } from '../../src/config/config-file.ts';
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

  it('is looked for in this folder, at the user’s, at the system’s place, and last as config.json', () => {
    const folders = {
      directory: temporaryFolder({
        'multical2mqtt.json': meterNamed('own'),
        'config.json': meterNamed('example'),
      }),
      user: temporaryFolder(),
      systemFolder: temporaryFolder({ 'config.json': meterNamed('system') }),
    };
    const { directory, user, systemFolder } = folders;
    mkdirSync(join(user, 'multical2mqtt'));
    writeFileSync(join(user, 'multical2mqtt/config.json'), meterNamed('user'));
    const environment = { XDG_CONFIG_HOME: user };
    const found = [
      [directory, 'multical2mqtt.json'],
      [user, 'multical2mqtt/config.json'],
      [systemFolder, 'config.json'],
      [directory, 'config.json'],
    ].map(([folder = '', name = '']) => {
      const { config, file } = load({ directory, systemFolder, environment });
      expect(file).toBe(join(folder, name));
      rmSync(join(folder, name));
      return config.meters[0]?.name;
    });
    expect(found).toEqual(['own', 'user', 'system', 'example']);
  });

  it.each([
    ['linux', { HOME: '/home/me' }, '/home/me/.config/multical2mqtt', '/etc/multical2mqtt'],
    ['linux', { HOME: '/home/me', XDG_CONFIG_HOME: '/x' }, '/x/multical2mqtt', '/etc/multical2mqtt'],
    ['linux', { XDG_CONFIG_HOME: 'x' }, undefined, '/etc/multical2mqtt'],
    [
      'darwin',
      { HOME: '/Users/me' },
      '/Users/me/Library/Application Support/multical2mqtt',
      '/Library/Application Support/multical2mqtt',
    ],
    [
      'win32',
      { APPDATA: 'C:\\Users\\me\\AppData\\Roaming' },
      'C:\\Users\\me\\AppData\\Roaming\\multical2mqtt',
      'C:\\ProgramData\\multical2mqtt',
    ],
    ['win32', {}, undefined, 'C:\\ProgramData\\multical2mqtt'],
  ] as const)('has on %s with %j the places %s and %s', (platform, environment, user, system) => {
    expect([userFolder(environment, platform), systemFolder(environment, platform)]).toEqual([user, system]);
  });

  it('with a secret in a clone is ignored by git and goes into no package', () => {
    const at = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
    expect(at('.gitignore').split('\n')).toEqual(
      expect.arrayContaining(['multical2mqtt.json', 'mqtt_password.txt', 'mosquitto.passwd']),
    );
    expect(JSON.parse(at('package.json')).files).not.toContain('multical2mqtt.json');
  });

  describe.skipIf(process.getuid === undefined)('that everybody can read', () => {
    const advised = (content: object, mode: number, folderMode = 0o755) => {
      const directory = temporaryFolder({ 'multical2mqtt.json': JSON.stringify(content) });
      const path = join(directory, 'multical2mqtt.json');
      chmodSync(path, mode);
      chmodSync(directory, folderMode);
      return { path, advice: load({ directory }).advice };
    };
    const meters = [METER];

    it.each([
      { mqtt: { password: 'hunter22' } },
      { mqtt: { url: 'mqtt://me:hunter22@host' } },
      { mqtt: { url: ['mqtt://one', 'mqtt://me:hunter22@two'] } },
      { webhook: { url: 'https://host/hunter22' } },
    ])('is advised against, with the command that helps, where it holds a secret: %j', (secret) => {
      const { path, advice } = advised({ meters, ...secret }, 0o644);
      expect(advice).toEqual([expect.stringContaining(`${path} holds a password`)]);
      expect(advice[0]).toContain(`: chmod 600 ${path}`);
      expect(advice[0]).not.toContain('hunter22');
    });

    it('is fine without a secret, and so is one with a secret that only its owner gets at', () => {
      expect(advised({ meters, mqtt: { password: '' } }, 0o644).advice).toEqual([]);
      expect(advised({ meters, mqtt: { password: 'hunter22' } }, 0o640).advice).toEqual([]);
      expect(advised({ meters, mqtt: { password: 'hunter22' } }, 0o644, 0o700).advice).toEqual([]);
    });
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

  it('that is no JSON shows its faulty line, and what was to be at the end of the one before', () => {
    const [problem = ''] = problemsOf(() =>
      loadFile('{\n  "meters": [{ "name": "Heat", "port": "/dev/ttyUSB0" }]\n\n  "language": "en",\n}'),
    );
    expect(problem.split('\n').slice(1)).toEqual([
      '      2 |   "meters": [{ "name": "***", "port": "***" }]',
      '      4 |   "language": "***",',
    ]);
  });

  it.each([
    ['{ “meters”: [] }', '“', '{ “meters”: [] }'],
    ['{ "meters": [{ "name": „Heizung“ }] }', '„', '{ "meters": [{ "name": „***“ }] }'],
    // The text ends at a straight mark, further on: the place that is complained about has nothing curly.
    ['{ "language: “en", "log": 1 }', '“', '{ "***“***"***"***"***'],
    ["{ ‘language’: 'en' }", '‘', "{ ‘language’: '***' }"],
  ])('with curly quotation marks is told so: %s', (text, mark, shown) => {
    const [problem = ''] = problemsOf(() => loadFile(text));
    expect(problem).toContain(`a curly quotation mark (${mark})`);
    expect(problem.split('\n').slice(1)).toEqual([`      1 | ${shown}`]);
  });

  it.each([
    '{ "mqtt": { "password": “hunter2 s3cret”, "url": "x" } }',
    '{ mqtt: { password: hunter2-s3cret } }',
    '{ "mqtt": { "password: "hunter2:s3cret" } }',
    '{ "mqtt": { "password": \'hunter2" s3cret\'\' } }',
    '{ "mqtt": { password": "port": "hunter2, s3cret } }',
    '{ "mqtt": { "password":\n  “hunter2, {s3cret}” } }',
    '{ "webhook": { "url": “https://h/hunter2/s3cret” } }',
    '{ "mqtt": { "url": “mqtt://me:hunter2:s3cret@h” } }',
    '{ // my password is hunter2-s3cret “',
    'hunter2 = s3cret',
  ])('shows no secret of a broken line: %s', (text) => {
    const message = problemsOf(() => loadFile(text)).join();
    expect(message).toContain('not valid JSON');
    expect(message).not.toMatch(/hunter|s3cret/);
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
