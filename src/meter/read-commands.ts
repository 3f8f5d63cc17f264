import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { Repeats } from '../shared/repeats.ts';
import type { MeterSettings } from './config.ts';

interface ReadCommandsOptions extends Pick<MeterSettings, 'name' | 'battery'> {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The reason why no reading is allowed today; undefined while one is. */
  readonly refusal: () => string | undefined;
  /** When the last reading began, on the monotonic clock, and whether it still runs. */
  readonly lastReading: () => { readonly beganAt: number; readonly runs: boolean };
  /** Takes a reading; one that runs already is the one. */
  readonly read: () => void;
}

/** Why a reading is not taken, in words. */
export interface ReadingRefused {
  readonly because: 'too-soon' | 'enough-today';
  readonly reason: string;
}

/** Refusals that come closer together (ms) than this have one cause, such as an automation that runs wild. */
const ONE_FLOOD = 60_000;

/** "Read now", whoever presses it and however often: one reading in so many seconds, and few lines in the log. */
export class ReadCommands {
  private readonly options: ReadCommandsOptions;
  private readonly taken: Repeats;
  private readonly refused: Repeats;
  private refusedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReadCommandsOptions) {
    this.options = options;
    this.taken = new Repeats(options);
    this.refused = new Repeats(options);
  }

  /** Undefined: it is taken, or runs already. */
  asked(): ReadingRefused | undefined {
    const { name, battery, clock, refusal, lastReading, read } = this.options;
    const { beganAt, runs } = lastReading();
    const seconds = battery.minSecondsBetween;
    const limit = runs ? undefined : refusal();
    if (!runs && limit === undefined && clock.monotonic() - beganAt < seconds * 1000) {
      const reason = `The last one began less than ${seconds} s ago (battery.minSecondsBetween).`;
      this.refuse(reason);
      return { because: 'too-soon', reason };
    }
    if (limit !== undefined) this.refuse(limit);
    else if (!runs) this.taken.say('info', `${name}: a reading was asked for`);
    // The limit of the day is the poller's to keep, which publishes that it does.
    read();
    return limit === undefined ? undefined : { because: 'enough-today', reason: limit };
  }

  private refuse(reason: string): void {
    const { name, clock } = this.options;
    const now = clock.monotonic();
    const isNew = now - this.refusedAt >= ONE_FLOOD;
    this.refusedAt = now;
    if (isNew) this.refused.say('warn', `${name}: a reading was asked for and is not taken. ${reason}`);
  }
}
