import { itemsOf } from '../shared/stored.ts';
import { localDate, momentOf } from '../shared/zoned-time.ts';
import { isNumber, type NumberReading, numberIn, type Reading } from './reading.ts';
import { restoreReading, storeReading } from './stored-reading.ts';

/** Counters as they stood at one moment. */
export interface CounterSnapshot {
  readonly at: number;
  readonly counters: readonly NumberReading[];
}

/** Undefined unless all of these registers were read, as numbers. */
export function snapshotIn(
  readings: readonly Reading[],
  registers: readonly number[],
): CounterSnapshot | undefined {
  const counters = registers.map((id) => numberIn(readings, id)).filter(isNumber);
  const at = counters[0]?.readAt;
  return at === undefined || counters.length < registers.length ? undefined : { at, counters };
}

/** False where a counter began anew or changed its unit, so that nothing can be said of the time between. */
export function isContinuous(earlier: CounterSnapshot, later: CounterSnapshot): boolean {
  return later.counters.every((counter, index) => {
    const before = earlier.counters[index];
    return before?.unit === counter.unit && before.value.value.lte(counter.value.value);
  });
}

export function storeSnapshot({ counters }: CounterSnapshot): unknown {
  return counters.map(storeReading);
}

/** Undefined where `stored` is not a snapshot of these registers. */
export function restoreSnapshot(stored: unknown, registers: readonly number[]): CounterSnapshot | undefined {
  return snapshotIn(itemsOf(stored, restoreReading), registers);
}

export type PeriodName = 'day' | 'month' | 'year';

/** A day, month or year of the calendar. Times in milliseconds since 1970. */
export interface Period {
  /** Its first date. */
  readonly key: string;
  readonly begins: number;
  readonly ends: number;
}

/** The period around `time`, from midnight to midnight of the place. */
export function periodAt(name: PeriodName, time: number, timezone: string): Period {
  const [year = 0, month = 0, day = 0] = localDate(time, timezone).split('-').map(Number);
  const first = { day: [year, month, day], month: [year, month, 1], year: [year, 1, 1] }[name];
  const next = {
    day: [year, month, day + 1],
    month: [year, month + 1, 1],
    year: [year + 1, 1, 1],
  }[name];
  const [key, keyOfNext] = [dateOf(first), dateOf(next)];
  return { key, begins: midnight(key, timezone), ends: midnight(keyOfNext, timezone) };
}

/** Carries months and days beyond the last one over into the next year or month. */
function dateOf([year = 0, month = 0, day = 0]: readonly number[]): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function midnight(date: string, timezone: string): number {
  return momentOf(`${date}T00:00:00`, timezone);
}
