import { AGAIN } from '../link/again.ts';
import { isPowerAbove } from '../readings/conversion.ts';
import { type Period, periodAt } from '../readings/counter-snapshot.ts';
import type { Reading } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { Repeats } from '../shared/repeats.ts';
import type { ReadingKind } from './meter-reader.ts';
import type { BurstSettings } from './validators.ts';

interface BurstOptions {
  readonly name: string;
  /** Null: there are no bursts. */
  readonly settings: BurstSettings | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly read: () => void;
}

/** Reads more often while much power is drawn. */
export class Burst {
  private readonly options: BurstOptions;
  private readonly log: Repeats;
  private cancelNext: (() => void) | undefined;

  constructor(options: BurstOptions) {
    this.options = options;
    this.log = new Repeats(options);
  }

  /** To be called when the main registers were read. */
  afterReading(fresh: readonly Reading[]): void {
    const { name, settings, clock, read } = this.options;
    if (settings === null) return;
    const { above, every } = settings;
    if (!isPowerAbove(fresh, above)) {
      this.end();
      return;
    }
    if (this.cancelNext === undefined) {
      this.log.say(
        'info',
        `${name}: the power is above ${above.amount} ${above.unit}; reading every ${every / 1000} s until it is not`,
      );
    }
    this.cancelNext?.();
    this.cancelNext = clock.after(every, read);
  }

  stop(): void {
    this.cancelNext?.();
  }

  /** Power is below the threshold, or unknown. */
  end(): void {
    if (this.cancelNext === undefined) return;
    this.cancelNext();
    this.cancelNext = undefined;
    this.log.say('info', `${this.options.name}: reading on schedule again`);
  }
}

const MINUTE = 60_000;

/** Plans readings out of turn: soon after one that failed, and to confirm or refute a doubtful value. */
export class RetrySchedule {
  private readonly clock: Clock;
  private readonly read: (kind: ReadingKind) => void;
  private failures = 0;
  private rechecks = 0;
  private cancelTimer: () => void = () => {};

  constructor(clock: Clock, read: (kind: ReadingKind) => void) {
    this.clock = clock;
    this.read = read;
  }

  /** Reads after `delay` milliseconds, in place of a reading that was planned. */
  plan(delay: number, kind: ReadingKind): void {
    this.cancel();
    this.cancelTimer = this.clock.after(delay, () => this.read(kind));
  }

  /** Returns the minutes until the next try; undefined if only the schedule counts by now. */
  afterFailure(): number | undefined {
    const delay = AGAIN.retryDelays[this.failures++];
    if (delay === undefined) return undefined;
    this.plan(delay, 'scheduled');
    return delay / MINUTE;
  }

  /** `doubtful`: the kind of reading that brought a doubtful value. It is read again, but not for ever. */
  afterSuccess(doubtful: ReadingKind | undefined): void {
    this.failures = 0;
    if (doubtful === undefined) this.rechecks = 0;
    else if (this.rechecks < AGAIN.rechecks)
      this.plan(AGAIN.retryDelays[this.rechecks++] ?? MINUTE, doubtful);
  }

  /** Failures so far no longer count; what is planned stays. */
  forgive(): void {
    this.failures = 0;
  }

  cancel(): void {
    this.cancelTimer();
  }
}

/** The machine may sleep, and the wall clock may be set, so it is looked at least so often. */
const LOOK_AT_LEAST_EVERY = 5 * MINUTE;

/** Calls when values have become too old to be shown, until it is stopped. */
export class Aging {
  private readonly clock: Clock;
  private readonly validFor: () => number;
  private readonly action: () => void;
  private cancelTimer: () => void = () => {};

  /** `validFor`: milliseconds until the next value is too old; infinite for never. */
  constructor(clock: Clock, validFor: () => number, action: () => void) {
    this.clock = clock;
    this.validFor = validFor;
    this.action = action;
  }

  /** To be called at the start, and after each reading. */
  watch(): void {
    this.stop();
    const left = this.validFor();
    if (left === Number.POSITIVE_INFINITY) return;
    this.cancelTimer = this.clock.after(Math.min(left, LOOK_AT_LEAST_EVERY), () => {
      if (this.validFor() <= 0) this.action();
      this.watch();
    });
  }

  stop(): void {
    this.cancelTimer();
  }
}

/** The wall clock may be set in the meantime, so it is looked at this often. */
const LOOK_EVERY = MINUTE;
/** A clock that is put right just after midnight brings the same midnight once more. */
const SAME_MIDNIGHT = 60 * MINUTE;

/** Calls when the date of the place has become another one, until it is stopped. */
export class Midnight {
  private readonly clock: Clock;
  private readonly timezone: string;
  private readonly action: () => void;
  private cancelTimer: () => void = () => {};

  /** `timezone`: an IANA name, or empty for the system's. */
  constructor(clock: Clock, timezone: string, action: () => void) {
    this.clock = clock;
    this.timezone = timezone;
    this.action = action;
  }

  start(): void {
    this.waitFor(periodAt('day', this.clock.now(), this.timezone));
  }

  stop(): void {
    this.cancelTimer();
  }

  private waitFor(day: Period): void {
    const wait = Math.min(day.ends - this.clock.now(), LOOK_EVERY);
    this.cancelTimer = this.clock.after(wait, () => {
      const now = this.clock.now();
      if (now >= day.begins - SAME_MIDNIGHT && now < day.ends) return this.waitFor(day);
      this.waitFor(periodAt('day', now, this.timezone));
      this.action();
    });
  }
}
