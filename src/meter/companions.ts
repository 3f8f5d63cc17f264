import { MOST_REGISTERS } from '../kmp/commands/get-register.ts';
import type { RegisterKnowledge } from './register-plan.ts';

/** What a user wants with every reading and not only with the detail. */
export interface Companions {
  readonly fineEnergy: boolean;
  readonly meanTemperatures: boolean;
}

/** A total, and the registers that say more of it when they come in the same reply: the better one first. */
interface Total {
  readonly id: number;
  readonly fine: readonly number[];
}

const HEAT: Total = { id: 60, fine: [266, 155] };
const VOLUME: Total = { id: 68, fine: [239, 223] };
const COOLING: Total = { id: 63, fine: [267] };
/** Volume times temperature, E8 and E9: with the volume they give mean temperatures. */
const TEMPERATURE_VOLUMES: readonly number[] = [97, 110];
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
  const withTotal = ({ id, fine }: Total, more: readonly number[] = []): number[] => {
    const companions = among([...fine, ...more]);
    return companions.length > 0 && !absent.has(id) ? [id, ...companions] : companions;
  };
  const first = [...withTotal(HEAT), ...withTotal(VOLUME, TEMPERATURE_VOLUMES)];
  const cooling = withTotal(COOLING);
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
  const finerThan = ({ fine }: Total): number[] => {
    const finer = fine.find((id) => present.has(id)) ?? fine.find(mayBe);
    return fineEnergy && finer !== undefined ? [finer] : [];
  };
  const means = meanTemperatures && TEMPERATURE_VOLUMES.every(mayBe) ? TEMPERATURE_VOLUMES : [];
  const groups = [HEAT, VOLUME, COOLING].map((total) => {
    const companions = [...finerThan(total), ...(total === VOLUME ? means : [])];
    return scheduled.includes(total.id) && companions.length > 0 ? [total.id, ...companions] : [];
  });
  // Eight at most, so all of them are in the first of two requests.
  return Array.from(new Set([...groups.flat(), ...scheduled]));
}
