import { MOST_REGISTERS } from '../kmp/commands/get-register.ts';
import {
  ELECTRICITY_REGISTER_IDS,
  HEAT_REGISTER_IDS,
  registerInfo,
} from '../kmp/registers/register-table.ts';

/** Which registers a meter answered and which it left out. An id in neither was never asked for. */
export interface RegisterKnowledge {
  readonly present: ReadonlySet<number>;
  readonly absent: ReadonlySet<number>;
}

/** Energy, volume, flow, power, flow and return temperature, their difference, info code. */
const MAIN: readonly number[] = [60, 68, 74, 80, 86, 87, 89, 99];

/** What another meter has in place of a main register. */
const EQUIVALENTS: ReadonlyMap<number, number> = new Map([
  [86, 398],
  [87, 399],
  [89, 400],
  [99, 369],
]);

/** What fills the free places of the one request, in this order: cooling, then water, then electricity. */
const FILLERS: readonly number[] = [
  ...[63, 292, 299, 243, 1004],
  ...[1, 2, 1023, 1024, 1054, 1055, 1056, 1080],
];

export function isMainRegister(id: number): boolean {
  return MAIN.includes(id);
}

/** Register that repeats the answer of GetSerialNo. */
export const SERIAL_NUMBER_REGISTER = 1001;

/** Whether the content of these registers gives another meter away: its number, or totals that do not follow. */
export function tellMeters(ids: readonly number[]): boolean {
  return ids.some((id) => id === SERIAL_NUMBER_REGISTER || registerInfo(id).nature === 'total');
}

/** The eight registers that matter, in one request, as far as it is known what the meter has. */
export function mainRegisters({ present, absent }: RegisterKnowledge): number[] {
  const main = MAIN.map((id) => (absent.has(id) ? EQUIVALENTS.get(id) : id)).filter(
    (id): id is number => id !== undefined && !absent.has(id),
  );
  const fillers = FILLERS.filter((id) => present.has(id));
  const chosen = main.length < MAIN.length ? [...main, ...fillers] : main;
  // A meter that seems to have none of them is asked for them all the same: it may have been a disturbance.
  return chosen.length > 0 ? chosen.slice(0, MOST_REGISTERS) : [...MAIN];
}

/** All other registers that a meter of this kind may have and did not leave out so far. */
export function detailRegisters(knowledge: RegisterKnowledge, main: readonly number[]): number[] {
  const candidates = isElectricity(knowledge) ? ELECTRICITY_REGISTER_IDS : HEAT_REGISTER_IDS;
  return candidates.filter((id) => !knowledge.absent.has(id) && !main.includes(id));
}

/** False until the meter was asked for everything that it may have. */
export function isFullyKnown(knowledge: RegisterKnowledge, main: readonly number[]): boolean {
  return detailRegisters(knowledge, main).every((id) => knowledge.present.has(id));
}

/** A meter without heat energy and volume is no heat, cooling or water meter. */
function isElectricity({ absent }: RegisterKnowledge): boolean {
  return absent.has(60) && absent.has(68);
}
