import type { Clock } from './clock.ts';
import { isWallTime } from './credible-clock.ts';
import { messageOf } from './errors.ts';
import type { Logger } from './logger.ts';
import { Repeats, spanText } from './repeats.ts';
import type { Schedule } from './schedule.ts';
import { Slots } from './slots.ts';
import { zonedTime } from './zoned-time.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
/** A clock that is corrected by less than this is followed without a word. */
const WORTH_TELLING = 10 * SECOND;
/** The wall clock may be set, and the machine may sleep, so that it is looked at this often. */
const LOOK_EVERY = MINUTE;
/** Milliseconds after which a slot that nobody was woken for is a fault of ours. */
const GRACE = 3 * MINUTE;
/** Of more schedules than these one line tells only how many they are. */
const NAMED = 10;

/** One schedule of one meter. */
interface Entry {
  readonly name: string;
  readonly timezone: string;
  readonly slots: Slots;
  readonly action: () => void;
  /** The next slot by the wall clock. */
  due: number;
  /** When that comes by the clock that is never set, as far as one knows. */
  expected: number;
  /** The slot that was taken last, and when by the clock that is never set. */
  taken: { readonly slot: number; readonly at: number } | undefined;
}

interface Look {
  readonly wall: number;
  /** Of the clock that is never set. */
  readonly steady: number;
  /** False where the wall clock only says something, because nobody has set it yet. */
  readonly isSet: boolean;
}

/** What becomes of a slot whose time has come. */
interface Outcome {
  readonly entry: Entry;
  readonly isTaken: boolean;
  /** Milliseconds since the first slot that was passed. */
  readonly passed: number;
  /** What was passed and is not taken, in words. */
  readonly missed: string | undefined;
  /** What is taken long after its time, in words. */
  readonly late: string | undefined;
}

/**
 * Wakes whoever has a schedule, by a wall clock which may be set, and which runs on while the machine sleeps or this
 * program stands still. One timer serves all schedules, and never sleeps for long.
 *
 * A slot that was passed by not too much is taken late, and never more than one: what else was passed is named in the
 * log. A clock that is set back brings slots once more; one that has just been taken is not taken again.
 */
export class Waker {
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly entries = new Set<Entry>();
  /** Equal schedules share them. */
  private readonly slots = new Map<string, Slots>();
  private cancelTimer: () => void = () => {};
  private seen: Look = { wall: 0, steady: 0, isSet: true };
  private readonly repeats: Repeats;

  constructor(clock: Clock, logger: Logger) {
    this.clock = clock;
    this.logger = logger;
    this.repeats = new Repeats({ clock, logger });
  }

  /** `timezone`: an IANA name, or empty for the system's. */
  readonly schedule: Schedule = (expression, timezone, action) => {
    const name = timezone === '' ? expression : `${expression} (${timezone})`;
    const slots = this.slots.get(name) ?? new Slots(expression, timezone);
    this.slots.set(name, slots);
    const now = this.look();
    if (this.entries.size === 0) this.seen = now;
    const due = nextOf(slots, now.wall);
    const entry: Entry = { name, timezone, slots, action, due, expected: 0, taken: undefined };
    this.entries.add(entry);
    this.sleep(now);
    return () => {
      this.entries.delete(entry);
      if (this.entries.size === 0) this.cancelTimer();
    };
  };

  /** Sentences about schedules whose time has come without anything being done; none while all is well. */
  overdue(): readonly string[] {
    const { steady } = this.look();
    const late = new Map<string, number>();
    for (const { name, expected } of this.entries) {
      const by = steady - expected;
      if (by > GRACE) late.set(name, Math.max(by, late.get(name) ?? 0));
    }
    return Array.from(late, ([name, by]) => `The schedule ${name} is overdue by ${spanText(by)}`);
  }

  private look(): Look {
    const { clock } = this;
    const now = clock.now();
    const said = clock.said?.() ?? now;
    return { wall: said, steady: clock.monotonic(), isSet: said === now || isWallTime(now) };
  }

  private sleep({ wall, steady }: Look): void {
    this.cancelTimer();
    let wait = LOOK_EVERY;
    for (const entry of this.entries) {
      entry.expected = steady + entry.due - wall;
      wait = Math.min(wait, entry.due - wall);
    }
    this.cancelTimer = this.clock.after(Math.max(1, wait), () => this.wake());
  }

  private wake(): void {
    const now = this.look();
    const jump = now.wall - this.seen.wall - (now.steady - this.seen.steady);
    // It may have been set right after the last look.
    const since = this.seen.wall + jump;
    if (jump <= -SECOND) for (const entry of this.entries) entry.due = nextOf(entry.slots, since);
    const wasSet = this.seen.isSet;
    this.seen = now;
    if (jump <= -WORTH_TELLING)
      this.repeats.say('warn', `The clock was set back by ${spanText(-jump)}. Readings go by the new time.`);
    const due = [...this.entries].filter((entry) => entry.due <= now.wall);
    const outcomes = due.map((entry) => pass(entry, now));
    this.sleep(now);
    // Between 1970 and now nothing was missed.
    if (wasSet) this.tell(outcomes, jump);
    for (const { entry, isTaken } of outcomes) if (isTaken && this.entries.has(entry)) this.run(entry);
  }

  private tell(outcomes: readonly Outcome[], jump: number): void {
    const cause = causeOf(jump);
    const late = listOf(outcomes.map((outcome) => outcome.late));
    if (late !== '') this.repeats.say('info', `A reading is taken late, because ${cause}: ${late}`, 'late');
    const missed = listOf(outcomes.map((outcome) => outcome.missed));
    if (missed === '') return;
    const text = `Readings were missed, because ${cause}: ${missed}`;
    // With a schedule of seconds that may be so all day, on a slow machine.
    if (outcomes.every((outcome) => outcome.passed < WORTH_TELLING)) this.logger.debug(text);
    else this.repeats.say('warn', text, 'missed');
  }

  private run({ name, action }: Entry): void {
    try {
      action();
    } catch (error) {
      // The other meters have their readings all the same.
      this.repeats.say('error', `The reading of the schedule ${name} failed: ${messageOf(error)}`);
    }
  }
}

/** Decides on what has come due, and finds the next slot. Costs the same however many slots were passed. */
function pass(entry: Entry, { wall, steady }: Look): Outcome {
  const { name, timezone, slots, due: first, taken } = entry;
  const passed = wall - first;
  const slot = slots.latest(wall) ?? first;
  const patience = slots.patience(slot);
  entry.due = nextOf(slots, wall);
  // After a step of an hour or more the new time counts, and its slots are others.
  const back = taken === undefined ? -1 : taken.slot - slot;
  if (taken !== undefined && back >= 0 && back < HOUR && steady - taken.at < patience)
    return { entry, isTaken: false, passed, missed: undefined, late: undefined };
  const isTaken = wall - slot <= patience;
  if (isTaken) entry.taken = { slot, at: steady };
  const lastMissed = isTaken ? (slots.latest(slot - 1) ?? 0) : slot;
  const text = (moment: number): string => zonedTime(moment, timezone).replace('T', ' ').replace('.000', '');
  const until = lastMissed > first ? ` to ${text(lastMissed)}` : '';
  return {
    entry,
    isTaken,
    passed,
    missed: lastMissed >= first ? `${name} of ${text(first)}${until}` : undefined,
    late: isTaken && wall - slot >= MINUTE ? `${name} of ${text(slot)}` : undefined,
  };
}

function causeOf(jump: number): string {
  if (jump >= SECOND) return `the clock was set forward, or this machine slept, by ${spanText(jump)}`;
  return jump <= -SECOND ? 'the clock was set back' : 'this program was kept from running';
}

function nextOf(slots: Slots, wall: number): number {
  return slots.next(wall) ?? Number.POSITIVE_INFINITY;
}

/** Meters with equal schedules are named once. */
function listOf(texts: readonly (string | undefined)[]): string {
  const different = [...new Set(texts.filter((text) => text !== undefined))];
  const others = different.length - NAMED;
  return [...different.slice(0, NAMED), ...(others > 0 ? [`and ${others} other schedules`] : [])].join('; ');
}
