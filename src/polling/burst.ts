import type { Logger } from '../log/logger.ts';
import { isPowerAbove, type PowerLevel } from '../readings/power-level.ts';
import type { Reading } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';

export interface BurstSettings {
  readonly above: PowerLevel;
  /** Milliseconds from one reading to the next. */
  readonly every: number;
}

export interface BurstOptions {
  readonly name: string;
  /** Null: there are no bursts. */
  readonly settings: BurstSettings | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly read: () => void;
}

/** More readings while much power is drawn. */
export class Burst {
  private readonly options: BurstOptions;
  private cancelNext: (() => void) | undefined;

  constructor(options: BurstOptions) {
    this.options = options;
  }

  /** The main registers were read just now. */
  saw(fresh: readonly Reading[]): void {
    const { name, settings, clock, logger, read } = this.options;
    if (settings === null) return;
    const { above, every } = settings;
    if (!isPowerAbove(fresh, above)) {
      this.end();
      return;
    }
    if (this.cancelNext === undefined) {
      logger.info(
        `${name}: the power is above ${above.amount} ${above.unit}; reading every ${every / 1000} s until it is not`,
      );
    }
    this.cancelNext?.();
    this.cancelNext = clock.after(every, read);
  }

  stop(): void {
    this.cancelNext?.();
  }

  /** The power has fallen, or there is no telling. */
  end(): void {
    if (this.cancelNext === undefined) return;
    this.cancelNext();
    this.cancelNext = undefined;
    this.options.logger.info(`${this.options.name}: reading on schedule again`);
  }
}
