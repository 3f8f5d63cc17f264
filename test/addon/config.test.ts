import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { INGRESS_PORT } from '../../src/addon/ingress.ts';
import { METER_MODEL_NAMES } from '../../src/catalogue/family.ts';
import { LANGUAGES } from '../../src/catalogue/texts/languages.ts';
import { ADDON_CSV_FOLDER, addonOptions } from '../../src/config/addon.ts';
import { addonFirstMeterKeys, addonKeys, addonMeterKeys } from '../../src/config/addon-form.ts';
import { configKeys } from '../../src/config/keys.ts';
import { PRESETS } from '../../src/meter/schedules.ts';
import { OUTPUTS } from '../../src/outputs/all.ts';
import { flattenKeys } from '../../src/schema/key.ts';
import { loadOptions } from '../config/support/loading.ts';
import { hasTool, TOOL_PATH } from '../support/has-tool.ts';
import { refusal, type Schema, schemaFaults } from './support/supervisor-schema.ts';

const ADDON = resolve(import.meta.dirname, '../../addon');
const config = parse(readFileSync(join(ADDON, 'config.yaml'), 'utf8'));
const DEVICE = '/dev/serial/by-id/usb-head';

/** Groups that the Supervisor wants to see even where there is nothing in them. */
const GROUPS = {
  meter: {},
  meter_more: {},
  meters: [],
  mqtt: {},
  history: {},
  influxdb: {},
  domoticz: {},
  metrics: {},
  csv: {},
  webhook: {},
  waiting: {},
};

const WISHES = {
  model: 'flowiq-21xx',
  mains_powered: true,
  max_readings_per_day: 48,
  fine_energy: true,
  mean_temperatures: true,
  heat_energy_in_kwh: true,
  gas_equivalent: 31.6,
  wake_up: 'preamble',
  baud_rate: '9600',
};

/** Every key that the Supervisor (August 2026) knows; it drops others without a word. */
const KNOWN = [
  ...['name', 'version', 'slug', 'description', 'arch', 'machine', 'url', 'startup', 'boot', 'init', 'stage'],
  ...['ports', 'ports_description', 'webui', 'ingress', 'ingress_port', 'ingress_entry', 'ingress_stream'],
  ...['panel_icon', 'panel_title', 'panel_admin', 'homeassistant', 'host_network', 'host_pid', 'host_ipc'],
  ...['host_uts', 'host_dbus', 'devices', 'udev', 'tmpfs', 'map', 'environment', 'privileged', 'apparmor'],
  ...['full_access', 'audio', 'video', 'gpio', 'usb', 'uart', 'devicetree', 'kernel_modules', 'realtime'],
  ...[
    'hassio_api',
    'hassio_role',
    'homeassistant_api',
    'stdin',
    'legacy',
    'docker_api',
    'auth_api',
    'services',
  ],
  ...['discovery', 'backup', 'backup_pre', 'backup_post', 'backup_exclude', 'options', 'schema', 'image'],
  ...['timeout', 'journald', 'breaking_versions', 'ulimits'],
];

describe('addon/config.yaml', () => {
  it('has what is required, in the form that is required', () => {
    expect(Object.keys(config).filter((key) => !KNOWN.includes(key))).toEqual([]);
    expect(config).toMatchObject({
      name: expect.any(String),
      version: expect.any(String),
      slug: expect.stringMatching(/^[-_.A-Za-z0-9]+$/),
      description: expect.any(String),
      arch: ['aarch64', 'amd64'],
      startup: 'services',
      init: true,
      homeassistant: '2025.11.0',
      services: ['mqtt:want'],
      ingress: true,
      uart: true,
      udev: true,
    });
    expect(config.ingress_port ?? 8099).toBe(INGRESS_PORT);
    expect(config.timeout).toBeGreaterThanOrEqual(10);
    expect(config.map).toEqual(['ssl', 'share:rw']);
    expect(config.image).toMatch(/^[a-z0-9./_-]+$/);
  });

  it('asks for no more than it needs', () => {
    const powers = ['hassio_api', 'hassio_role', 'auth_api', 'docker_api', 'full_access'];
    for (const power of [...powers, 'privileged', 'host_network', 'host_pid', 'devices', 'usb'])
      expect(config).not.toHaveProperty(power);
    // For the language, which the Supervisor tells in no other way, and the statistics; it does not lower the rating.
    expect(config.homeassistant_api).toBe(true);
  });

  it('opens no port, and lets the user open that of the metrics', () => {
    expect(config.ports).toEqual({ [`${configKeys.metrics.port.default}/tcp`]: null });
    expect(Object.keys(config.ports_description)).toEqual(Object.keys(config.ports));
  });

  it('keeps passwords, tokens and addresses that may hold one out of sight', () => {
    const hidden = Object.entries<Schema>(config.schema).flatMap(([group, one]) =>
      Object.entries(one)
        .filter(([, type]) => type === 'password?')
        .map(([name]) => `${group}.${name}`),
    );
    const secret = flattenKeys(configKeys).filter(([, key]) => key.addon !== false && key.secret);
    expect(hidden.sort()).toEqual(secret.map(([path]) => path).sort());
  });

  it('has every output but MQTT off until the user turns it on', () => {
    expect(Object.keys(config.options).sort()).toEqual(Object.keys(GROUPS).sort());
    const { influxdb, domoticz, metrics, csv, webhook, mqtt } = loadOptions(config.options).loaded().config;
    for (const { enabled } of [influxdb, domoticz, metrics, csv, webhook]) expect(enabled).toBe(false);
    expect(mqtt.enabled).toBe(true);
  });

  it('is rated 8 of 8 by the Supervisor', () => {
    expect(rating(readdirSync(ADDON).includes('apparmor.txt'))).toBe(8);
  });

  it('has options whose types the Supervisor knows', () => {
    expect(schemaFaults(config.schema)).toEqual([]);
  });

  it.each([
    ['just installed', config.options],
    ['a meter here', { meter: { name: 'House', device: DEVICE } }],
    [
      'all of one meter',
      { meter: { device: DEVICE, preset: 'saver' }, meter_more: { gas_equivalent: 31.6 } },
    ],
    ['two meters', { meter: { device: DEVICE }, meters: [{ name: 'Cabin', network: 'host:1' }] }],
    ['a meter in the network', { meters: [{ network: '192.168.1.20:2717', preset: 'saver' }] }],
    ['a meter behind IPv6', { meters: [{ network: '[fd00::1]:2717' }] }],
    ['an unplugged head', { meters: [{ device_path: '/dev/serial/by-id/gone' }] }],
    ['what a meter may want', { meters: [{ device: DEVICE, ...WISHES }], language: 'da' }],
    ['an output', { meters: [], influxdb: { enabled: true, url: 'http://h:8086', database: 'heat' } }],
    ['a broker', { meters: [], mqtt: { url: 'mqtt://h', password: 'x' }, log_level: 'debug' }],
  ])('lets the add-on start with %s, and so does the program', (_, some) => {
    const options = { ...GROUPS, ...some };
    expect(refusal(config.schema, options, [DEVICE])).toBeNull();
    expect(addonOptions(options).faults).toEqual([]);
  });

  it.each([
    ['a chosen device that is unplugged', { meters: [{ device: '/dev/serial/by-id/gone' }] }],
    ['an unknown preset', { meters: [{ device: DEVICE, preset: 'often' }] }],
    ['an address without a port', { meters: [{ network: '192.168.1.20' }] }],
    ['an impossible KMP address', { meters: [{ device: DEVICE, address: 256 }] }],
    ['a model that nobody knows', { meters: [{ device: DEVICE, model: '999' }] }],
    ['no readings at all a day', { meters: [{ device: DEVICE, max_readings_per_day: 0 }] }],
    ['an impossible amount of gas', { meters: [{ device: DEVICE, gas_equivalent: 101 }] }],
    ['units that nobody knows', { meters: [], influxdb: { units: 'imperial' } }],
    ['no room at all for what waits', { meters: [], waiting: { max_megabytes: 0 } }],
    ['no list of meters', { meters: undefined }],
    ['a meter that is none', { meter: 'House' }],
  ])('keeps it from starting with %s', (_, options) => {
    expect(refusal(config.schema, { ...GROUPS, ...options }, [DEVICE])).not.toBeNull();
  });

  it('has the options that the program knows, and no others', () => {
    const { meter, meter_more, meters, ...rest } = config.schema;
    const ofFirst = flattenKeys(addonFirstMeterKeys).map(([path]) => path);
    expect(paths({ meter, meter_more }).sort()).toEqual(ofFirst.sort());
    expect({ ...meter, ...meter_more }).toEqual(meters[0]);
    expect(Object.keys(meters[0])).toEqual(flattenKeys(addonMeterKeys).map(([path]) => path));
    const known = flattenKeys(addonKeys).map(([path]) => path);
    expect(['meters', ...paths(rest)].sort()).toEqual(known.sort());
  });

  it('has a group and a name for every key of the other outputs, but for what a container knows itself, or a number does as well', () => {
    const { audience } = addonOptions({ meters: [] });
    const known = flattenKeys(addonKeys).map(([path]) => path);
    const groups = [...OUTPUTS.map(({ name }) => name), 'waiting' as const].map((name) => [
      name,
      configKeys[name],
    ]);
    const keys = flattenKeys(Object.fromEntries(groups)).map(([path]) => path);
    const left = keys.filter((path) => !known.includes(audience.name(path, undefined)));
    expect(left.sort()).toEqual(['csv.directory', 'metrics.allowedHosts', 'metrics.host', 'metrics.port']);
  });

  it('offers the presets that the program knows', () => {
    expect(config.schema.meters[0].preset).toBe(`list(${Object.keys(PRESETS).join('|')})?`);
  });

  it('offers the languages that the program knows', () => {
    expect(config.schema.language).toBe(`list(${LANGUAGES.join('|')})?`);
  });

  it('offers the models that the program knows', () => {
    expect(config.schema.meters[0].model).toBe(`list(auto|${METER_MODEL_NAMES.join('|')})?`);
  });
});

describe('beside it', () => {
  it.each([
    ['icon.png', 128, 128],
    ['logo.png', 250, 100],
  ])('%s is a picture of %i by %i', (name, width, height) => {
    const bytes = readFileSync(join(ADDON, name));
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([width, height]);
  });

  it('apparmor.txt has one profile, named after the add-on', () => {
    const text = readFileSync(join(ADDON, 'apparmor.txt'), 'utf8');
    expect([...text.matchAll(/^profile (\S+)/gm)].map(([, name]) => name)).toEqual([config.slug]);
  });

  it('apparmor.txt lets us write to our own folders, and to no other one', () => {
    const text = readFileSync(join(ADDON, 'apparmor.txt'), 'utf8');
    const written = [...text.matchAll(/^ {2}(\/\S+) \S*w\S*,$/gm)].map(([, path = '']) => path);
    expect(written.filter((path) => !path.startsWith('/dev/'))).toEqual([
      '/data/',
      '/data/**',
      `${ADDON_CSV_FOLDER}/`,
      `${ADDON_CSV_FOLDER}/**`,
    ]);
  });

  it.skipIf(!hasTool('apparmor_parser'))('apparmor.txt is understood by AppArmor', () => {
    const words = ['--skip-kernel-load', '--skip-cache', join(ADDON, 'apparmor.txt')];
    const parsed = spawnSync('apparmor_parser', words, { env: { ...process.env, PATH: TOOL_PATH } });
    expect([parsed.status, String(parsed.stderr).match(/error/i)]).toEqual([0, null]);
  });
});

/** The Supervisor's own rules (apps/utils.py, August 2026), as far as this configuration can touch them. */
function rating(hasProfile: boolean): number {
  let points = 5;
  if (config.ingress) points += 2;
  else if (config.auth_api) points += 1;
  if (config.apparmor === false) points -= 1;
  else if (hasProfile) points += 1;
  if (config.privileged?.length > 0 || config.kernel_modules) points -= 1;
  if (config.hassio_role === 'manager') points -= 1;
  if (config.hassio_role === 'admin') points -= 2;
  if (config.host_network) points -= 1;
  if (config.host_pid) points -= 2;
  if (config.docker_api || config.full_access) points = 1;
  return Math.max(1, Math.min(8, points));
}

function paths(schema: Readonly<Record<string, Schema>>): string[] {
  return Object.entries(schema).flatMap(([name, one]) =>
    typeof one === 'string' ? [name] : Object.keys(one).map((inner) => `${name}.${inner}`),
  );
}
