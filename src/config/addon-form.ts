import { meterKeys } from '../meter/config.ts';
import { cron, PRESETS } from '../meter/schedules.ts';
import { hostAndPort, portName } from '../meter/validators.ts';
import { putAt } from '../schema/apply.ts';
import { flattenKeys, type Key, type Keys, key, snakeCase, type Validator } from '../schema/key.ts';
import { oneOf } from '../schema/validators.ts';
import { configKeys } from './keys.ts';

/** Home Assistant keeps certificates here. */
export const CERTIFICATES = '/ssl';

/** Groups of keys that are none in the form, or part of another one. */
const GROUPS: Readonly<Record<string, string>> = { homeAssistant: 'mqtt', log: '', battery: '' };

/** Keys of a meter that are a choice between several options in the form. */
const CHOICES: Readonly<Record<string, Readonly<Record<string, Validator<string>>>>> = {
  // A device that is missing keeps the Supervisor from starting the add-on; that is why there is `device_path`.
  port: { device: portName, network: hostAndPort, device_path: portName },
  schedule: { preset: oneOf(Object.keys(PRESETS)), schedule: cron },
};
/** The options of which a meter needs one. */
export const PLACES = Object.keys(CHOICES.port ?? {});

/** Options that stand elsewhere in the form than their keys in a file: what everybody is asked, and what few need. */
const FIRST = [
  ...['name', ...PLACES, 'preset', 'schedule', 'detail_schedule', 'read_on_start'],
  ...['mains_powered', 'max_readings_per_day', 'model'],
];
const LAST = [
  ...['mqtt.ca', 'mqtt.verify_certificate', 'waiting.max_megabytes', 'waiting.max_days', 'language'],
  ...['log_level', 'baud_rate', 'timezone', 'registers', 'address', 'timeout_allowance'],
];

function placeOf(option: string): number {
  return FIRST.includes(option) ? FIRST.indexOf(option) - FIRST.length : LAST.indexOf(option) + 1;
}

/** One option of the form and the key that it sets. */
export interface Option {
  /** `mqtt.base_topic` */
  readonly option: string;
  /** `mqtt.baseTopic` */
  readonly path: string;
  readonly key: Key;
}

/** The options of the form, from the keys that have one. */
function optionsOf(keys: Keys): readonly Option[] {
  const options = flattenKeys(keys).flatMap(([path, key]): readonly Option[] => {
    const { addon, doc } = key;
    if (addon === false) return [];
    const names = path.split('.');
    const name = snakeCase(names.pop() ?? '');
    const choices = keys === meterKeys ? CHOICES[path] : undefined;
    if (choices !== undefined)
      return Object.entries(choices).map(([option, validator]) => ({
        option,
        path,
        key: { doc, validator, default: null },
      }));
    const groups = names.map((group) => GROUPS[group] ?? snakeCase(group));
    const inGroup = [...groups, addon ?? name].filter((part) => part !== '').join('.');
    const option = addon?.includes('.') ? addon : inGroup;
    return [{ option, path, key }];
  });
  return options.toSorted((one, other) => placeOf(one.option) - placeOf(other.option));
}

export const OPTIONS = optionsOf(configKeys);
export const METER_OPTIONS = optionsOf(meterKeys);

/** Of each key that has an option, its first one. */
export const optionNames: ReadonlyMap<string, string> = new Map(
  [...OPTIONS, ...METER_OPTIONS].toReversed().map(({ path, option }) => [path, option]),
);

/** The form as keys of its own; addon/config.yaml lists the same. */
export const addonKeys = formKeys(OPTIONS);
/** The part of it that there is for each meter of the list. */
export const addonMeterKeys = formKeys(METER_OPTIONS);

/** What a form asks of somebody with one meter; everything else about that meter stands in a group of its own. */
const ASKED = ['name', 'device', 'network', 'preset', 'mains_powered'];
/** The groups of the first meter. */
export const FIRST_METER = ['meter', 'meter_more'] as const;
/** Of the first meter: the group that an option stands in. */
export function groupOf(option: string): (typeof FIRST_METER)[number] {
  return ASKED.includes(option) ? 'meter' : 'meter_more';
}
/** The first meter, which Home Assistant's form shows without a list: in one it names no option, and folds none. */
export const addonFirstMeterKeys = formKeys(
  METER_OPTIONS.map((one) => ({ ...one, option: `${groupOf(one.option)}.${one.option}` })),
);

function formKeys(options: readonly Option[]): Keys {
  const keys: Record<string, unknown> = {};
  for (const { option, key } of options) putAt(keys, option, option === 'meters' ? key : optionalKey(key));
  return keys as Keys;
}

/** Null: not filled in. Home Assistant's form leaves an empty text where somebody typed something and took it back. */
function optionalKey({ doc, validator }: Key): Key {
  const { read, fault, entryAt } = { ...validator, ...validator.inForm };
  return key<unknown>(
    doc,
    {
      read,
      fault: (value) => (isFilledIn(value) ? fault(value, CERTIFICATES) : null),
      ...(entryAt && { entryAt }),
    },
    null,
  );
}

export function isFilledIn(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}
