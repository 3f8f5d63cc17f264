import { describe, expect, it } from 'vitest';
import { redactConfig, secretsOf } from '../../src/config/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { load, loadFile, METER, problemsIn, problemsOf } from './support/loading.ts';

const INFLUXDB = { enabled: true, database: 'home' };

describe('the outputs', () => {
  it('can be set in the environment, key by key', () => {
    const directory = temporaryFolder({ 'ca.pem': 'x' });
    const { config } = load({
      directory,
      environment: {
        METER_PORT: 'COM7',
        METER_NAME: 'Cabin',
        MQTT_ENABLED: 'no',
        WAITING_MAX_MEGABYTES: '2.5',
        WAITING_MAX_DAYS: '30',
        INFLUXDB_ENABLED: 'true',
        INFLUXDB_URL: ' https://influx/path ',
        INFLUXDB_DATABASE: 'home',
        INFLUXDB_USERNAME: 'me',
        INFLUXDB_PASSWORD: 'password',
        INFLUXDB_TOKEN: 'token',
        INFLUXDB_ORG: 'org',
        INFLUXDB_MEASUREMENT: 'heat',
        INFLUXDB_TAGS: 'name, site = the cabin',
        INFLUXDB_UNITS: 'common',
        INFLUXDB_CA: 'ca.pem',
        INFLUXDB_REJECT_UNAUTHORIZED: 'no',
        DOMOTICZ_ENABLED: '1',
        DOMOTICZ_TOPIC: 'in',
        DOMOTICZ_URL: 'http://domoticz:8080',
        DOMOTICZ_USERNAME: 'me',
        DOMOTICZ_PASSWORD: 'password',
        DOMOTICZ_DEVICES: 'heat_energy=12 counter, Cabin/power = 13',
        DOMOTICZ_CA: 'ca.pem',
        DOMOTICZ_REJECT_UNAUTHORIZED: 'no',
        METRICS_ENABLED: 'yes',
        METRICS_HOST: '::',
        METRICS_PORT: '9000',
        METRICS_ALLOWED_HOSTS: 'pi.example.com',
        CSV_ENABLED: 'yes',
        CSV_DIRECTORY: '/csv',
        WEBHOOK_ENABLED: 'yes',
        WEBHOOK_URL: 'https://example.org/hook?token=hidden',
        WEBHOOK_SECRET: 'secret',
        WEBHOOK_CA: 'ca.pem',
        WEBHOOK_REJECT_UNAUTHORIZED: 'no',
      },
    });
    expect(config).toMatchObject({
      mqtt: { enabled: false },
      waiting: { maxMegabytes: 2.5, maxDays: 30 },
      influxdb: {
        enabled: true,
        url: 'https://influx/path',
        database: 'home',
        username: 'me',
        password: 'password',
        org: 'org',
        bucket: '',
        token: 'token',
        measurement: 'heat',
        tags: [{ key: 'name' }, { key: 'site', value: 'the cabin' }],
        units: 'common',
        ca: 'ca.pem',
        rejectUnauthorized: false,
      },
      domoticz: {
        enabled: true,
        topic: 'in',
        url: 'http://domoticz:8080',
        username: 'me',
        password: 'password',
        devices: [
          { meter: null, quantity: 'heat_energy', index: 12, type: 'counter' },
          { meter: 'Cabin', quantity: 'power', index: 13, type: 'value' },
        ],
        ca: 'ca.pem',
        rejectUnauthorized: false,
      },
      metrics: { enabled: true, host: '::', port: 9000, allowedHosts: ['pi.example.com'] },
      csv: { enabled: true, directory: '/csv' },
      webhook: {
        enabled: true,
        url: 'https://example.org/hook?token=hidden',
        secret: 'secret',
        ca: 'ca.pem',
        rejectUnauthorized: false,
      },
    });
  });

  it('are refused where a value makes no sense, with what would', () => {
    const problems = problemsIn({
      waiting: { maxMegabytes: 0, maxDays: '30' },
      influxdb: { url: 'influx:8086', tags: ['serial', 3], units: 'kWh' },
      domoticz: { url: 'http://me:hidden@domoticz', devices: { heat_energy: 'twelve' } },
      webhook: { url: 'https://' },
    });
    expect(problems.join('\n')).not.toContain('hidden');
    expect(problems).toEqual([
      'domoticz.devices: the device of "heat_energy" must be its number in Domoticz, such as 12, with what it takes where that is not the value itself, such as "12 counter" (value, counter, kwh, usage, waterflow), not "twelve"',
      'waiting.maxMegabytes: must be a number of megabytes from 1 to 10000, not 0',
      'waiting.maxDays: must be a number of days from 1 to 3650, not "30"',
      'influxdb.url: must start with http:// or https:// and name a host, such as "http://192.168.1.10:8086"',
      'influxdb.tags: each tag must be one of serial_number, name, model, or a text of your own such as "site=cabin", not "serial"',
      'influxdb.units: must be "published" or "common", not "kWh"',
      'domoticz.url: must be without user name and password: put them into "username" and "password", or into "token"',
      'webhook.url: must start with http:// or https:// and name a host, such as "http://192.168.1.10:8086"',
    ]);
  });

  it.each<[keys: object, problem: string]>([
    [{ influxdb: { url: 'http://influx:8086/?u=me&p=hidden' } }, 'influxdb.url: must end with its host'],
    [
      { webhook: { url: 'https://me:hidden@host' } },
      'webhook.url: must be without user name and password: a',
    ],
    [{ influxdb: { tags: ['name', 'name=x'] } }, 'influxdb.tags: the tag "name" stands there twice'],
    [{ influxdb: { measurement: '#x' } }, 'influxdb.measurement: must not begin with #, which makes'],
    [{ influxdb: { measurement: '_heat' } }, 'influxdb.measurement: must not begin with an underscore'],
    [{ influxdb: { measurement: 'heat\\' } }, 'influxdb.measurement: must not end in a backslash'],
    [{ influxdb: { measurement: 'heat\nmeter' } }, 'influxdb.measurement: must be on one line, without'],
    [{ influxdb: { tags: ['site=C:\\'] } }, 'influxdb.tags: a tag must be on one line and must not end in a'],
    [{ influxdb: { tags: ['site=the\ncabin'] } }, 'influxdb.tags: a tag must be on one line'],
    [{ domoticz: { topic: 'domoticz\t/in' } }, 'domoticz.topic: must be a topic without line ends and other'],
  ])('are refused where a value is almost right: %j', (keys, problem) => {
    const problems = problemsIn(keys);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]).not.toContain('hidden');
  });

  it.each<[keys: object, problem: string]>([
    [{ influxdb: { enabled: true } }, 'influxdb.database: must be set for InfluxDB 1.x, or'],
    [{ influxdb: { ...INFLUXDB, url: '' } }, 'influxdb.url: must be set'],
    [{ influxdb: { ...INFLUXDB, bucket: 'b', org: 'o' } }, 'influxdb.bucket: there is a database too'],
    [{ influxdb: { enabled: true, bucket: 'b' } }, 'influxdb.org: must be set for InfluxDB 2.x'],
    [{ domoticz: { enabled: true } }, 'domoticz.devices: must name at least one device'],
    [
      { domoticz: { enabled: true, devices: { 'Attic/power': 1 } } },
      'domoticz.devices: there is no meter "Attic"; there is "Heat"',
    ],
    [
      { mqtt: { enabled: false }, domoticz: { enabled: true, devices: { power: 1 } } },
      'domoticz.url: must be set, because mqtt.enabled is false',
    ],
    [
      { domoticz: { enabled: true, devices: { power: 7, heat_energy: '7 counter' } } },
      'domoticz.devices: device 7 stands there twice',
    ],
    [
      { meters: [{ ...METER, name: 'Cellar\\' }], influxdb: INFLUXDB },
      'influxdb.tags: hold the name of the meter "Cellar\\\\", and a tag must not end in a backslash',
    ],
    [{ csv: { enabled: true } }, 'csv.directory: must name a folder'],
    [{ metrics: { allowedHosts: 'pi' } }, 'metrics.allowedHosts: must be a list of names'],
    [
      { web: { allowedHosts: ['pi:80', 3] } },
      'without port and path, such as "heat.example.com", not "pi:80", 3',
    ],
    [{ webhook: { enabled: true } }, 'webhook.url: must be set'],
    [
      { metrics: { enabled: true, port: 8099 }, web: { enabled: true } },
      'metrics.port: must differ from web.port',
    ],
    [{ mqtt: { enabled: false } }, 'mqtt.enabled: must be true where no other output is on'],
  ])('are refused where one key contradicts another: %j', (keys, problem) => {
    expect(problemsIn(keys)).toEqual([expect.stringContaining(problem)]);
  });

  it('may contradict each other while they are off', () => {
    const keys = { influxdb: { bucket: 'b', database: 'd' }, csv: { directory: '' } };
    expect(loadFile({ meters: [METER], ...keys }).config.influxdb.enabled).toBe(false);
  });

  it('may hold anything else that is written in one line', () => {
    const names = { measurement: 'heat #1, "a=b" \\_c ', tags: ['name', 'site=C:\\heat, "æ" = #'] };
    const meter = { ...METER, name: '#_Kælder, "1" = C:\\heat' };
    const { influxdb } = loadFile({ meters: [meter], influxdb: { ...INFLUXDB, ...names } }).config;
    expect(influxdb).toMatchObject({ measurement: names.measurement, tags: [{}, { key: 'site' }] });
    const untagged = { ...INFLUXDB, tags: ['serial_number'] };
    expect(
      loadFile({ meters: [{ ...METER, name: 'Cellar\\' }], influxdb: untagged }).config.meters,
    ).toHaveLength(1);
  });

  it('must tell several meters apart', () => {
    const file = {
      meters: [METER, { name: 'Other', port: 'COM3' }],
      influxdb: { ...INFLUXDB, tags: ['model', 'name=x'] },
      domoticz: { enabled: true, devices: { power: 1, 'Other/power': 2 } },
    };
    expect(problemsOf(() => loadFile(file))).toEqual([
      expect.stringContaining('influxdb.tags: must hold serial_number or name where there are several'),
      expect.stringContaining('domoticz.devices: "power" must name its meter, such as "Heat/power"'),
    ]);
  });

  it('know the quantities', () => {
    const problems = problemsOf(() =>
      loadFile({ meters: [METER], domoticz: { devices: { heat_enery: 1, register_7: 2 } } }),
    );
    expect(problems).toEqual(['domoticz.devices: "heat_enery" is no quantity; did you mean "heat_energy"?']);
  });

  it('take secrets from files', () => {
    const directory = temporaryFolder({ token: 'from a file\n', hook: 'https://hook/\n' });
    const environment = { METER_PORT: 'COM7', INFLUXDB_TOKEN_FILE: 'token', WEBHOOK_URL_FILE: 'hook' };
    const { config } = load({ directory, environment });
    expect(config.influxdb.token).toBe('from a file');
    expect(config.webhook.url).toBe('https://hook/');
    expect(
      problemsOf(() => load({ environment: { METER_PORT: 'COM7', WEBHOOK_SECRET_FILE: 'gone' } })),
    ).toEqual([
      'webhook.secret (WEBHOOK_SECRET_FILE): the file "gone" does not exist; it must hold the secret',
    ]);
  });

  it('show no secret', () => {
    const hidden = {
      mqtt: { password: 'hidden-1' },
      influxdb: { password: 'hidden-2', token: 'hidden-3' },
      domoticz: { password: 'hidden-4' },
      webhook: { url: 'https://host/hidden-5', secret: 'hidden-6' },
    };
    const { config } = loadFile({ meters: [METER], ...hidden });
    expect(JSON.stringify(redactConfig(config))).not.toContain('hidden');
    expect(secretsOf(config)).toEqual([
      'hidden-1',
      'hidden-2',
      'hidden-3',
      'hidden-4',
      'https://host/hidden-5',
      // A server knows its path alone.
      '/hidden-5',
      'hidden-6',
    ]);
  });
});
