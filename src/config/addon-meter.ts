import { addonMeterKeys } from './addon-keys.ts';
import { applyKeys } from './apply-keys.ts';
import { given, isGiven } from './given.ts';
import { registerList } from './meter-kinds.ts';
import { pickKnown } from './pick-known.ts';
import { renderFaults } from './render-faults.ts';

type Values = Readonly<Record<string, unknown>>;

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
export function addonMeter(
  found: unknown,
  at: string,
  checkCron: (expression: string) => boolean,
): AddonMeter {
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
