import { addonKeys, addonMeterKeys } from './addon-keys.ts';
import { applyKeys } from './apply-keys.ts';
import { registerList } from './meter-kinds.ts';
import { pickKnown } from './pick-known.ts';
import { renderFaults } from './render-faults.ts';

type Values = Readonly<Record<string, unknown>>;

interface AddonLayer {
  /** In the form of a configuration file. Of use only where there are no problems. */
  readonly value: unknown;
  /** By the options' own names: `meters[0].device: ...`. */
  readonly problems: readonly string[];
  /** A later complaint about the layer, by the options' own names. */
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
  const meters = list.map((one, index) => meterOf(one, `meters[${index}]`, checkCron));
  return {
    value: {
      meters: meters.map(({ value }) => value),
      mqtt: mqttOf(values.mqtt as Values),
      homeAssistant: homeAssistantOf(values.mqtt as Values),
      ...given({ language: values.language }),
      log: given({ level: values.log_level }),
    },
    problems: [
      ...renderFaults([...known.faults, ...faults], { at: '', origins: new Map() }),
      ...meters.flatMap(({ problems }) => problems),
    ],
    rename: (problem) =>
      problem.replace(
        /^meters\[(\d+)\]\.(.*)/s,
        (_, index, rest) => `meters[${index}].${meters[index]?.rename(rest)}`,
      ),
  };
}

function meterOf(found: unknown, at: string, checkCron: (expression: string) => boolean) {
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

function mqttOf(option: Values): object {
  const { url, username, password } = option;
  return given({
    url,
    username,
    password,
    baseTopic: option.base_topic,
    ca: isGiven(option.ca) ? `/ssl/${String(option.ca).replace(/^\/ssl\//, '')}` : null,
    rejectUnauthorized: option.verify_certificate,
  });
}

function homeAssistantOf(option: Values): object {
  return given({ discoveryPrefix: option.discovery_prefix, discovery: option.discovery });
}

function given(values: Values): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => isGiven(value)));
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}
