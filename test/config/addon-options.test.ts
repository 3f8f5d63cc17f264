import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../src/config/presets.ts';
import { isCronExpression } from '../../src/polling/schedule.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { load, problemsOf } from './loading.ts';

const DEVICE = '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A5069RR4-if00-port0';

/** Loads as the program does under a Supervisor that wrote these options. */
function loadOptions(options: unknown, environment: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder({ 'options.json': JSON.stringify(options) });
  return {
    folder,
    loaded: () =>
      load({
        environment: { SUPERVISOR_TOKEN: 'x', SUPERVISOR_OPTIONS: `${folder}/options.json`, ...environment },
        quantities: ['heat_energy', 'power'],
      }),
  };
}

const problemsWith = (meter: object) => problemsOf(loadOptions({ meters: [meter] }).loaded);
const meterFrom = (meter: object) => loadOptions({ meters: [meter] }).loaded().config.meters[0];

describe("the add-on's options", () => {
  it('may be those of an add-on that has just been installed', () => {
    const { loaded, folder } = loadOptions({ meters: [], mqtt: {} });
    expect(loaded()).toMatchObject({
      isAddon: true,
      namesBroker: false,
      config: { meters: [], dataDir: folder, log: { level: 'info' } },
    });
  });

  it('describe a meter at this machine, and one in the network', () => {
    const { loaded } = loadOptions({
      meters: [
        { name: 'House', device: DEVICE },
        { name: 'Workshop', network: '192.168.1.20:2717', preset: 'balanced' },
        { name: 'Cellar', device_path: '/dev/ttyUSB7', schedule: '5 * * * *' },
      ],
      mqtt: {},
      log_level: 'debug',
    });
    const { config } = loaded();
    expect(config.meters).toMatchObject([
      { name: 'House', port: DEVICE, schedule: '0 * * * *', registers: 'auto', address: 63 },
      { name: 'Workshop', port: 'tcp://192.168.1.20:2717', schedule: 'balanced' },
      { name: 'Cellar', port: '/dev/ttyUSB7', schedule: '5 * * * *' },
    ]);
    expect(config.log.level).toBe('debug');
  });

  it('set everything else of a meter too', () => {
    const options = {
      name: 'House',
      device: DEVICE,
      detail_schedule: 'never',
      read_on_start: false,
      timezone: 'Europe/Copenhagen',
      registers: '60, 0x44',
      address: 127,
      timeout_allowance: 300,
    };
    expect(meterFrom(options)).toMatchObject({
      name: 'House',
      port: DEVICE,
      schedule: '0 * * * *',
      detailSchedule: 'never',
      readOnStart: false,
      timezone: 'Europe/Copenhagen',
      registers: [60, 0x44],
      address: 127,
      timeoutAllowance: 300,
    });
  });

  it('that were emptied in the form count as not given', () => {
    const empty = { network: '', device_path: null, preset: '', schedule: '', timezone: '', registers: '' };
    expect(meterFrom({ device: DEVICE, ...empty })).toMatchObject({ name: 'Heat meter', port: DEVICE });
  });

  it('hand over what a meter may want', () => {
    const wishes = {
      device: DEVICE,
      model: '402',
      mains_powered: true,
      max_readings_per_day: 48,
      fine_energy: true,
      mean_temperatures: true,
      heat_energy_in_kwh: true,
      gas_equivalent: 31.6,
      wake_up: 'preamble',
      baud_rate: '9600',
    };
    const { config } = loadOptions({ meters: [wishes], language: 'da' }).loaded();
    expect(config.language).toBe('da');
    expect(config.meters).toMatchObject([
      {
        model: '402',
        mainsPowered: true,
        battery: { maxReadingsPerDay: 48 },
        fineEnergy: true,
        meanTemperatures: true,
        heatEnergyInKwh: true,
        gasEquivalent: 31.6,
        wakeUp: 'preamble',
        baudRate: 9600,
      },
    ]);
  });

  it('leave what a meter may want to the defaults', () => {
    const { config } = loadOptions({ meters: [{ device: DEVICE }] }).loaded();
    expect(config.language).toBe('en');
    expect(config.meters).toMatchObject([
      { model: 'auto', mainsPowered: false, battery: { maxReadingsPerDay: null }, baudRate: 1200 },
    ]);
  });

  it.each(Object.entries(PRESETS))('know the preset %s', (preset, cron) => {
    expect(isCronExpression(cron)).toBe(true);
    expect(meterFrom({ device: DEVICE, preset, mains_powered: true })).toMatchObject({ schedule: preset });
  });

  it('may name a broker', () => {
    const { loaded } = loadOptions({
      meters: [],
      mqtt: {
        url: 'mqtt://me:pw@192.168.1.10',
        base_topic: 'cellar/heat',
        discovery_prefix: 'ha',
        discovery: 'component',
        verify_certificate: false,
      },
    });
    expect(loaded()).toMatchObject({
      namesBroker: true,
      config: {
        mqtt: { username: 'me', password: 'pw', baseTopic: 'cellar/heat', rejectUnauthorized: false },
        homeAssistant: { discoveryPrefix: 'ha', discovery: 'component' },
      },
    });
  });

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

  it('are overruled by the environment, as every file is', () => {
    const { loaded } = loadOptions({ meters: [] }, { MQTT_URL: 'mqtt://other', METER_PORT: '/dev/ttyS1' });
    expect(loaded()).toMatchObject({ namesBroker: true, config: { meters: [{ port: '/dev/ttyS1' }] } });
  });

  it('are read only under a Supervisor', () => {
    const { folder } = loadOptions({ meters: [] });
    expect(problemsOf(() => load({ environment: { SUPERVISOR_OPTIONS: `${folder}/options.json` } }))).toEqual(
      [expect.stringMatching(/no meter is configured/)],
    );
  });
});

describe("what is wrong with the add-on's options", () => {
  it.each([
    [{}, /^meters\[0\]\.device: must be chosen, or network or device_path/],
    [{ device: 'COM' }, /^meters\[0\]\.device: must be a path/],
    [{ device: DEVICE, network: 'host:1' }, /^meters\[0\]\.network: there is a device too/],
    [{ network: '192.168.1.20' }, /^meters\[0\]\.network: must be host:port/],
    [{ network: 'tcp://192.168.1.20:1' }, /^meters\[0\]\.network: must be host:port/],
    [{ device: DEVICE, preset: 'often' }, /^meters\[0\]\.preset: must be "hourly" or "saver"/],
    [{ device: DEVICE, preset: 'daily', schedule: '0 * * * *' }, /^meters\[0\]\.schedule: there is a preset/],
    [{ device: DEVICE, schedule: 'hourly o clock' }, /^meters\[0\]\.schedule: must be a cron/],
    [{ device: DEVICE, registers: '60,x' }, /^meters\[0\]\.registers: each register must be/],
    [{ device: DEVICE, registers: 60 }, /^meters\[0\]\.registers: must be a text/],
    [{ device: DEVICE, model: 'MULTICAL 403' }, /^meters\[0\]\.model: must be one of .*did you mean "403"/],
    [{ device: DEVICE, baud_rate: '300' }, /^meters\[0\]\.baud_rate: must be "1200" or "9600", not "300"/],
    [{ device: DEVICE, max_readings_per_day: 0 }, /^meters\[0\]\.max_readings_per_day: must be a whole/],
    [
      { device: DEVICE, preset: 'live' },
      /^meters\[0\]\.preset: "live" reads every 30 seconds.* set mains_powered to true/,
    ],
    [{ network: 'host:1', wake_up: 'preamble' }, /^meters\[0\]\.wake_up: must be "none" for a port in the/],
    [{ device: DEVICE, devise: 1 }, /^meters\[0\]\.devise: unknown key; did you mean "device"/],
  ])('is named by the option: %j', (meter, words) => {
    expect(problemsWith(meter)).toEqual([expect.stringMatching(words)]);
  });

  it('is named for all of them at once, without secrets', () => {
    const { loaded } = loadOptions({
      meters: [{ address: 0, device: DEVICE }, 'x'],
      mqtt: { url: 'http://me:s3cret@host', password: 12, ca: 'none.pem' },
      log_level: 'loud',
    });
    const problems = problemsOf(loaded);
    const paths = problems.map((problem) => problem.replace(/:.*/, ''));
    expect(paths).toEqual([
      'log_level',
      'mqtt.url',
      'mqtt.password',
      'mqtt.ca',
      'meters[0].address',
      'meters[1]',
    ]);
    expect(problems.join()).not.toContain('s3cret');
  });

  it('is named by the option where two meters share a place', () => {
    const twice = [
      { name: 'A', network: 'host:1' },
      { name: 'B', network: 'host:1' },
    ];
    expect(problemsOf(loadOptions({ meters: twice }).loaded)).toEqual([
      expect.stringMatching(/^meters\[1\]\.network: meters\[0\] has the same port/),
    ]);
  });

  it('is named by the option where two meters on one line differ in speed', () => {
    const both = [
      { name: 'A', device: DEVICE, baud_rate: '9600' },
      { name: 'B', device_path: DEVICE, address: 127 },
    ];
    expect(problemsOf(loadOptions({ meters: both }).loaded)).toEqual([
      expect.stringMatching(/^meters\[1\]\.baud_rate: meters\[0\] has the same port with another speed/),
    ]);
  });

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

  it('is said where it is no list or no object at all', () => {
    expect(problemsOf(loadOptions({ meters: {} }).loaded)).toEqual([
      expect.stringMatching(/^meters: must be a list/),
    ]);
    expect(problemsOf(loadOptions([]).loaded)).toEqual([expect.stringMatching(/^the whole file: must be/)]);
  });
});
