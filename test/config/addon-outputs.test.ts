import { describe, expect, it } from 'vitest';
import { loadOptions, problemsOf } from './support/loading.ts';

describe("the add-on's options of other outputs", () => {
  it('leave every output but MQTT off, and each ready to be turned on', () => {
    const { config } = loadOptions({ meters: [], mqtt: {}, influxdb: {}, csv: {} }).loaded();
    expect(config).toMatchObject({
      mqtt: { enabled: true },
      influxdb: { enabled: false, measurement: 'multical', units: 'published', rejectUnauthorized: true },
      domoticz: { enabled: false, topic: 'domoticz/in', devices: [] },
      metrics: { enabled: false, host: '0.0.0.0', port: 9464 },
      csv: { enabled: false, directory: '/share/multical2mqtt' },
      webhook: { enabled: false, url: '', secret: '' },
      waiting: { maxMegabytes: 50, maxDays: 365 },
    });
    expect(config.influxdb.tags).toHaveLength(3);
  });

  it('set everything of the other outputs', () => {
    const { config } = loadOptions({
      meters: [],
      mqtt: { enabled: false },
      influxdb: {
        enabled: true,
        url: 'https://h:8086',
        org: '-',
        bucket: 'heat',
        token: 't',
        username: 'me',
        password: 'pw',
        measurement: 'heat',
        tags: 'name, site=cabin',
        units: 'common',
        verify_certificate: false,
      },
      domoticz: {
        enabled: true,
        topic: 'dz/in',
        url: 'http://d:8080',
        username: 'me',
        password: 'pw',
        devices: 'heat_energy=12, House/power=13 Usage',
        verify_certificate: false,
      },
      metrics: { enabled: true },
      csv: { enabled: true },
      webhook: { enabled: true, url: 'https://hook/token', secret: 's', verify_certificate: false },
      waiting: { max_megabytes: 10, max_days: 7 },
    }).loaded();
    expect(config).toMatchObject({
      mqtt: { enabled: false },
      influxdb: {
        enabled: true,
        url: 'https://h:8086',
        database: '',
        org: '-',
        bucket: 'heat',
        token: 't',
        username: 'me',
        password: 'pw',
        measurement: 'heat',
        tags: [{ key: 'name' }, { key: 'site', value: 'cabin' }],
        units: 'common',
        rejectUnauthorized: false,
      },
      domoticz: {
        enabled: true,
        topic: 'dz/in',
        url: 'http://d:8080',
        username: 'me',
        password: 'pw',
        devices: [
          { meter: null, quantity: 'heat_energy', index: 12, type: 'value' },
          { meter: 'House', quantity: 'power', index: 13, type: 'usage' },
        ],
        rejectUnauthorized: false,
      },
      metrics: { enabled: true, host: '0.0.0.0', port: 9464 },
      csv: { enabled: true, directory: '/share/multical2mqtt' },
      webhook: { enabled: true, url: 'https://hook/token', secret: 's', rejectUnauthorized: false },
      waiting: { maxMegabytes: 10, maxDays: 7 },
    });
  });
});

describe("what is wrong with the add-on's options of other outputs", () => {
  it.each([
    [
      { influxdb: { enabled: true, database: 'x' } },
      /^influxdb\.url: must be set, because influxdb\.enabled is true/,
    ],
    [{ influxdb: { enabled: 'yes' } }, /^influxdb\.enabled: must be true or false/],
    [{ influxdb: { url: 'h:8086' } }, /^influxdb\.url: must start with http/],
    [{ influxdb: { measurement: ' ' } }, /^influxdb\.measurement: must not be empty/],
    [{ influxdb: { tags: 'place' } }, /^influxdb\.tags: each tag must be one of/],
    [{ influxdb: { units: 'imperial' } }, /^influxdb\.units: must be "published" or "common"/],
    [{ influxdb: { ca: 'none.pem' } }, /^influxdb\.ca: the file "none.pem" does not exist/],
    [{ influxdb: { verify_certificate: 1 } }, /^influxdb\.verify_certificate: must be true or false/],
    [{ influx: {} }, /^influx: unknown key; did you mean "influxdb"/],
    [{ csv: { directory: '/x' } }, /^csv\.directory: unknown key/],
    [{ influxdb: { rejectUnauthorized: true } }, /^influxdb\.rejectUnauthorized: unknown key/],
    [{ domoticz: { topic: 'a/#' } }, /^domoticz\.topic: must be a topic/],
    [{ domoticz: { devices: 12 } }, /^domoticz\.devices: must be a text/],
    [
      { domoticz: { devices: 'heat_energy' } },
      /such as "heat_energy=12, power=13 usage", not "heat_energy"$/,
    ],
    [
      { domoticz: { devices: 'heat_energy=x' } },
      /^domoticz\.devices: the device of "heat_energy" must be its/,
    ],
    [{ domoticz: { devices: 'heet=1' } }, /^domoticz\.devices: "heet" is no quantity/],
    [{ domoticz: { enabled: true } }, /^domoticz\.devices: must name .*, such as "heat_energy=12", because/],
    [{ webhook: { enabled: true } }, /^webhook\.url: must be set/],
    [{ waiting: { max_megabytes: 0 } }, /^waiting\.max_megabytes: must be a number of megabytes/],
    [{ mqtt: { enabled: false } }, /^mqtt\.enabled: must be true where no other output is on/],
  ])('is named by the option in its group: %j', (groups, words) => {
    expect(problemsOf(loadOptions({ meters: [], ...groups }).loaded)).toEqual([expect.stringMatching(words)]);
  });

  it('is named by the option where the environment is at fault', () => {
    const environment = {
      INFLUXDB_REJECT_UNAUTHORIZED: 'perhaps',
      WAITING_MAX_DAYS: '0',
      MQTT_BASE_TOPIC: '#',
      HOME_ASSISTANT_DISCOVERY_PREFIX: '#',
      LOG_LEVEL: 'loud',
    };
    const problems = problemsOf(loadOptions({ meters: [] }, environment).loaded);
    expect(problems.map((problem) => problem.replace(/ .*/, '')).sort()).toEqual([
      'influxdb.verify_certificate',
      'log_level',
      'mqtt.base_topic',
      'mqtt.discovery_prefix',
      'waiting.max_days',
    ]);
  });

  it('is named without the addresses and passwords of the other outputs', () => {
    const problems = problemsOf(
      loadOptions({
        meters: [],
        influxdb: { url: 'http://me:s3cret@h', password: ['s3cret'], token: { s3cret: 1 } },
        webhook: { url: 'ftp://h/s3cret', secret: 12 },
      }).loaded,
    );
    expect(problems).toHaveLength(5);
    expect(problems.join()).not.toContain('s3cret');
  });
});
