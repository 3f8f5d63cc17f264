import { MOST_REGISTERS } from '../kmp/commands/get-register.ts';
import {
  COOLING_ENERGY,
  type FinelyCounted,
  HEAT_ENERGY,
  TEMPERATURE_VOLUMES,
  VOLUME,
} from '../kmp/registers/related-registers.ts';
import type { RegisterKnowledge } from './register-plan.ts';

/** What a user wants with every reading and not only with the detail. */
export interface Companions {
  readonly fineEnergy: boolean;
  readonly meanTemperatures: boolean;
}

/** Those that say more of a total. */
export const COMPANION_REGISTERS: readonly number[] = [
  ...[HEAT_ENERGY, VOLUME, COOLING_ENERGY].flatMap(({ fine }) => fine),
  ...TEMPERATURE_VOLUMES,
];

/** The clock in two halves, and whole. */
const DATE = 1003;
const CLOCK: readonly number[] = [DATE, 1002, 348];

/**
 * The detail registers in an order in which those that belong together are in one request of eight. The totals that
 * they belong to are asked for again: their values of the scheduled reading are of another moment. The clock comes
 * last, because a reading is stamped when it is complete.
 */
export function detailRequests(detail: readonly number[], { absent }: RegisterKnowledge): number[] {
  const among = (ids: readonly number[]): number[] => ids.filter((id) => detail.includes(id));
  const withTotal = ({ total, fine }: FinelyCounted, more: readonly number[] = []): number[] => {
    const companions = among([...fine, ...more]);
    return companions.length > 0 && !absent.has(total) ? [total, ...companions] : companions;
  };
  const first = [...withTotal(HEAT_ENERGY), ...withTotal(VOLUME, TEMPERATURE_VOLUMES)];
  const cooling = withTotal(COOLING_ENERGY);
  const clock = among(CLOCK);
  const placed = new Set([...first, ...cooling, ...clock]);
  const rest = detail.filter((id) => !placed.has(id));
  // Fills the request of the first ones, so that cooling begins the next.
  const filling = first.length > 0 ? rest.splice(0, MOST_REGISTERS - first.length) : [];
  const before = [...first, ...filling, ...cooling, ...rest];
  // Date and time of day from two requests would be a day apart at midnight.
  const isCut = clock[0] === DATE && before.length % MOST_REGISTERS === MOST_REGISTERS - 1;
  return isCut ? [...before.slice(0, -1), ...clock, ...before.slice(-1)] : [...before, ...clock];
}

/** The scheduled registers, with those that the user wants each time and the meter has, as far as that is known. */
export function scheduledRequests(
  scheduled: readonly number[],
  { fineEnergy, meanTemperatures }: Companions,
  { present, absent }: RegisterKnowledge,
): readonly number[] {
  const mayBe = (id: number): boolean => !absent.has(id);
  const finerThan = ({ fine }: FinelyCounted): number[] => {
    const finer = fine.find((id) => present.has(id)) ?? fine.find(mayBe);
    return fineEnergy && finer !== undefined ? [finer] : [];
  };
  const means = meanTemperatures && TEMPERATURE_VOLUMES.every(mayBe) ? TEMPERATURE_VOLUMES : [];
  const groups = [HEAT_ENERGY, VOLUME, COOLING_ENERGY].map((counted) => {
    const companions = [...finerThan(counted), ...(counted === VOLUME ? means : [])];
    return scheduled.includes(counted.total) && companions.length > 0 ? [counted.total, ...companions] : [];
  });
  // Eight at most, so all of them are in the first of two requests.
  return Array.from(new Set([...groups.flat(), ...scheduled]));
}
