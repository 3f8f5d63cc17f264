import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LANGUAGES } from '../../src/catalogue/texts/languages.ts';
import { addonOptions } from '../../src/config/addon.ts';
import { addonFirstMeterKeys, addonKeys, addonMeterKeys } from '../../src/config/addon-form.ts';
import { flattenKeys, isKey, type Keys } from '../../src/schema/key.ts';
import { loadOptions } from '../config/support/loading.ts';
import { refusal } from './support/supervisor-schema.ts';

const ADDON = resolve(import.meta.dirname, '../../addon');
const config = parse(readFileSync(join(ADDON, 'config.yaml'), 'utf8'));

describe.each(LANGUAGES)('the translation %s', (language) => {
  const { configuration, network } = parse(
    readFileSync(join(ADDON, `translations/${language}.yaml`), 'utf8'),
  );

  it('has a name and a description for every option, and for no other', () => {
    expect(shapeOf(configuration)).toEqual(
      shapeOfKeys({ ...addonKeys, ...addonFirstMeterKeys, meters: addonMeterKeys }),
    );
  });

  it('has a text for every port', () => {
    expect(Object.keys(network)).toEqual(Object.keys(config.ports));
    for (const text of Object.values(network)) expect(text).toEqual(expect.any(String));
  });
});

describe('the documentation', () => {
  it('DOCS.md names every option', () => {
    const text = readFileSync(join(ADDON, 'DOCS.md'), 'utf8');
    const ofMeter = flattenKeys(addonMeterKeys).map(([name]) => name);
    const others = flattenKeys(addonKeys).map(([path]) => path);
    const isNamed = (name: string) => text.includes(`\`${name}\``);
    // The group of the broker is named once.
    const isListed = (path: string) => isNamed(path) || isNamed(path.replace(/^mqtt\./, ''));
    const options = [...ofMeter, ...others.filter((path) => path !== 'meters')];
    expect(options.filter((path) => !isListed(path))).toEqual([]);
  });
});

describe('DOCS.md', () => {
  const text = readFileSync(join(ADDON, 'DOCS.md'), 'utf8');
  const { configuration } = parse(readFileSync(join(ADDON, 'translations/en.yaml'), 'utf8'));

  it('is read in five minutes', () => {
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(1000);
  });

  it('calls what the form calls by name', () => {
    const { meter, meter_more } = configuration;
    for (const { name } of Object.values<{ name: string }>(meter.fields))
      if (name !== 'Name') expect(text).toContain(`**${name}**`);
    for (const [option, { name }] of Object.entries<{ name: string }>(meter_more.fields))
      expect(text).toContain(`| \`${option}\` | ${name} |`);
    for (const group of ['meter', 'meter_more', 'meters', 'mqtt'])
      expect(text).toContain(`**${configuration[group].name}** (\`${group}\`)`);
  });
});

describe.each(['addon/DOCS.md', 'docs/install/addon.md'])('the examples of %s', (page) => {
  const text = readFileSync(resolve(ADDON, '..', page), 'utf8');
  const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example = '']) => parse(example));

  it('are options that can be saved', () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const options of examples) {
      const all = [options.meter, ...options.meters];
      const devices = all.flatMap(({ device }: { device?: string }) => device ?? []);
      expect(refusal(config.schema, options, devices)).toBeNull();
      // The certificate is on the reader's machine, not here.
      const { faults } = addonOptions(options);
      expect(faults.filter(({ path }) => !/^\w+\.ca$/.test(path))).toEqual([]);
      expect(loadOptions(withoutFiles(options)).loaded().config.meters).toHaveLength(all.length);
    }
  });
});

describe('the example of all options in docs/install/addon.md', () => {
  const text = readFileSync(resolve(ADDON, '../docs/install/addon.md'), 'utf8');
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];

  it('has them all, if only in a comment', () => {
    const names = [...flattenKeys(addonMeterKeys), ...flattenKeys(addonKeys)].map(
      ([path]) => path.split('.').at(-1) ?? '',
    );
    // No two heads for one meter.
    const rest = names.filter((name) => name !== 'device_path');
    expect(rest.filter((name) => !new RegExp(`\\b${name}: `).test(`${example} meters: `))).toEqual([]);
  });
});

/** Certificates are on the reader's machine, not here. */
function withoutFiles(options: object): object {
  return JSON.parse(JSON.stringify(options, (name, value) => (name === 'ca' ? '' : value)));
}

interface Translation {
  readonly name: string;
  readonly description: string;
  readonly fields?: Readonly<Record<string, Translation>>;
}

/** The names, in the structure of the form; a text that is missing shows as such. */
function shapeOf(texts: Readonly<Record<string, Translation>>): object {
  return Object.fromEntries(
    Object.entries(texts).map(([key, { name, description, fields }]) => {
      const complete = name?.length > 0 && description?.length > 0;
      return [key, complete ? (fields ? shapeOf(fields) : 'text') : 'a text is missing'];
    }),
  );
}

function shapeOfKeys(keys: Keys): object {
  return Object.fromEntries(
    Object.entries(keys).map(([name, node]) => [name, isKey(node) ? 'text' : shapeOfKeys(node)]),
  );
}
