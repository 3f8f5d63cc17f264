import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import type { MqttConnection } from '../mqtt/mqtt-connection.ts';
import type { Random } from '../shared/back-off.ts';
import type { Clock } from '../shared/clock.ts';

/** What outputs are made of. */
export interface OutputParts {
  readonly config: Config;
  readonly version: string;
  /** Undefined where there is no broker. */
  readonly connection: MqttConnection | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** What does not move any more, in words. */
  readonly stuck: () => readonly string[];
  /** What is not there yet since the start, in words. */
  readonly notReady: () => readonly string[];
  /** The health of an output is another one now. */
  readonly changed: () => void;
}
