import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { INGRESS_PORT } from '../../src/app/addon.ts';
import { addonKeys, addonMeterKeys } from '../../src/config/addon-keys.ts';
import { addonOptions } from '../../src/config/addon-options.ts';
import { flattenKeys } from '../../src/config/config-key.ts';
import { PRESETS } from '../../src/config/presets.ts';
import { METER_MODEL_NAMES } from '../../src/shared/model-names.ts';
import { hasTool, TOOL_PATH } from '../support/has-tool.ts';
import { refusal, type Schema, schemaFaults } from './supervisor-schema.ts';

const ADDON = resolve(import.meta.dirname, '../../addon');
const config = parse(readFileSync(join(ADDON, 'config.yaml'), 'utf8'));
const DEVICE = '/dev/serial/by-id/usb-head';

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
    expect(config.map).toEqual(['ssl']);
    expect(config.image).toMatch(/^[a-z0-9./_-]+$/);
  });

  it('asks for no more than it needs', () => {
    const powers = [
      'hassio_api',
      'hassio_role',
      'homeassistant_api',
      'auth_api',
      'docker_api',
      'full_access',
    ];
    for (const power of [...powers, 'privileged', 'host_network', 'host_pid', 'devices', 'usb', 'ports'])
      expect(config).not.toHaveProperty(power);
  });

  it('is rated 8 of 8 by the Supervisor', () => {
    expect(rating(readdirSync(ADDON).includes('apparmor.txt'))).toBe(8);
  });

  it('has options whose types the Supervisor knows', () => {
    expect(schemaFaults(config.schema)).toEqual([]);
  });

  it.each([
    ['just installed', config.options],
    ['a meter here', { meters: [{ name: 'House', device: DEVICE }], mqtt: {} }],
    ['a meter in the network', { meters: [{ network: '192.168.1.20:2717', preset: 'saver' }], mqtt: {} }],
    ['a meter behind IPv6', { meters: [{ network: '[fd00::1]:2717' }], mqtt: {} }],
    ['an unplugged head', { meters: [{ device_path: '/dev/serial/by-id/gone' }], mqtt: {} }],
    ['what a meter may want', { meters: [{ device: DEVICE, ...WISHES }], mqtt: {}, language: 'da' }],
    ['a broker', { meters: [], mqtt: { url: 'mqtt://h', password: 'x' }, log_level: 'debug' }],
  ])('lets the add-on start with %s, and so does the program', (_, options) => {
    expect(refusal(config.schema, options, [DEVICE])).toBeNull();
    expect(addonOptions(options, () => true).problems).toEqual([]);
  });

  it.each([
    ['a chosen device that is unplugged', { meters: [{ device: '/dev/serial/by-id/gone' }], mqtt: {} }],
    ['an unknown preset', { meters: [{ device: DEVICE, preset: 'often' }], mqtt: {} }],
    ['an address without a port', { meters: [{ network: '192.168.1.20' }], mqtt: {} }],
    ['an impossible KMP address', { meters: [{ device: DEVICE, address: 256 }], mqtt: {} }],
    ['a model that nobody knows', { meters: [{ device: DEVICE, model: '999' }], mqtt: {} }],
    ['no readings at all a day', { meters: [{ device: DEVICE, max_readings_per_day: 0 }], mqtt: {} }],
    ['an impossible amount of gas', { meters: [{ device: DEVICE, gas_equivalent: 101 }], mqtt: {} }],
    ['no list of meters', { mqtt: {} }],
  ])('keeps it from starting with %s', (_, options) => {
    expect(refusal(config.schema, options, [DEVICE])).not.toBeNull();
  });

  it('has the options that the program knows, and no others', () => {
    const { meters, ...rest } = config.schema;
    const [meter] = meters;
    expect(Object.keys(meter)).toEqual(flattenKeys(addonMeterKeys(() => true)).map(([path]) => path));
    const known = flattenKeys(addonKeys()).map(([path]) => path);
    expect(['meters', ...paths(rest)].sort()).toEqual(known.sort());
  });

  it('offers the presets that the program knows', () => {
    expect(config.schema.meters[0].preset).toBe(`list(${Object.keys(PRESETS).join('|')})?`);
  });

  it('offers the models that the program knows', () => {
    expect(config.schema.meters[0].model).toBe(`list(auto|${METER_MODEL_NAMES.join('|')})?`);
  });
});

describe.each(['en', 'da', 'nl', 'sv', 'de'])('the translation %s', (language) => {
  const { configuration } = parse(readFileSync(join(ADDON, `translations/${language}.yaml`), 'utf8'));

  it('has a name and a description for every option, and for no other', () => {
    expect(shapeOf(configuration)).toEqual(shapeOfSchema(config.schema));
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

  it.skipIf(!hasTool('apparmor_parser'))('apparmor.txt is understood by AppArmor', () => {
    const words = ['--skip-kernel-load', '--skip-cache', join(ADDON, 'apparmor.txt')];
    const parsed = spawnSync('apparmor_parser', words, { env: { ...process.env, PATH: TOOL_PATH } });
    expect([parsed.status, String(parsed.stderr).match(/error/i)]).toEqual([0, null]);
  });

  it('DOCS.md explains every option', () => {
    const text = readFileSync(join(ADDON, 'DOCS.md'), 'utf8');
    const keys = [...flattenKeys(addonMeterKeys(() => true)), ...flattenKeys(addonKeys())];
    const names = keys.map(([path]) => path.split('.').at(-1)).filter((name) => name !== 'meters');
    expect(names.filter((name) => !text.includes(`\`${name}\``) && !text.includes(`.${name}\``))).toEqual([]);
  });
});

describe.each(['addon/DOCS.md', 'docs/install/addon.md'])('the examples of %s', (page) => {
  const text = readFileSync(resolve(ADDON, '..', page), 'utf8');
  const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example = '']) => parse(example));

  it('are options that can be saved', () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const options of examples) {
      const devices = options.meters.map(({ device }: { device?: string }) => device);
      expect(refusal(config.schema, options, devices)).toBeNull();
      // The certificate is on the reader's machine, not here.
      const { problems } = addonOptions(options, () => true);
      expect(problems.filter((problem) => !problem.startsWith('mqtt.ca'))).toEqual([]);
    }
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

interface Translation {
  readonly name: string;
  readonly description: string;
  readonly fields?: Readonly<Record<string, Translation>>;
}

/** The names, in the structure of the schema; a text that is missing shows as such. */
function shapeOf(texts: Readonly<Record<string, Translation>>): object {
  return Object.fromEntries(
    Object.entries(texts).map(([key, { name, description, fields }]) => {
      const complete = name?.length > 0 && description?.length > 0;
      return [key, complete ? (fields ? shapeOf(fields) : 'text') : 'a text is missing'];
    }),
  );
}

function shapeOfSchema(schema: Readonly<Record<string, Schema>>): object {
  return Object.fromEntries(
    Object.entries(schema).map(([key, one]) => {
      const inner = Array.isArray(one) ? one[0] : one;
      return [key, typeof inner === 'string' ? 'text' : shapeOfSchema(inner)];
    }),
  );
}
