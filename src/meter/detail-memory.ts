import { registerInfo } from '../catalogue/registers.ts';
import { type Reading, readingText } from '../readings/reading.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import { isInteger, itemsOf } from '../shared/stored.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A register that stood still for so long is asked once a week. */
const STILL_FOR = 30 * DAY;
/** Less than a week, because a nightly schedule may be early by an hour of summer time and the length of a reading. */
const ASKED_EVERY = 7 * DAY - 2 * HOUR;

interface Still {
  readonly value: string;
  /** Milliseconds since 1970, like `askedAt`: the value has been the same from then on. */
  readonly since: number;
  readonly askedAt: number;
}

/** Finds the registers of a meter's details that stand still and need not be asked every time. */
export class DetailMemory {
  private readonly registers: Map<number, Still>;

  /** `remembered`: what `toRemember` gave in an earlier run, or anything a file may hold. */
  constructor(remembered?: unknown) {
    this.registers = new Map(itemsOf(remembered, restoreEntry));
  }

  /** Returns those of `ids` that are to be asked now. */
  due(ids: readonly number[], now: number): readonly number[] {
    return ids.filter((id) => {
      const still = this.registers.get(id);
      if (still === undefined || isAlwaysAsked(id)) return true;
      const { since, askedAt } = still;
      // Asked in the future: the clock was set back, and nothing is known of the time between.
      return now - since < STILL_FOR || now - askedAt >= ASKED_EVERY || askedAt > now;
    });
  }

  /** Milliseconds until such a register is asked again, where details are due every `interval`. */
  interval(id: number, interval: number, now: number): number {
    const still = this.registers.get(id);
    const isStill = still !== undefined && now - still.since >= STILL_FOR && !isAlwaysAsked(id);
    return isStill ? Math.max(interval, ASKED_EVERY) : interval;
  }

  /** Takes the details as the meter gave them, before anything is made of them. */
  record(readings: readonly Reading[]): void {
    for (const reading of readings) {
      const { register, readAt } = reading;
      if (register === null) continue;
      const value = readingText(reading);
      const before = this.registers.get(register);
      // Without a clock that is set, nothing is known but that it stood still, or did not.
      if (!isWallTime(readAt)) {
        if (before?.value !== value) this.registers.delete(register);
        continue;
      }
      const since = before?.value === value ? Math.min(before.since, readAt) : readAt;
      this.registers.set(register, { value, since, askedAt: readAt });
    }
  }

  /** The meter has no such register any more. */
  forget(id: number): void {
    this.registers.delete(id);
  }

  toRemember(): unknown {
    return Array.from(this.registers, ([id, { value, since, askedAt }]) => [id, value, since, askedAt]);
  }
}

function isAlwaysAsked(id: number): boolean {
  return registerInfo(id).traits.alwaysAsked === true;
}

function restoreEntry(entry: unknown): readonly [number, Still] | undefined {
  if (!Array.isArray(entry)) return undefined;
  const [id, value, since, askedAt] = entry as readonly unknown[];
  return isInteger(id) && typeof value === 'string' && isTime(since) && isTime(askedAt)
    ? [id, { value, since, askedAt }]
    : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
