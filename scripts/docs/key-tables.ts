import { METER_OPTIONS, OPTIONS } from '../../src/config/addon-form.ts';
import { configKeys, PRINTED_OUTPUTS } from '../../src/config/keys.ts';
import { meterKeys } from '../../src/meter/config.ts';
import { flattenKeys, type Key, type Keys, variableOf } from '../../src/schema/key.ts';
import { code, codes, type DocsTable } from './markdown.ts';

const { mqtt, homeAssistant, web, log, waiting, history, compatibility, language, dataDir } = configKeys;
const outputs = Object.fromEntries(PRINTED_OUTPUTS.map(({ name, keys }) => [name, keys]));

export const KEY_TABLES: readonly DocsTable[] = [
  keyTable('keys of a meter', meterKeys, 'METER_'),
  keyTable('keys of the broker', { mqtt }),
  keyTable('keys of Home Assistant', { homeAssistant }),
  keyTable('keys of outputs', { ...outputs, waiting, compatibility }),
  keyTable('keys of the bridge', { language, dataDir, log, web, history }),
];

/** Keys with their defaults as a file has them. */
function keyTable(name: string, keys: Keys, prefix?: string): DocsTable {
  return {
    name,
    header: ['key: default', 'meaning', 'VARIABLE, add-on option'],
    rows: flattenKeys(keys).map(([path, key]) => [
      code(withDefault(path, key)),
      meaningOf(key),
      codes([...variablesOf(path, key, prefix), ...addonOptionsOf(path)]),
    ]),
  };
}

function meaningOf({ doc, validator: { choices } }: Key): string {
  return choices === undefined ? doc : `${doc} ${codes(choices.map(String))}.`;
}

/** The key alone where the default is an empty text or list. */
function withDefault(path: string, { default: standard }: Key): string {
  return String(standard) === '' ? path : `${path}: ${standard}`;
}

function variablesOf(path: string, key: Key, prefix?: string): readonly string[] {
  const variable = variableOf(path, key, prefix);
  if (variable === undefined) return [];
  return key.secret === true ? [variable, `${variable}_FILE`] : [variable];
}

/** The options of the form that set a key: the place of a head is a choice between three. */
function addonOptionsOf(path: string): readonly string[] {
  return [...OPTIONS, ...METER_OPTIONS].flatMap((one) => (one.path === path ? [one.option] : []));
}
