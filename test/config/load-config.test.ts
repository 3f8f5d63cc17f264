import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { errorOf, load, loadFile, METER, problemsOf } from './support/loading.ts';
import { OUTPUT_DEFAULTS } from './support/output-defaults.ts';

const DEFAULTS = {
  mqtt: {
    enabled: true,
    url: 'mqtt://localhost:1883',
    username: '',
    password: '',
    clientId: '',
    baseTopic: 'multical2mqtt',
    protocolVersion: 4,
    ca: '',
    cert: '',
    key: '',
    rejectUnauthorized: true,
  },
  homeAssistant: {
    enabled: true,
    discoveryPrefix: 'homeassistant',
    discovery: 'device',
    statusTopic: 'homeassistant/status',
    statistics: false,
    url: '',
    token: '',
  },
  compatibility: { valuesTopic: '' },
  ...OUTPUT_DEFAULTS,
  language: 'en',
  dataDir: './data',
  log: { level: 'info', format: 'text', timezone: '' },
  web: {
    enabled: false,
    host: '127.0.0.1',
    port: 8099,
    allowedHosts: [],
    password: '',
    auth: 'password',
    publicUrl: '',
  },
};
const METER_DEFAULTS = {
  address: 63,
  model: 'auto',
  baudRate: 1200,
  schedule: '0 * * * *',
  detailSchedule: '30 3 * * *',
  readOnStart: true,
  timezone: '',
  registers: 'auto',
  timeoutAllowance: null,
  wakeUp: 'none',
  mainsPowered: false,
  battery: { maxReadingsPerDay: null, minSecondsBetween: 10 },
  burst: { above: null, every: null },
  fineEnergy: false,
  meanTemperatures: false,
  heatEnergyInKwh: false,
  gasEquivalent: 0,
  price: 0,
  currency: '',
  units: {},
};

const EXAMPLE = resolve(import.meta.dirname, '../../config.json');

describe('the configuration', () => {
  it('has a default for everything but a meter’s name and port', () => {
    expect(loadFile({ meters: [METER] }).config).toEqual({
      meters: [{ ...METER, ...METER_DEFAULTS }],
      ...DEFAULTS,
    });
  });

  it('takes the file over defaults, the environment over the file, and the command line over all', () => {
    const file = {
      meters: [METER],
      mqtt: { url: 'mqtt://file', baseTopic: 'file', clientId: 'file' },
      log: { format: 'json' },
    };
    const { config } = loadFile(file, {
      environment: { MQTT_URL: 'mqtt://environment', MQTT_BASE_TOPIC: 'environment' },
      overrides: { 'mqtt.url': 'mqtt://command-line' },
    });
    expect(config.mqtt).toMatchObject({
      url: 'mqtt://command-line',
      baseTopic: 'environment',
      clientId: 'file',
    });
    expect(config.log).toEqual({ level: 'info', format: 'json', timezone: '' });
  });

  it('of the repository itself is refused for its port alone', () => {
    expect(problemsOf(() => loadConfig({ file: EXAMPLE, environment: {} }))).toEqual([
      expect.stringMatching(
        /^meters\[0\]\.port: "\S*usb-REPLACE-ME" is only the example .*multical2mqtt ports/,
      ),
    ]);
  });

  it('of the repository itself has the defaults and cannot be taken for an add-on by the Supervisor', () => {
    const path = EXAMPLE;
    const { config, file } = loadConfig({ file: path, environment: { METER_PORT: METER.port } });
    expect(file).toBe(path);
    const meter = { name: 'District heating', port: METER.port, ...METER_DEFAULTS };
    expect(config).toEqual({ meters: [meter], ...DEFAULTS });
    const strict: unknown = JSON.parse(readFileSync(path, 'utf8'));
    expect(strict).toBeTypeOf('object');
    expect(Array.isArray(strict)).toBe(false);
    expect(strict).not.toHaveProperty('name');
  });

  it('tells every fault of every source at once, and where to read on', () => {
    const directory = temporaryFolder({
      'config.json': JSON.stringify({
        mters: [],
        meters: [
          { ...METER, shedule: '* * * * *' },
          { port: 'ttyUSB0', registers: [70000] },
        ],
        mqtt: { url: 'http://x', cert: 'nowhere.pem' },
        log: { level: 'loud' },
      }),
    });
    const error = errorOf(() =>
      load({
        directory,
        environment: { MQTT_PROTOCOL_VERSION: '3', MQTT_PASSWORD_FILE: '/nowhere/password' },
        overrides: { 'log.format': 'xml', 'log.colour': 'red' },
      }),
    );
    expect(error.problems.map((problem) => problem.slice(0, problem.indexOf(':')))).toEqual([
      'mqtt.password (MQTT_PASSWORD_FILE)',
      'log.colour (command line)',
      'mters',
      'mqtt.url',
      'mqtt.protocolVersion (MQTT_PROTOCOL_VERSION)',
      'mqtt.cert',
      'log.level',
      'log.format (command line)',
      'mqtt.key',
      'meters[0].shedule',
      'meters[1].port',
      'meters[1].registers',
    ]);
    expect(error.message).toContain(`(${join(directory, 'config.json')}) has 12 problems:\n  - `);
    expect(error.message).toContain('docs/configuration.md');
  });

  it('says that there is no file, when that is so', () => {
    const error = errorOf(() => load());
    expect(error.message).toContain('no file; environment and command line only) has a problem');
    expect(error.message).toMatch(/looked for \S+multical2mqtt\.json, \S+, \S+config\.json\./);
    expect(error.problems).toEqual([expect.stringMatching(/^meters: no meter is configured.*METER_PORT/)]);
  });

  it('hides no contradiction behind a wrong value of another key', () => {
    const keys = {
      influxdb: { enabled: true, measurement: 5 },
      csv: { enabled: true },
      domoticz: { enabled: true, devices: { 'Cellar/heat_energy': 12 } },
      log: { level: 'loud' },
    };
    const meters = [{ ...METER, baudRate: 5 }];
    expect(placesOf({ ...keys, meters })).toEqual([
      'influxdb.measurement',
      'log.level',
      'influxdb.database',
      'domoticz.devices',
      'csv.directory',
      'meters[0].baudRate',
    ]);
    // What the bucket, and the meter's name, were meant to be nobody knows.
    const unknown = { ...keys, influxdb: { enabled: true, bucket: 5 }, meters: [{ ...METER, name: 5 }] };
    expect(placesOf(unknown)).toEqual(['influxdb.bucket', 'log.level', 'csv.directory', 'meters[0].name']);
  });

  it('tells what is wrong elsewhere where the file cannot be read', () => {
    const environment = { MQTT_PROTOCOL_VERSION: '3', METER_NAME: 'Heat', METER_ADDRESS: '0' };
    const problems = problemsOf(() => loadFile('{', { environment }));
    expect(problems).toHaveLength(3);
    expect(problems.join()).toMatch(/not valid JSON.*MQTT_PROTOCOL_VERSION.*METER_ADDRESS/s);
  });

  it('never shows a secret in a message', () => {
    const secret = 'hunter2-s3cret';
    const broken = {
      pasword: secret,
      mqtt: {
        url: `mqtt://me:${secret}/@host`,
        password: [secret],
        username: { secret },
        key: `-----BEGIN PRIVATE KEY-----\n${secret}`,
        cert: `-----BEGIN CERTIFICATE----- ${secret}`,
        passwort: secret,
      },
      meters: [{ name: 'a', port: `tcp://me:1/${secret}@host:1`, password: secret }, secret],
    };
    const error = errorOf(() => loadFile(broken));
    expect(error.problems.length).toBeGreaterThan(8);
    expect(error.message).not.toContain(secret);
    expect(errorOf(() => loadFile({ mqtt: { password: 8080808080 } })).message).not.toContain('8080808080');
    expect(errorOf(() => loadFile(secret)).message).not.toContain(secret);
    expect(errorOf(() => loadFile(`{ mqtt: { password: "x" ${secret} } }`)).message).not.toContain(secret);
    const url = `http://me:${secret}@host`;
    expect(errorOf(() => load({ environment: { MQTT_URL: url } })).message).not.toContain(secret);
  });

  it('takes the real working directory and the real place of the Supervisor’s options when told no other', () => {
    const environment = { METER_PORT: 'COM3', METER_NAME: 'x', MULTICAL2MQTT_CONFIG: 'config.json' };
    const loaded = loadConfig({ environment });
    expect(loaded.file).toBe(resolve('config.json'));
    expect(loaded.config.meters[0]).toMatchObject({ port: 'COM3', name: 'x' });
  });

  it('refuses a port of the command line that is none, naming the command line', () => {
    expect(problemsOf(() => load({ overrides: { 'meter.port': 'ttyUSB0', 'meter.name': 'x' } }))).toEqual([
      expect.stringMatching(
        /^meters\[0\]\.port \(command line\): .*tcp:\/\/host:port.*not "ttyUSB0"; did you mean "\/dev\/ttyUSB0"\?$/,
      ),
    ]);
  });
});

/** The keys that are complained about. */
function placesOf(file: object): readonly string[] {
  return problemsOf(() => loadFile(file)).map((problem) => problem.slice(0, problem.indexOf(':')));
}
