import type { RegisterRecord } from '../src/kmp/register.ts';
import { type Reading, readingValueText, toReading } from '../src/readings/reading.ts';

/** What a register held, without a change, from one moment to another (milliseconds since 1970, true time). */
export interface Held {
  readonly reading: Reading;
  readonly text: string | null;
  readonly from: number;
  to: number;
}

/** Beyond that the oldest is forgotten: an hour of a counter that changes with every reading. */
const MOST_KEPT = 5_000;

/** What one simulated meter has held at the moments at which it was asked. */
export class Truth {
  private readonly held = new Map<string, Held[]>();
  /** How many of each quantity are forgotten, so that a place in the order stays the same. */
  private readonly forgotten = new Map<string, number>();
  private newest = 0;

  /** The registers of one reply: as the meter had them from the request's beginning to the reply's end. */
  record(records: readonly RegisterRecord[], from: number, to: number): void {
    this.newest = Math.max(this.newest, to);
    for (const record of records) this.add(toReading(record, from), from, to);
  }

  /** The end of the newest reply. */
  get newestAt(): number {
    return this.newest;
  }

  get quantities(): Iterable<string> {
    return this.held.keys();
  }

  latest(quantity: string): Held | undefined {
    return this.held.get(quantity)?.at(-1);
  }

  /** Everything that is remembered of it, the oldest first. */
  all(quantity: string): readonly Held[] {
    return this.held.get(quantity) ?? [];
  }

  /** The place in the order of time of the first one that fits, at `fromPlace` or later; undefined where none does. */
  find(quantity: string, fromPlace: number, fits: (held: Held) => boolean): number | undefined {
    const offset = this.forgotten.get(quantity) ?? 0;
    const list = this.all(quantity);
    for (let index = Math.max(0, fromPlace - offset); index < list.length; index++) {
      const held = list[index];
      if (held !== undefined && fits(held)) return offset + index;
    }
    return undefined;
  }

  private add(reading: Reading, from: number, to: number): void {
    const text = readingValueText(reading.value);
    const list = this.held.get(reading.quantity) ?? [];
    this.held.set(reading.quantity, list);
    const last = list.at(-1);
    if (last !== undefined && last.text === text && last.reading.unit === reading.unit) {
      last.to = Math.max(last.to, to);
      return;
    }
    list.push({ reading, text, from, to });
    if (list.length > MOST_KEPT) {
      list.shift();
      this.forgotten.set(reading.quantity, (this.forgotten.get(reading.quantity) ?? 0) + 1);
    }
  }
}
