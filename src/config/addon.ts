import { meterKeys } from '../meter/config.ts';
import { cron, PRESETS } from '../meter/schedules.ts';
import { hostAndPort, portName, writtenPort } from '../meter/validators.ts';
import { applyKeys, pickKnown, putAt } from '../schema/apply.ts';
import { type Audience, type Fault, firstOfEach } from '../schema/fault.ts';
import { flattenKeys, type Key, type Keys, key, snakeCase, type Validator } from '../schema/key.ts';
import { oneOf, optionalFile } from '../schema/validators.ts';
import { configKeys } from './keys.ts';

/** The add-on writes its CSV files into Home Assistant's folder `share`, which people reach over Samba. */
export const ADDON_CSV_FOLDER = '/share/multical2mqtt';
/** Home Assistant keeps certificates here. */
const CERTIFICATES = '/ssl';

/** Not asked in a container. Its `localhost` is nobody's InfluxDB, so the form has to name the address. */
const FIXED: readonly (readonly [key: string, value: unknown])[] = [
  ['influxdb.url', ''],
  ['metrics.host', '0.0.0.0'],
  ['csv.directory', ADDON_CSV_FOLDER],
];

/** Groups of keys that are none in the form, or part of another one. */
const GROUPS: Readonly<Record<string, string>> = { homeAssistant: 'mqtt', log: '', battery: '' };

/** Keys of a meter that are a choice between several options in the form. */
const CHOICES: Readonly<Record<string, Readonly<Record<string, Validator<string>>>>> = {
  // A device that is missing keeps the Supervisor from starting the add-on; that is why there is `device_path`.
  port: { device: portName, network: hostAndPort, device_path: portName },
  schedule: { preset: oneOf(Object.keys(PRESETS)), schedule: cron },
};
const PLACES = Object.keys(CHOICES.port ?? {});

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

type Values = Readonly<Record<string, unknown>>;

/** One option of the form and the key that it sets. */
interface Option {
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
    const option = [...groups, addon ?? name].filter((part) => part !== '').join('.');
    return [{ option, path, key }];
  });
  return options.toSorted((one, other) => placeOf(one.option) - placeOf(other.option));
}

const OPTIONS = optionsOf(configKeys);
const METER_OPTIONS = optionsOf(meterKeys);

/** Of each key that has an option, its first one. */
export const optionNames: ReadonlyMap<string, string> = new Map(
  [...OPTIONS, ...METER_OPTIONS].toReversed().map(({ path, option }) => [path, option]),
);

/** The form as keys of its own; addon/config.yaml lists the same. */
export const addonKeys = formKeys(OPTIONS);
/** The part of it that there is for each meter. */
export const addonMeterKeys = formKeys(METER_OPTIONS);

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

function isFilledIn(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}

/** The options that somebody filled in without a fault, with their values as a file would have them. */
function filledIn(
  options: readonly Option[],
  values: Values,
  faults: readonly Fault[],
): readonly (readonly [Option, unknown])[] {
  const faulty = new Set(faults.map(({ path }) => path));
  return options
    .filter(({ option }) => !faulty.has(option))
    .map((option) => [option, valueAt(values, option.option)] as const)
    .filter(([, value]) => isFilledIn(value))
    .map(([option, value]) => [option, asConfigured(option, value)]);
}

function valueAt(values: Values, option: string): unknown {
  const [group = '', name] = option.split('.');
  return name === undefined ? values[group] : (values[group] as Values)[name];
}

function asConfigured({ option, key: { validator } }: Option, value: unknown): unknown {
  if (validator === optionalFile) return `${CERTIFICATES}/${String(value).replace(/^\/ssl\//, '')}`;
  if (option === 'network') return writtenPort(String(value));
  return validator.inForm === undefined ? value : validator.read(String(value));
}

interface AddonMeter {
  /** In the form of a configuration file, without what is faulty. */
  readonly value: object;
  readonly faults: readonly Fault[];
  /** The option that set a key, or would have. */
  readonly optionOf: ReadonlyMap<string, string>;
}

function addonMeter(found: unknown, meter: number): AddonMeter {
  const known = pickKnown(found, addonMeterKeys, CERTIFICATES);
  const { written, faults } = applyKeys(addonMeterKeys, [known.values], CERTIFICATES);
  const filled = filledIn(METER_OPTIONS, written as Values, faults);
  const has = (name: string): boolean => isFilledIn(valueAt(written as Values, name));
  const value: Record<string, unknown> = {};
  const optionOf = new Map(METER_OPTIONS.map(({ path, option }) => [path, option] as const));
  optionOf.set('port', 'device');
  // The first of several is the one that counts.
  for (const [{ path }, one] of filled.toReversed()) putAt(value, path, one);
  for (const { path, option } of METER_OPTIONS.toReversed()) if (has(option)) optionOf.set(path, option);
  // Not an object at all: that its place is missing too is no news.
  const refused = known.faults.some(({ path }) => path === '');
  const all = [
    ...firstOfEach([...known.faults, ...faults]),
    ...(refused ? [] : placeFaults(PLACES.filter(has))),
    ...(has('preset') && has('schedule') ? [TWO_SCHEDULES] : []),
  ];
  return { value, optionOf, faults: all.map((fault) => ({ ...fault, meter })) };
}

const TWO_SCHEDULES: Fault = {
  path: 'schedule',
  text: 'there is a preset too; keep one of the two and leave the other one empty',
};

function placeFaults([first, second]: readonly string[]): readonly Fault[] {
  if (first === undefined)
    return [
      {
        path: 'device',
        text: 'must be chosen, or network or device_path be filled in: where is the optical head of this meter?',
      },
    ];
  if (second === undefined) return [];
  return [
    {
      path: second,
      text: `there is a ${first} too; a meter has one head, so leave all but one of ${PLACES.join(', ')} empty`,
    },
  ];
}

interface AddonLayer {
  /** In the form of a configuration file, without what is faulty. */
  readonly value: unknown;
  /** By the options' own names. */
  readonly faults: readonly Fault[];
  /** The keys that faulty options would have set, those of meters left out. */
  readonly faultyKeys: readonly string[];
  /** Whether `faults` speak of this fault of a key already. */
  tells(fault: Fault): boolean;
  readonly audience: Audience;
}

/**
 * The options that Home Assistant's form writes, as a layer of the ordinary configuration: names in the form's own
 * style, a place in one of three fields, a preset in place of cron. An add-on without a meter is legal: it has just been
 * installed.
 */
export function addonOptions(found: unknown): AddonLayer {
  const known = pickKnown(found, addonKeys, CERTIFICATES);
  const { written, faults } = applyKeys(addonKeys, [known.values], CERTIFICATES);
  const values = written as Values;
  const list: readonly unknown[] = Array.isArray(values.meters) ? values.meters : [];
  const meters = list.map(addonMeter);
  const value: Record<string, unknown> = {};
  for (const [path, fixed] of FIXED) putAt(value, path, fixed);
  for (const [{ path }, filled] of filledIn(OPTIONS, values, faults)) putAt(value, path, filled);
  const optionOf = new Map(OPTIONS.map(({ path, option }) => [path, option] as const));
  const nameOf = (path: string, meter: number | undefined): string =>
    (meter === undefined ? optionOf : meters[meter]?.optionOf)?.get(path) ?? path;
  const all = [...firstOfEach([...known.faults, ...faults]), ...meters.flatMap((meter) => meter.faults)];
  return {
    value: { ...value, meters: meters.map((meter) => meter.value) },
    // The name of a key in a file is no option: it must not be shown as the option that sets the key.
    faults: all.map((fault) => ({ ...fault, isAsWritten: true })),
    faultyKeys: OPTIONS.filter(({ option }) => faults.some(({ path }) => path === option)).map(
      ({ path }) => path,
    ),
    tells: ({ path, meter }) =>
      all.some(
        (fault) =>
          fault.meter === meter &&
          (fault.path === nameOf(path, meter) || (meter !== undefined && fault.path === '')),
      ),
    audience: { name: nameOf, examples: 'form' },
  };
}
