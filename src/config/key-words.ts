import { meterKeys } from '../meter/config.ts';
import { PRESETS } from '../meter/schedules.ts';
import { flattenKeys, type Keys, variableOf } from '../schema/key.ts';
import { optionNames } from './addon-form.ts';
import { configKeys } from './keys.ts';
import type { LoadedConfig } from './load.ts';

const NO_OPTION = ' (which this add-on does not let you set)';
/** Of the add-on: a key without an option, that everything else speaks of by its place. */
const PLACES: Readonly<Record<string, string>> = { dataDir: '/data' };

/**
 * Texts name keys as a file has them. Returns what makes of such a text one that names what the user has before him: the
 * options of the add-on's form, or environment variables where there is no file.
 */
export function keyWords({
  isAddon,
  file,
}: Pick<LoadedConfig, 'isAddon' | 'file'>): (text: string) => string {
  if (isAddon) return inWordsOfTheForm;
  return file === null ? (text) => renamed(text, VARIABLES) : (text) => text;
}

function inWordsOfTheForm(text: string): string {
  return renamed(text, FORM)
    .replaceAll(NAMED_SCHEDULE, 'preset ')
    .replaceAll(/\bdocs\/[\w/-]+\.md\b/g, 'the tab Documentation of this add-on');
}

/** What a file has as one key is two options: a schedule with a name is a preset. */
const NAMED_SCHEDULE = new RegExp(`\\bschedule (?="(?:${Object.keys(PRESETS).join('|')})")`, 'g');

/** Keys whose names no sentence has but to name them. */
function spelt(keys: Keys): ReturnType<typeof flattenKeys> {
  return flattenKeys(keys).filter(([path]) => /[.A-Z]/.test(path));
}

const SPELT = [...spelt(configKeys), ...spelt(meterKeys)].map(([path]) => path);

const FORM: ReadonlyMap<string, string> = new Map(
  SPELT.map((path) => [path, optionNames.get(path) ?? PLACES[path] ?? `${path}${NO_OPTION}`]),
);

const VARIABLES: ReadonlyMap<string, string> = new Map(
  [
    ...spelt(configKeys).map(([path, key]) => [path, variableOf(path, key)] as const),
    ...spelt(meterKeys).map(([path, key]) => [path, variableOf(path, key, 'METER_')] as const),
  ].map(([path, name = path]) => [path, name]),
);

/** No part of a path, an address or a longer name. A text that comes by twice is changed once. */
const KEY = new RegExp(
  `(?<![\\w./@-])(${SPELT.map((path) => path.replaceAll('.', '\\.')).join('|')})(?![\\w/@-]|\\.\\w|${escaped(NO_OPTION)})`,
  'g',
);

function escaped(text: string): string {
  return text.replaceAll(/[()]/g, '\\$&');
}

function renamed(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(KEY, (key) => names.get(key) ?? key);
}
