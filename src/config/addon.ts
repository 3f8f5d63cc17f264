import { writtenPort } from '../meter/validators.ts';
import { applyKeys, pickKnown, putAt } from '../schema/apply.ts';
import { type Audience, type Fault, FILE_AUDIENCE, firstOfEach } from '../schema/fault.ts';
import { optionalFile } from '../schema/validators.ts';
import { isObject } from '../shared/stored.ts';
import {
  addonKeys,
  addonMeterKeys,
  CERTIFICATES,
  FIRST_METER,
  groupOf,
  isFilledIn,
  METER_OPTIONS,
  OPTIONS,
  type Option,
  PLACES,
} from './addon-form.ts';

/** The add-on writes its CSV files into Home Assistant's folder `share`, which people reach over Samba. */
export const ADDON_CSV_FOLDER = '/share/multical2mqtt';

/** Not asked in a container. Its `localhost` is nobody's InfluxDB, so the form has to name the address. */
const FIXED: readonly (readonly [key: string, value: unknown])[] = [
  ['influxdb.url', ''],
  ['metrics.host', '0.0.0.0'],
  ['csv.directory', ADDON_CSV_FOLDER],
];

type Values = Readonly<Record<string, unknown>>;

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

/** The first meter of the form as an entry of the list; none where its groups were left alone. */
function firstMeter(found: Values): readonly unknown[] {
  const groups = FIRST_METER.map((group) => found[group] ?? {});
  const odd = groups.find((group) => !isObject(group));
  if (odd !== undefined) return [odd];
  const options = Object.assign({}, ...groups.toReversed());
  // A switch shows on or off even where nobody touched it.
  const isBegun = Object.values(options).some((one) => isFilledIn(one) && typeof one !== 'boolean');
  return isBegun ? [options] : [];
}

function addonMeter(found: unknown, meter: number, isBesideList: boolean): AddonMeter {
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
    ...(refused ? [] : placeFaults(PLACES.filter(has), isBesideList)),
    ...(has('preset') && has('schedule') ? [TWO_SCHEDULES] : []),
  ];
  return { value, optionOf, faults: all.map((fault) => ({ ...fault, meter })) };
}

const TWO_SCHEDULES: Fault = {
  path: 'schedule',
  text: 'there is a preset too; keep one of the two and leave the other one empty',
};

const BESIDE_LIST =
  ' If the meter is one of the list meters, what was filled in here belongs there; empty meter and meter_more';

function placeFaults([first, second]: readonly string[], isBesideList: boolean): readonly Fault[] {
  if (first === undefined)
    return [
      {
        path: 'device',
        text: `must be chosen, or network or device_path be filled in: where is the optical head of this meter?${isBesideList ? BESIDE_LIST : ''}`,
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

function withoutFirstMeter(found: Values): readonly [groups: Values, others: Values] {
  const isGroup = ([name]: readonly [string, unknown]) => FIRST_METER.some((group) => group === name);
  const all = Object.entries(found);
  return [Object.fromEntries(all.filter(isGroup)), Object.fromEntries(all.filter((one) => !isGroup(one)))];
}

/**
 * The options that Home Assistant's form writes, as a layer of the ordinary configuration: names in the form's own
 * style, a place in one of three fields, a preset in place of cron. An add-on without a meter is legal: it has just been
 * installed.
 */
export function addonOptions(found: unknown): AddonLayer {
  const [groups, others] = isObject(found) ? withoutFirstMeter(found) : [{}, found];
  const known = pickKnown(others, addonKeys, CERTIFICATES);
  const { written, faults } = applyKeys(addonKeys, [known.values], CERTIFICATES);
  const values = written as Values;
  const list: readonly unknown[] = Array.isArray(values.meters) ? values.meters : [];
  const first = firstMeter(groups);
  const meters = [...first, ...list].map((one, place) =>
    addonMeter(one, place, place < first.length && list.length > 0),
  );
  const placeOf = (path: string, meter: number): string => {
    if (meter >= first.length) return FILE_AUDIENCE.placeOf(path, meter - first.length);
    return path === '' ? 'meter' : `${groupOf(path)}.${path}`;
  };
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
    audience: { name: nameOf, placeOf, examples: 'form' },
  };
}
