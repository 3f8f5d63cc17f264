import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import type { MqttConnection } from '../mqtt/mqtt-connection.ts';
import { CsvOutput } from '../publish/csv/csv-output.ts';
import type { Output } from '../publish/output.ts';
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
  /** The health of an output is another one now. */
  readonly changed: () => void;
}

/** The outputs besides MQTT and Home Assistant that the configuration turns on. */
export function makeOutputs(parts: OutputParts): readonly Output[] {
  const { csv } = parts.config;
  return [...(csv.enabled ? [new CsvOutput({ ...parts, directory: csv.directory })] : [])];
}
