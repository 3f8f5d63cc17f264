import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LANGUAGES } from '../../src/catalogue/texts/languages.ts';
import { addonOptions } from '../../src/config/addon.ts';
import { FIRST_METER, groupOf, METER_OPTIONS, OPTIONS } from '../../src/config/addon-form.ts';
import { configKeys } from '../../src/config/keys.ts';
import { meterKeys } from '../../src/meter/config.ts';
import { flattenKeys } from '../../src/schema/key.ts';
import { loadOptions } from '../config/support/loading.ts';
import { shownAtFirst } from './support/shown-form.ts';
import { refusal } from './support/supervisor-schema.ts';

const ADDON = resolve(import.meta.dirname, '../../addon');
const OLD = resolve(import.meta.dirname, '../fixtures/addon/options-with-a-list.json');
const { schema, options } = parse(readFileSync(join(ADDON, 'config.yaml'), 'utf8'));
const textsIn = (language: string) =>
  parse(readFileSync(join(ADDON, `translations/${language}.yaml`), 'utf8')).configuration;

type Values = Readonly<Record<string, unknown>>;

describe("the add-on's form", () => {
  it('asks at first for at most eight things, those of one meter, and folds the rest', () => {
    const shown = shownAtFirst(schema, options);
    const [meter, ...others] = shown;
    expect(meter).toMatchObject({
      name: 'meter',
      as: 'panel',
      fields: ['name', 'device', 'network', 'mains_powered', 'preset'],
    });
    expect(others.filter(({ as }) => as === 'field')).toEqual([]);
    expect(others.filter(({ as }) => as === 'list').map(({ name }) => name)).toEqual(['meters']);
    const open = [...(meter?.fields ?? []), ...others.filter(({ as }) => as !== 'panel')];
    expect(open.length).toBeLessThanOrEqual(8);
  });

  it('asks for nothing that may not be left empty', () => {
    expect(typesIn(schema).filter((type) => !type.endsWith('?'))).toEqual([]);
  });

  // The frontend looks up the names of a group in a group the wrong way round, and finds none.
  it('has no group in a group, whose fields would have no names', () => {
    const groups = Object.values<object>(schema).filter((one) => typeof one === 'object');
    const inside = groups.flatMap((group) => Object.values(Array.isArray(group) ? group[0] : group));
    expect(inside.filter((one) => typeof one !== 'string')).toEqual([]);
  });

  it('shows every switch the way it is where nobody touched it', () => {
    const first = METER_OPTIONS.map((one) => ({ ...one, option: `${groupOf(one.option)}.${one.option}` }));
    const switches = [...OPTIONS, ...first].filter(({ key }) => typeof key.default === 'boolean');
    expect(switches.length).toBeGreaterThan(10);
    for (const { option, key } of switches)
      expect([option, at(options, option) ?? false]).toEqual([option, key.default]);
  });

  it('is no meter yet where nobody filled in anything', () => {
    const { config } = loadOptions(options).loaded();
    expect(config.meters).toEqual([]);
    const touched = { ...options, meter: { name: '', network: '', mains_powered: false } };
    expect(loadOptions(touched).loaded().config.meters).toEqual([]);
  });
});

describe('the options of an add-on that had its meters in a list', () => {
  const stored: Values = JSON.parse(readFileSync(OLD, 'utf8'));
  const devices = ['/dev/serial/by-id/usb-head'];

  it('are taken by the Supervisor after the update', () => {
    expect(refusal(schema, merged(options, stored), devices)).toBeNull();
  });

  it('are the same configuration as before', () => {
    const before = loadOptions(stored).loaded().config;
    const after = loadOptions(merged(options, stored)).loaded().config;
    expect({ ...after, dataDir: '' }).toEqual({ ...before, dataDir: '' });
    expect(before.meters).toMatchObject([
      {
        name: 'House',
        port: devices[0],
        schedule: 'saver',
        gasEquivalent: 31.6,
        battery: { maxReadingsPerDay: 48 },
      },
      { name: 'Workshop', port: 'tcp://192.168.1.20:2717', schedule: '0 6-22 * * *', readOnStart: false },
      { name: 'Cellar', port: '/dev/serial/by-id/usb-other' },
    ]);
    expect(before.mqtt).toMatchObject({ rejectUnauthorized: false, enabled: true });
  });
});

describe.each(LANGUAGES.filter((language) => language !== 'en'))('the form in %s', (language) => {
  it('leaves no description in English', () => {
    const english = descriptionsIn(textsIn('en'));
    const same = descriptionsIn(textsIn(language)).filter((text, index) => text === english[index]);
    expect(same).toEqual([]);
  });
});

describe.each(LANGUAGES)('the texts of the form in %s', (language) => {
  const texts = textsIn(language);

  it('call a meter the same in the list as in its groups', () => {
    const { meter, meter_more, meters } = texts;
    expect({ ...meter.fields, ...meter_more.fields }).toEqual(meters.fields);
  });

  it('name no key of a configuration file', () => {
    const keys = [...flattenKeys(configKeys), ...flattenKeys(meterKeys)];
    const spelt = keys.map(([path]) => path.split('.').at(-1) ?? '').filter((name) => /[A-Z]/.test(name));
    const all = JSON.stringify(texts);
    expect(spelt.filter((name) => new RegExp(`\\b${name}\\b`).test(all))).toEqual([]);
  });

  it('tell in words what each choice of how often means', () => {
    const { preset } = schema.meter;
    for (const name of /\((.*)\)/.exec(preset)?.[1]?.split('|') ?? [])
      expect(texts.meter.fields.preset.description).toContain(`${name}: `);
  });

  it('have short names', () => {
    expect(namesIn(texts).filter((name) => name.length > 45)).toEqual([]);
  });
});

describe('the first meter of the form', () => {
  const meter = { name: 'House', device: '/dev/ttyUSB0' };
  const problems = (some: Values) => {
    const { faults, audience } = addonOptions({ ...options, ...some });
    return faults.map(({ path, meter: place }) =>
      place === undefined ? path : audience.placeOf(path, place),
    );
  };

  it('stands in groups, before those of the list', () => {
    const some = {
      meter,
      meter_more: { gas_equivalent: 31.6 },
      meters: [{ name: 'Cabin', network: 'host:1' }],
    };
    expect(loadOptions({ ...options, ...some }).loaded().config.meters).toMatchObject([
      { name: 'House', port: '/dev/ttyUSB0', gasEquivalent: 31.6, readOnStart: true },
      { name: 'Cabin', port: 'tcp://host:1', gasEquivalent: 0 },
    ]);
  });

  it('has its faults named by group', () => {
    expect(problems({ meter: { name: 'House' } })).toEqual(['meter.device']);
    expect(problems({ meter: { ...meter, network: 'host:1' } })).toEqual(['meter.network']);
    expect(problems({ meter: { ...meter, preset: 'daily' }, meter_more: { schedule: '0 * * * *' } })).toEqual(
      ['meter_more.schedule'],
    );
    expect(problems({ meter: 'House' })).toEqual(['meter']);
    expect(problems({ meter, meters: [{ name: 'Cabin' }] })).toEqual(['meters[0].device']);
  });

  it('has its groups all named here', () => {
    expect(Object.keys(schema).filter((name) => /^meter(_|$)/.test(name))).toEqual([...FIRST_METER]);
  });
});

/** The Supervisor lays what is stored over the options of config.yaml, groups too. */
function merged(standard: Values, stored: Values): Values {
  const names = new Set([...Object.keys(standard), ...Object.keys(stored)]);
  return Object.fromEntries(
    Array.from(names, (name) => {
      const [under, over] = [standard[name], stored[name]];
      return [name, isGroup(under) && isGroup(over) ? { ...under, ...over } : (over ?? under)];
    }),
  );
}

function isGroup(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(values: Values, option: string): unknown {
  const [group = '', name = ''] = option.split('.');
  return (values[group] as Values | undefined)?.[name];
}

function typesIn(schema: unknown): readonly string[] {
  if (typeof schema === 'string') return [schema];
  return Object.values(schema as object).flatMap(typesIn);
}

interface Described {
  readonly name: string;
  readonly description: string;
  readonly fields?: Readonly<Record<string, Described>>;
}

function descriptionsIn(texts: Readonly<Record<string, Described>>): readonly string[] {
  return Object.values(texts).flatMap((one) => [one.description, ...descriptionsIn(one.fields ?? {})]);
}

function namesIn(texts: Readonly<Record<string, Described>>): readonly string[] {
  return Object.values(texts).flatMap((one) => [one.name, ...namesIn(one.fields ?? {})]);
}
