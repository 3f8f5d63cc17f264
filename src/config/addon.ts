import { addonKeys, addonMeterKeys } from './addon-keys.ts';
import { domoticzDevices } from './domoticz-kinds.ts';
import { registerList } from './meter-kinds.ts';
import { applyKeys, flattenKeys, pickKnown, renderFaults } from './schema.ts';

/** Where an add-on writes its CSV files: in Home Assistant's folder `share`, which people reach over Samba. */
export const ADDON_CSV_FOLDER = '/share/multical2mqtt';

type Values = Readonly<Record<string, unknown>>;

/** Those of the options that somebody filled in. */
function given(values: Values): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => isGiven(value)));
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}

interface GroupLayer {
  /** In the form of a configuration file. */
  readonly value: Values;
  /** A later complaint about it, by the options' own names. */
  rename(problem: string): string;
}

/** Keys whose option is called otherwise, by the option. */
const KEYS_OF_OPTIONS: Readonly<Record<string, string>> = {
  'mqtt.discovery': 'homeAssistant.discovery',
  'mqtt.discovery_prefix': 'homeAssistant.discoveryPrefix',
  log_level: 'log.level',
};

/** What is no question in a container. Its `localhost` is nobody's InfluxDB, so the address has to be given. */
const FIXED: readonly (readonly [key: string, value: unknown])[] = [
  ['influxdb.url', ''],
  ['metrics.host', '0.0.0.0'],
  ['csv.directory', ADDON_CSV_FOLDER],
];

/** Every option but `meters`: they have the configuration's groups, and its names in the form's own style. */
function addonGroups(options: Values): GroupLayer {
  const names = flattenKeys(addonKeys())
    .map(([option]) => option)
    .filter((option) => option !== 'meters')
    .map((option) => [keyOf(option), option] as const);
  const values = names
    .map(([key, option]) => [key, option, valueAt(options, option)] as const)
    .filter(([, , value]) => isGiven(value))
    .map(([key, option, value]) => [key, asConfigured(option, value)] as const);
  const optionOf = new Map<string, string>(names);
  return {
    value: grouped([...FIXED, ...values]),
    rename: (problem) =>
      problem
        .replace(/\b[a-z]+\.[a-z]+\b/gi, (key) => optionOf.get(key) ?? key)
        // An example of what a file may hold; the form has a text for it.
        .replace(/\{"(\w+)": (\d+)\}/g, '"$1=$2"'),
  };
}

function keyOf(option: string): string {
  const known = KEYS_OF_OPTIONS[option];
  if (known !== undefined) return known;
  return option
    .replace('verify_certificate', 'reject_unauthorized')
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function asConfigured(option: string, value: unknown): unknown {
  if (option.endsWith('.ca')) return `/ssl/${String(value).replace(/^\/ssl\//, '')}`;
  return option === 'domoticz.devices' ? domoticzDevices([]).read(String(value)) : value;
}

function valueAt(options: Values, option: string): unknown {
  const [group = '', name] = option.split('.');
  return name === undefined ? options[group] : (options[group] as Values)[name];
}

/** `['log.level', 'info']` as `{ log: { level: 'info' } }`; the last of a name counts. */
function grouped(values: readonly (readonly [key: string, value: unknown])[]): Values {
  const all: Record<string, unknown> = {};
  for (const [key, value] of values) {
    const [group = '', name] = key.split('.');
    all[group] = name === undefined ? value : { ...(all[group] as object | undefined), [name]: value };
  }
  return all;
}

interface AddonMeter {
  /** In the form of a configuration file. */
  readonly value: object;
  /** By the options' own names. */
  readonly problems: readonly string[];
  /** A later complaint about the meter, without the meter itself, by the options' own names. */
  rename(problem: string): string;
}

const PLACES = ['device', 'network', 'device_path'];

/** What the form calls a key of the configuration whose value it gives unchanged. */
const OPTIONS_OF_KEYS: Readonly<Record<string, string>> = {
  name: 'name',
  detailSchedule: 'detail_schedule',
  readOnStart: 'read_on_start',
  mainsPowered: 'mains_powered',
  model: 'model',
  fineEnergy: 'fine_energy',
  meanTemperatures: 'mean_temperatures',
  heatEnergyInKwh: 'heat_energy_in_kwh',
  gasEquivalent: 'gas_equivalent',
  wakeUp: 'wake_up',
  timezone: 'timezone',
  address: 'address',
  timeoutAllowance: 'timeout_allowance',
};

/** One meter of the add-on's options. `at`: `meters[0]` */
function addonMeter(found: unknown, at: string, checkCron: (expression: string) => boolean): AddonMeter {
  const keys = addonMeterKeys(checkCron);
  const known = pickKnown(found, keys);
  const { values: option, faults } = applyKeys<Values>(keys, [known.values]);
  const places = PLACES.filter((name) => isGiven(option[name]));
  const [place = 'device'] = places;
  const port = place === 'network' ? `tcp://${option.network}` : option[place];
  // By its name, so that the configuration's own rules about presets hold here too.
  const when = isGiven(option.preset) ? 'preset' : 'schedule';
  // Not an object at all: that its place is missing too is no news.
  const refused = known.faults.some(({ path }) => path === '');
  const problems = [
    ...renderFaults([...known.faults, ...faults], { at, origins: new Map() }),
    ...(refused ? [] : placeProblems(places, at)),
    ...(isGiven(option.preset) && isGiven(option.schedule)
      ? [`${at}.schedule: there is a preset too; keep one of the two and leave the other one empty`]
      : []),
  ];
  const unchanged = Object.entries(OPTIONS_OF_KEYS).map(([key, name]) => [key, option[name]]);
  const value = given({
    ...Object.fromEntries(unchanged),
    port,
    schedule: option[when],
    registers: isGiven(option.registers) ? registerList.read(String(option.registers)) : null,
    baudRate: isGiven(option.baud_rate) ? Number(option.baud_rate) : null,
    battery: given({ maxReadingsPerDay: option.max_readings_per_day }),
  });
  const names = new Map<string, string>(
    Object.entries({ ...OPTIONS_OF_KEYS, port: place, schedule: when, baudRate: 'baud_rate' }),
  );
  const renamed = (key: string) => names.get(key) ?? key;
  // At the beginning any name; further on only those that no ordinary word looks like.
  const rename = (problem: string) => problem.replace(/^\w+/, renamed).replace(/\b[a-z]+[A-Z]\w*/g, renamed);
  return { value, problems, rename };
}

function placeProblems(places: readonly string[], at: string): readonly string[] {
  if (places.length === 1) return [];
  if (places.length > 1) {
    return [
      `${at}.${places[1]}: there is a ${places[0]} too; a meter has one head, so leave all but one of ${PLACES.join(', ')} empty`,
    ];
  }
  return [
    `${at}.device: must be chosen, or network or device_path be filled in: where is the optical head of this meter?`,
  ];
}

interface AddonLayer {
  /** In the form of a configuration file. Of use only where there are no problems. */
  readonly value: unknown;
  /** By the options' own names: `meters[0].device: ...`. */
  readonly problems: readonly string[];
  /** A later complaint about the layer, by the options' own names. */
  rename(problem: string): string;
}

/**
 * The options that Home Assistant's form writes, as a layer of the ordinary configuration: names in the form's own
 * style, a place in one of three fields, a preset in place of cron. An add-on without a meter is legal: it has just been
 * installed.
 */
export function addonOptions(found: unknown, checkCron: (expression: string) => boolean): AddonLayer {
  const keys = addonKeys();
  const known = pickKnown(found, keys);
  const { values, faults } = applyKeys<Values>(keys, [known.values]);
  const list: readonly unknown[] = Array.isArray(values.meters) ? values.meters : [];
  const meters = list.map((one, index) => addonMeter(one, `meters[${index}]`, checkCron));
  const groups = addonGroups(values);
  return {
    value: { ...groups.value, meters: meters.map(({ value }) => value) },
    problems: [
      ...renderFaults([...known.faults, ...faults], { at: '', origins: new Map() }),
      ...meters.flatMap(({ problems }) => problems),
    ],
    rename: (problem) => {
      const [, index = '', rest = ''] = /^meters\[(\d+)\]\.(.*)/s.exec(problem) ?? [];
      const meter = meters[Number(index)];
      return index === '' || meter === undefined
        ? groups.rename(problem)
        : `meters[${index}].${meter.rename(rest)}`;
    },
  };
}
