import type { MeterPart } from './info-codes.ts';

/**
 * How a register depends on a part of the meter:
 *
 * | tie         | while the part fails |
 * | ----------- | --- |
 * | temperature | it is that sensor's own value: never to be believed |
 * | mean        | of a period in which the sensor may have worked: only what a failed sensor shows is not believed |
 * | result      | calculated from it: never to be believed |
 * | either      | the meter does not say which of two sensors fails: only what a failed sensor shows is not believed |
 * | flow        | may still be measured (some air): only zero is not believed |
 */
export type Tie = 'temperature' | 'mean' | 'either' | 'result' | 'flow';

export type Dependency = readonly [part: MeterPart, tie: Tie];

/** Flow error = 0 l/h, power = 0.0 kW, difference = 0.00 K (TD403 p.94, TD603 p.107, TD803 p.121). */
const RESULT_OF_TEMPERATURES: readonly Dependency[] = [
  ['t1', 'result'],
  ['t2', 'result'],
  ['difference', 'result'],
];

// biome-ignore format: a table reads best in rows
/** Totals are in no row: they are what the meter counted, and it does not count with a failed sensor. */
const DEPENDENCIES: ReadonlyMap<number, readonly Dependency[]> = new Map<number, readonly Dependency[]>([
  [86, [['t1', 'temperature']]],
  [398, [['t1', 'temperature']]],
  [229, [['t1', 'temperature']]],
  ...[146, 149, 379, 381].map((id) => [id, [['t1', 'mean']]] as const),
  [87, [['t2', 'temperature']]],
  [399, [['t2', 'temperature']]],
  [230, [['t2', 'temperature']]],
  ...[147, 150, 380, 382].map((id) => [id, [['t2', 'mean']]] as const),
  [88, [['t3 or t4', 'either'], ['t3', 'temperature']]],
  ...[477, 478].map((id) => [id, [['t3 or t4', 'either'], ['t3', 'mean']]] as const),
  [122, [['t3 or t4', 'either'], ['t4', 'temperature']]],
  [89, RESULT_OF_TEMPERATURES],
  [400, RESULT_OF_TEMPERATURES],
  [80, [...RESULT_OF_TEMPERATURES, ['v1', 'flow']]],
  [74, [['v1', 'flow']]],
  [75, [['v2', 'flow']]],
]);

export function dependenciesOf(register: number | null): readonly Dependency[] {
  return register === null ? [] : (DEPENDENCIES.get(register) ?? []);
}
