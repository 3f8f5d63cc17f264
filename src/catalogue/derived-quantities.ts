import { PROBLEM_GROUPS, problemGroup, problemQuantity } from './info-codes.ts';
import { DURATION_NAMES, durationLabel } from './problem-durations.ts';
import {
  COOLING_ENERGY,
  type FinelyCounted,
  HEAT_ENERGY,
  R,
  type ReadingNature,
  TEMPERATURE_VOLUMES,
  type Traits,
  VOLUME,
} from './register.ts';

/** Either of them says what is the matter. */
const INFO = [[R.infoCode], [R.infoBits]];
/** Either of them says for how long something has been the matter. */
const HOURS = [[R.infoCode], [R.infoHourCounter]];
const HEAT = [[HEAT_ENERGY.total]];
const COOLING = [[COOLING_ENERGY.total]];
const WATER = [[VOLUME.total]];
const MEANS = [[VOLUME.total, ...TEMPERATURE_VOLUMES]];
/** The clock whole, or in two halves. */
const CLOCK = [[R.dateTime], [R.date, R.clock]];

type AmountRow = readonly [
  quantity: string,
  label: string,
  nature: ReadingNature,
  /** Sets of registers, each of which is enough. */
  from: readonly (readonly number[])[],
  traits?: Traits,
];

// biome-ignore format: a table reads best in rows
/** Quantities that follow from amounts, temperatures and the clock, with the registers that they need. */
export const AMOUNT_QUANTITIES: readonly AmountRow[] = [
  ['heat_energy_fine', 'Heat energy, fine', 'total', eachFine(HEAT_ENERGY)],
  ['cooling_energy_fine', 'Cooling energy, fine', 'total', eachFine(COOLING_ENERGY)],
  ['volume_fine', 'Volume, fine', 'total', eachFine(VOLUME)],
  ['heat_energy_day', 'Heat energy today', 'period-total', HEAT, { shown: true }],
  ['heat_energy_month', 'Heat energy this month', 'period-total', HEAT, { shown: true }],
  ['cooling_energy_day', 'Cooling energy today', 'period-total', COOLING],
  ['cooling_energy_month', 'Cooling energy this month', 'period-total', COOLING],
  ['volume_day', 'Volume today', 'period-total', WATER],
  ['volume_month', 'Volume this month', 'period-total', WATER],
  ['mean_flow_temperature', 'Mean flow temperature', 'mean', MEANS],
  ['mean_return_temperature', 'Mean return temperature', 'mean', MEANS],
  ['mean_cooling', 'Mean cooling', 'mean', MEANS, { shown: true, measure: 'difference' }],
  ['mean_cooling_day', 'Mean cooling today', 'mean', MEANS, { measure: 'difference' }],
  ['mean_cooling_month', 'Mean cooling this month', 'mean', MEANS, { shown: true, measure: 'difference' }],
  ['mean_cooling_year', 'Mean cooling this year', 'mean', MEANS, { measure: 'difference' }],
  ['heat_energy_kwh', 'Heat energy in kWh', 'total', HEAT, { shown: true, repeats: 'heat_energy' }],
  ['gas_equivalent', 'Gas equivalent', 'total', HEAT, { shown: true, measure: 'gas' }],
  ['active_energy_import_counted', 'Active energy import, counted', 'total', [[1, 13]], { shown: true, glance: 'apart', power: 'power_import' }],
  ['active_energy_export_counted', 'Active energy export, counted', 'total', [[2, 14]], { shown: true, glance: { named: 'export' }, power: 'power_export' }],
  ['meter_clock', 'Meter time', 'clock', CLOCK],
  ['clock_drift', 'Clock drift', 'drift', CLOCK],
];

function eachFine({ total, fine }: FinelyCounted): readonly (readonly number[])[] {
  return fine.map((id) => [total, id]);
}

/** A quantity that is in no register, but follows from some. */
export interface DerivedQuantity {
  /** The public name in topics and JSON. Never changed, never used twice. */
  readonly quantity: string;
  /** For a person, in English and sentence case. */
  readonly label: string;
  readonly nature: ReadingNature;
  /** Sets of registers, each of which is enough for it. */
  readonly from: readonly (readonly number[])[];
  readonly traits: Traits;
}

type Row = readonly [string, string, ReadingNature, DerivedQuantity['from'], Traits?];

const ROWS: readonly Row[] = [
  ['info', 'Info', 'message', INFO, { shown: true }],
  // On for any, also for what is in no table.
  ['problem', 'Problem', 'problem', INFO, { shown: true }],
  ...PROBLEM_GROUPS.map((group): Row => {
    const { label, traits } = problemGroup(group);
    return [problemQuantity(group), label, 'problem', INFO, traits];
  }),
  ...DURATION_NAMES.map((name): Row => [name, durationLabel(name), 'duration', HOURS, { content: 'whole' }]),
  ...AMOUNT_QUANTITIES,
];

const BY_NAME: ReadonlyMap<string, DerivedQuantity> = new Map(
  ROWS.map(([quantity, label, nature, from, traits = {}]) => [
    quantity,
    { quantity, label, nature, from, traits },
  ]),
);

export const DERIVED_QUANTITY_NAMES: readonly string[] = Array.from(BY_NAME.keys());

/** Undefined for a name that is not (any more) derived. */
export function derivedQuantity(quantity: string): DerivedQuantity | undefined {
  return BY_NAME.get(quantity);
}

const FINE = '_fine';

/** The total that a fine one has more digits of; undefined for what is no fine total. */
export function totalOfFine(quantity: string): string | undefined {
  return BY_NAME.has(quantity) && quantity.endsWith(FINE) ? quantity.slice(0, -FINE.length) : undefined;
}
