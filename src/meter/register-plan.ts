import { type FirstRequest, UNKNOWN_FIRST } from '../catalogue/family.ts';
import {
  COOLING_ENERGY,
  type FinelyCounted,
  HEAT_ENERGY,
  R,
  TEMPERATURE_VOLUMES,
  VOLUME,
} from '../catalogue/register.ts';
import { ELECTRICITY_REGISTER_IDS, HEAT_REGISTER_IDS } from '../catalogue/registers.ts';
import { MOST_REGISTERS } from '../kmp/messages.ts';
import type { ExtraRegisters } from './config.ts';

/** A register that is neither present nor absent was never asked for. */
export interface RegisterKnowledge {
  readonly present: ReadonlySet<number>;
  readonly absent: ReadonlySet<number>;
  /** Nothing has come of them but their own values. */
  readonly useless?: ReadonlySet<number>;
}

/** A meter of this kind should have it, so one odd reply is no proof that it is gone. */
export function isMainRegister(id: number, { slots }: FirstRequest = UNKNOWN_FIRST): boolean {
  return slots.some(([first]) => first === id);
}

/** Chooses the eight registers that matter, in one request, as far as it is known what the meter has. */
export function mainRegisters(
  { present, absent }: RegisterKnowledge,
  { slots, fillers }: FirstRequest = UNKNOWN_FIRST,
): number[] {
  const main = slots.flatMap((slot) => slot.find((id) => !absent.has(id)) ?? []);
  const chosen = main.length < slots.length ? [...main, ...fillers.filter((id) => present.has(id))] : main;
  // A meter that seems to have none of them is asked for them all the same: it may have been a disturbance.
  const asked = chosen.length > 0 ? chosen : slots.flatMap((slot) => slot.slice(0, 1));
  return [...new Set(asked)].slice(0, MOST_REGISTERS);
}

/**
 * The main registers of a meter whose family is open and that is asked for nothing else. Once, the info bits stand in
 * for the temperature difference, which follows from two others: that register tells the x3 family from the rest, and
 * without it the info code could never be understood. Whoever has none leaves it out, which costs nothing.
 */
export function withInfoBits(main: readonly number[], { present, absent }: RegisterKnowledge): number[] {
  const isOpen = main.includes(R.infoCode) && !present.has(R.infoBits) && !absent.has(R.infoBits);
  return main.map((id) => (isOpen && id === R.temperatureDifference ? R.infoBits : id));
}

/** Chooses all other registers that a meter of this kind may have and did not leave out so far. */
export function detailRegisters(
  knowledge: RegisterKnowledge,
  main: readonly number[],
  table: 'heat' | 'electricity' = isElectricity(knowledge) ? 'electricity' : 'heat',
): number[] {
  const candidates = table === 'electricity' ? ELECTRICITY_REGISTER_IDS : HEAT_REGISTER_IDS;
  return candidates.filter((id) => !knowledge.absent.has(id) && !main.includes(id));
}

/** False until the meter was asked for everything that it may have. */
export function isFullyKnown(
  knowledge: RegisterKnowledge,
  main: readonly number[],
  table?: 'heat' | 'electricity',
): boolean {
  return detailRegisters(knowledge, main, table).every((id) => knowledge.present.has(id));
}

/** A meter without heat energy and volume is no heat, cooling or water meter. */
export function isElectricity({ absent }: RegisterKnowledge): boolean {
  return absent.has(R.heatEnergy) && absent.has(R.volume);
}

/** The clock in two halves, and whole. */
const CLOCK: readonly number[] = [R.date, R.clock, R.dateTime];

/**
 * The detail registers in an order in which those that belong together are in one request of eight. The totals that
 * they belong to are asked for again: their values of the scheduled reading are of another moment. The clock comes
 * last, with few others in its reply, which is stamped when it is complete.
 */
export function detailRequests(detail: readonly number[], { absent }: RegisterKnowledge): number[] {
  const among = (ids: readonly number[]): number[] => ids.filter((id) => detail.includes(id));
  const withTotal = ({ total, fine }: FinelyCounted, more: readonly number[] = []): number[] => {
    const extras = among([...fine, ...more]);
    return extras.length > 0 && !absent.has(total) ? [total, ...extras] : extras;
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
  const isCut = clock[0] === R.date && before.length % MOST_REGISTERS === MOST_REGISTERS - 1;
  return isCut ? [...before.slice(0, -1), ...clock, ...before.slice(-1)] : [...before, ...clock];
}

/** Adds to the scheduled registers those that the user wants each time, as far as the meter may have them. */
export function scheduledRequests(
  scheduled: readonly number[],
  { fineEnergy, meanTemperatures }: ExtraRegisters,
  { present, absent, useless }: RegisterKnowledge,
): readonly number[] {
  const mayBe = (id: number): boolean => !absent.has(id);
  const finerThan = ({ fine }: FinelyCounted): number[] => {
    const worthIt = fine.filter((id) => !useless?.has(id));
    const finer = worthIt.find((id) => present.has(id)) ?? worthIt.find(mayBe);
    return fineEnergy && finer !== undefined ? [finer] : [];
  };
  const means = meanTemperatures && TEMPERATURE_VOLUMES.every(mayBe) ? TEMPERATURE_VOLUMES : [];
  const groups = [HEAT_ENERGY, VOLUME, COOLING_ENERGY].map((counted) => {
    const extras = [...finerThan(counted), ...(counted === VOLUME ? means : [])];
    return scheduled.includes(counted.total) && extras.length > 0 ? [counted.total, ...extras] : [];
  });
  // Eight at most, so all of them are in the first of two requests.
  return Array.from(new Set([...groups.flat(), ...scheduled]));
}
