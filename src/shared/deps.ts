import type { Clock, Random } from './clock.ts';
import type { Logger } from './logger.ts';

/** Time, chance and the log come in from outside, so that tests decide on them. */
export interface Deps {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}
