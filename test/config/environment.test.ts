import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { load, loadFile, METER, problemsOf } from './support/loading.ts';
import { OUTPUT_DEFAULTS } from './support/output-defaults.ts';

const ONE_METER = { METER_PORT: '/dev/ttyUSB0', METER_NAME: 'Heat' };
const password = (environment: Record<string, string>, directory = temporaryFolder()): string =>
  load({ directory, environment: { ...ONE_METER, ...environment } }).config.mqtt.password;

describe('the environment', () => {
  it('can set every key but those of other outputs', () => {
    const directory = temporaryFolder({ 'a.pem': 'a', 'c.pem': 'c', 'k.pem': 'k' });
    const { config } = load({
      directory,
      environment: {
        METER_PORT: 'tcp://[fe80::1]:4001',
        METER_NAME: 'Heat',
        METER_SCHEDULE: '*/30 * * * *',
        METER_DETAIL_SCHEDULE: '0 0 4 * * *',
        METER_READ_ON_START: 'no',
        METER_TIMEZONE: 'Europe/Copenhagen',
        METER_REGISTERS: '60, 0x44,80',
        METER_ADDRESS: '0x7F',
        METER_MODEL: 'KWM2231',
        METER_BAUD_RATE: '9600',
        METER_TIMEOUT_ALLOWANCE: '500',
        METER_WAKE_UP: 'none',
        METER_MAINS_POWERED: 'on',
        METER_BATTERY_MAX_READINGS_PER_DAY: '60',
        METER_BATTERY_MIN_SECONDS_BETWEEN: '30',
        METER_BURST_ABOVE: '2 kW',
        METER_BURST_EVERY: '5 min',
        METER_FINE_ENERGY: 'yes',
        METER_MEAN_TEMPERATURES: 'on',
        METER_HEAT_ENERGY_IN_KWH: 'true',
        METER_GAS_EQUIVALENT: '31.6',
        METER_PRICE: '0.85',
        METER_CURRENCY: 'DKK',
        METER_UNITS: 'heat_energy=kWh, volume = L',
        MQTT_URL: 'mqtts://broker:8883',
        MQTT_USERNAME: 'me',
        MQTT_PASSWORD: ' with spaces ',
        MQTT_CLIENT_ID: 'id',
        MQTT_BASE_TOPIC: 'base',
        MQTT_PROTOCOL_VERSION: '5',
        MQTT_CA: 'a.pem',
        MQTT_CERT: 'c.pem',
        MQTT_KEY: 'k.pem',
        MQTT_REJECT_UNAUTHORIZED: 'FALSE',
        HOME_ASSISTANT_ENABLED: '0',
        HOME_ASSISTANT_DISCOVERY_PREFIX: 'ha',
        HOME_ASSISTANT_DISCOVERY: 'component',
        HOME_ASSISTANT_STATUS_TOPIC: 'ha/status',
        HOME_ASSISTANT_STATISTICS: 'off',
        HOME_ASSISTANT_URL: ' http://ha:8123 ',
        HOME_ASSISTANT_TOKEN: 'long lived',
        HISTORY_METER_LOG: 'no',
        COMPATIBILITY_VALUES_TOPIC: 'kamstrup/values',
        MULTICAL2MQTT_LANGUAGE: 'da',
        DATA_DIR: '/var/lib/m',
        LOG_LEVEL: 'debug',
        LOG_FORMAT: 'json',
        LOG_TIMEZONE: 'UTC',
        WEB_ENABLED: 'yes',
        WEB_HOST: '0.0.0.0',
        WEB_PORT: '8080',
        WEB_ALLOWED_HOSTS: 'heat.example.com, other.example.com',
        WEB_PASSWORD: 'warm water',
        WEB_AUTH: 'none',
        WEB_PUBLIC_URL: 'https://heat.example.com/page',
      },
    });
    expect(config).toEqual({
      meters: [
        {
          port: 'tcp://[fe80::1]:4001',
          name: 'Heat',
          schedule: '*/30 * * * *',
          detailSchedule: '0 0 4 * * *',
          readOnStart: false,
          timezone: 'Europe/Copenhagen',
          registers: [60, 68, 80],
          address: 0x7f,
          model: 'kwm2231',
          baudRate: 9600,
          timeoutAllowance: 500,
          wakeUp: 'none',
          mainsPowered: true,
          battery: { maxReadingsPerDay: 60, minSecondsBetween: 30 },
          burst: { above: '2 kW', every: '5 min' },
          fineEnergy: true,
          meanTemperatures: true,
          heatEnergyInKwh: true,
          gasEquivalent: 31.6,
          price: 0.85,
          currency: 'DKK',
          units: { heat_energy: 'kWh', volume: 'l' },
        },
      ],
      mqtt: {
        enabled: true,
        url: 'mqtts://broker:8883',
        username: 'me',
        password: ' with spaces ',
        clientId: 'id',
        baseTopic: 'base',
        protocolVersion: 5,
        ca: 'a.pem',
        cert: 'c.pem',
        key: 'k.pem',
        rejectUnauthorized: false,
      },
      homeAssistant: {
        enabled: false,
        discoveryPrefix: 'ha',
        discovery: 'component',
        statusTopic: 'ha/status',
        statistics: false,
        url: 'http://ha:8123',
        token: 'long lived',
      },
      compatibility: { valuesTopic: 'kamstrup/values' },
      ...OUTPUT_DEFAULTS,
      history: { ...OUTPUT_DEFAULTS.history, meterLog: false },
      language: 'da',
      dataDir: '/var/lib/m',
      log: { level: 'debug', format: 'json', timezone: 'UTC' },
      web: {
        enabled: true,
        host: '0.0.0.0',
        port: 8080,
        allowedHosts: ['heat.example.com', 'other.example.com'],
        password: 'warm water',
        auth: 'none',
        publicUrl: 'https://heat.example.com/page',
      },
    });
  });

  it.each([
    ['true', true],
    ['Yes', true],
    ['ON', true],
    [' 1 ', true],
    ['false', false],
    ['no', false],
    ['Off', false],
    ['0', false],
  ])('may say %j for %j', (text, expected) => {
    const environment = { METER_READ_ON_START: text };
    expect(loadFile({ meters: [METER] }, { environment }).config.meters[0]?.readOnStart).toBe(expected);
  });

  it('says "auto" for the registers too', () => {
    const environment = { METER_REGISTERS: 'auto' };
    const file = { meters: [{ ...METER, registers: [60] }] };
    expect(loadFile(file, { environment }).config.meters[0]?.registers).toBe('auto');
  });

  it('overrules the single meter of a file, key by key', () => {
    const file = { meters: [{ ...METER, schedule: '5 * * * *' }] };
    const { config } = loadFile(file, { environment: { METER_PORT: 'COM7' } });
    expect(config.meters).toMatchObject([{ name: 'Heat', port: 'COM7', schedule: '5 * * * *' }]);
  });

  it('makes the meter of a file that has none', () => {
    expect(loadFile({ meters: [] }, { environment: ONE_METER }).config.meters).toHaveLength(1);
  });

  it('cannot say which of several meters it means', () => {
    const file = { meters: [METER, { name: 'Other', port: 'COM3' }] };
    const problems = problemsOf(() =>
      loadFile(file, { environment: { METER_PORT: 'COM7' }, overrides: { 'meter.schedule': '* * * * *' } }),
    );
    expect(problems).toEqual([
      'METER_PORT, meter.schedule (command line): for a single meter only, but the file has 2; remove this and set the keys of each meter in the file',
    ]);
  });

  it('names what the single meter lacks', () => {
    const [problem] = problemsOf(() => load({ environment: { METER_NAME: 'Heat' } }));
    expect(problem).toMatch(/^meters\[0\]\.port: must not be empty or left out/);
  });

  it('needs no more than a port', () => {
    const { config } = load({ environment: { METER_PORT: 'COM7' } });
    expect(config.meters).toMatchObject([{ name: 'Heat meter', port: 'COM7' }]);
  });

  it('counts an empty variable as not set', () => {
    const file = { meters: [METER, { name: 'Other', port: 'COM3' }], mqtt: { password: 'from the file' } };
    const environment = { METER_PORT: '', MQTT_PASSWORD: '', MQTT_PASSWORD_FILE: '', LOG_LEVEL: '' };
    expect(loadFile(file, { environment }).config).toMatchObject({
      mqtt: { password: 'from the file' },
      log: { level: 'info' },
    });
  });

  it.each([
    ['METER_READ_ON_START', 'meters[0].readOnStart', 'maybe', 'must be true or false'],
    ['METER_ADDRESS', 'meters[0].address', '1.5', 'must be a whole number from 1 to 255'],
    ['METER_ADDRESS', 'meters[0].address', 'abc', 'must be a whole number from 1 to 255'],
    ['METER_REGISTERS', 'meters[0].registers', '60,x,', 'each register must be a whole number'],
    ['METER_TIMEOUT_ALLOWANCE', 'meters[0].timeoutAllowance', '-1', 'must be a whole number of milliseconds'],
    ['MQTT_PROTOCOL_VERSION', 'mqtt.protocolVersion', '3.1.1', 'must be 4 or 5'],
    ['MULTICAL2MQTT_LANGUAGE', 'language', 'fr', 'must be "en" or "da" or "nl" or "sv" or "de"'],
    ['HOME_ASSISTANT_DISCOVERY', 'homeAssistant.discovery', 'single', 'must be "device" or "component"'],
    ['HOME_ASSISTANT_ENABLED', 'homeAssistant.enabled', '2', 'must be true or false'],
  ])('is checked: %s=%s', (variable, path, text, allowed) => {
    const problems = problemsOf(() => load({ environment: { ...ONE_METER, [variable]: text } }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${path} (${variable}): ${allowed}`);
  });
});

describe('the password file (a Docker secret)', () => {
  it.each([
    ['secret', 'secret'],
    ['secret\n', 'secret'],
    ['secret\r\n', 'secret'],
    ['two\n\n', 'two\n'],
    [' spaces stay ', ' spaces stay '],
  ])('with %j gives %j', (content, expected) => {
    const directory = temporaryFolder({ password: content });
    expect(password({ MQTT_PASSWORD_FILE: 'password' }, directory)).toBe(expected);
  });

  it('excludes MQTT_PASSWORD', () => {
    const environment = { MQTT_PASSWORD: 'hidden-one', MQTT_PASSWORD_FILE: '/run/secrets/x' };
    const problems = problemsOf(() => password(environment));
    expect(problems).toEqual([
      'mqtt.password: MQTT_PASSWORD and MQTT_PASSWORD_FILE are both set; keep one and remove the other',
    ]);
  });

  it('must exist and be a file', () => {
    expect(problemsOf(() => password({ MQTT_PASSWORD_FILE: '/run/secrets/gone' }))).toEqual([
      'mqtt.password (MQTT_PASSWORD_FILE): the file "/run/secrets/gone" does not exist; it must hold the password',
    ]);
    expect(problemsOf(() => password({ MQTT_PASSWORD_FILE: temporaryFolder() }))).toEqual([
      expect.stringContaining('cannot be read (EISDIR)'),
    ]);
  });
});
