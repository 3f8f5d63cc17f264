import { isNumber, type NumberReading, numberIn } from './number-reading.ts';
import type { Reading } from './reading.ts';
import { restoreReading, storeReading } from './stored-reading.ts';

/** Counters as they stood at one moment. */
export interface Moment {
  readonly at: number;
  readonly counters: readonly NumberReading[];
}

/** Undefined unless all of these registers were read, as numbers. */
export function momentIn(readings: readonly Reading[], registers: readonly number[]): Moment | undefined {
  const counters = registers.map((id) => numberIn(readings, id)).filter(isNumber);
  const at = counters[0]?.readAt;
  return at === undefined || counters.length < registers.length ? undefined : { at, counters };
}

/** False where a counter began anew or changed its unit, so that nothing can be said of the time between. */
export function leadsTo(earlier: Moment, later: Moment): boolean {
  return later.counters.every((counter, index) => {
    const before = earlier.counters[index];
    return before?.unit === counter.unit && before.value.value.lte(counter.value.value);
  });
}

export function storeMoment({ counters }: Moment): unknown {
  return counters.map(storeReading);
}

/** Undefined for what is not a moment of these registers. */
export function restoreMoment(stored: unknown, registers: readonly number[]): Moment | undefined {
  if (!Array.isArray(stored)) return undefined;
  return momentIn(
    stored.map(restoreReading).filter((reading) => reading !== undefined),
    registers,
  );
}
