import type { Clock } from '../shared/clock.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import type { Logger } from '../shared/logger.ts';
import { localTime } from '../shared/zoned-time.ts';

const LOOK_EVERY = 10_000;

/** Tells people while the computer's clock cannot be right, and once when it is. */
export class ClockWatch {
  private readonly clock: Clock;
  private readonly logger: Logger;
  private wasSet = true;
  private cancelLook: () => void = () => {};

  constructor(clock: Clock, logger: Logger) {
    this.clock = clock;
    this.logger = logger;
  }

  /** In words; undefined while the clock can be right. */
  get problem(): string | undefined {
    if (isWallTime(this.clock.now())) return undefined;
    return `The clock of this computer is not set: it says ${this.said}, when this version of the program did not exist yet`;
  }

  start(): void {
    const { problem } = this;
    const isSet = problem === undefined;
    if (!isSet && this.wasSet) this.logger.warn(`${problem}. ${ADVICE}`);
    if (isSet && !this.wasSet) this.logger.info(`The clock of this computer is set: it says ${this.said}`);
    this.wasSet = isSet;
    this.cancelLook = this.clock.after(LOOK_EVERY, () => this.start());
  }

  stop(): void {
    this.cancelLook();
  }

  private get said(): string {
    const { clock } = this;
    return localTime(clock.said?.() ?? clock.now())
      .slice(0, 16)
      .replace('T', ' ');
  }
}

const ADVICE =
  'Set it, or wait until the network has told it the time. Until then values are published without a time, figures of a day and a month are unknown, and what needs a time (InfluxDB, CSV files, a webhook) waits in memory.';
