import { ADDON_CSV_FOLDER } from './addon-csv-folder.ts';
import { addonKeys } from './addon-keys.ts';
import { flattenKeys } from './config-key.ts';
import { domoticzDevices } from './domoticz-kinds.ts';
import { isGiven } from './given.ts';

type Values = Readonly<Record<string, unknown>>;

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
export function addonGroups(options: Values): GroupLayer {
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
