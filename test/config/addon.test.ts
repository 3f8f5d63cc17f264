import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../src/meter/schedules.ts';
import { isCronExpression } from '../../src/shared/schedule.ts';
import { load, loadOptions, problemsOf } from './support/loading.ts';

const DEVICE = '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A5069RR4-if00-port0';

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
    [{ network: '/dev/ttyUSB0' }, /^meters\[0\]\.network: must be host:port/],
    [{ network: '192.168.1.20' }, /^meters\[0\]\.network: must be host:port/],
    [{ network: 'rfc2217://192.168.1.20:1' }, /^meters\[0\]\.network: "rfc2217:.*bare bytes/],
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
    [{ device: DEVICE, baudRate: 1200 }, /^meters\[0\]\.baudRate: unknown key; did you mean "baud_rate"/],
    [{ device: DEVICE, port: DEVICE }, /^meters\[0\]\.port: unknown key/],
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

  it('is said where it is no list or no object at all', () => {
    expect(problemsOf(loadOptions({ meters: {} }).loaded)).toEqual([
      expect.stringMatching(/^meters: must be a list/),
    ]);
    expect(problemsOf(loadOptions([]).loaded)).toEqual([expect.stringMatching(/^the whole file: must be/)]);
  });
});
