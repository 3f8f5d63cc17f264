import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
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

/** Refusals that come closer together (ms) than this have one cause, such as an automation that runs wild. */
const ONE_FLOOD = 60_000;

/** "Read now", whoever presses it and however often: one reading in so many seconds, and one line in the log. */
export class ReadCommands {
  private readonly options: ReadCommandsOptions;
  private refusedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReadCommandsOptions) {
    this.options = options;
  }

  asked(): void {
    const { name, battery, clock, logger, refusal, lastReading, read } = this.options;
    const { beganAt, runs } = lastReading();
    const seconds = battery.minSecondsBetween;
    const limit = runs ? undefined : refusal();
    if (!runs && limit === undefined && clock.monotonic() - beganAt < seconds * 1000) {
      this.refuse(`The last one began less than ${seconds} s ago (battery.minSecondsBetween).`);
      return;
    }
    if (limit !== undefined) this.refuse(limit);
    else if (!runs) logger.info(`${name}: a reading was asked for`);
    // The limit of the day is the poller's to keep, which publishes that it does.
    read();
  }

  private refuse(reason: string): void {
    const { name, clock, logger } = this.options;
    const now = clock.monotonic();
    const isNew = now - this.refusedAt >= ONE_FLOOD;
    this.refusedAt = now;
    if (isNew) logger.warn(`${name}: a reading was asked for and is not taken. ${reason}`);
  }
}
