/** For how long something has been the matter with a water meter, as `leak_duration`. */
const DURATIONS = {
  dry_duration: 'Dry for at least',
  reverse_flow_duration: 'Reverse flow for at least',
  leak_duration: 'Leak for at least',
  burst_duration: 'Burst for at least',
  meter_too_hot_duration: 'Meter too hot for at least',
  no_consumption_duration: 'No consumption for at least',
} as const;

export type DurationName = keyof typeof DURATIONS;

export const DURATION_NAMES = Object.keys(DURATIONS) as readonly DurationName[];

export function durationLabel(name: DurationName): string {
  return DURATIONS[name];
}

/** Hours that each class stands for at least: up to 8, 24, 72 (three days), 168, 336, 504 hours, and more (TD3100 p.40). */
const LEAST_HOURS: readonly number[] = [0, 1, 9, 25, 73, 169, 337, 505];
const CLASS_BITS = 3n;
const CLASS = (1n << CLASS_BITS) - 1n;

/** Where the class of a duration stands in a register: its lowest bit. */
type Places = readonly (readonly [name: DurationName, lowestBit: bigint])[];

/** The info code of two bytes (TD3100 p.40): the last thirty days. */
export const IN_SHORT_CODE: Places = [
  ['dry_duration', 4n],
  ['reverse_flow_duration', 7n],
  ['leak_duration', 10n],
  ['burst_duration', 13n],
];

/**
 * Register 409, three bits for each bit of the info code: four values that jktjkt/PyKMP explains have these three. What
 * the others are is not public.
 */
export const IN_HOUR_COUNTER: Places = [
  ['dry_duration', 0n],
  ['meter_too_hot_duration', 21n],
  ['no_consumption_duration', 33n],
];

/** Each duration of `code`, in hours that have passed at least. */
export function durationsIn(code: bigint, places: Places): readonly (readonly [DurationName, number])[] {
  return places.map(([name, lowestBit]) => [name, LEAST_HOURS[Number((code >> lowestBit) & CLASS)] ?? 0]);
}
