import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import type { MqttConnection } from '../mqtt/mqtt-connection.ts';
import { InfluxdbOutput } from '../publish/influxdb/influxdb-output.ts';
import type { Output } from '../publish/output.ts';
import { WebhookOutput } from '../publish/webhook/webhook-output.ts';
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

const A_DAY = 86_400_000;

/** The outputs besides MQTT and Home Assistant that the configuration turns on. */
export function makeOutputs(parts: OutputParts): readonly Output[] {
  const { influxdb, webhook, waiting, dataDir } = parts.config;
  const room = {
    ...parts,
    directory: dataDir,
    maxBytes: waiting.maxMegabytes * 1_000_000,
    maxAge: waiting.maxDays * A_DAY,
  };
  return [
    ...(influxdb.enabled ? [new InfluxdbOutput({ ...room, ...influxdb, server: influxdb })] : []),
    ...(webhook.enabled ? [new WebhookOutput({ ...room, server: webhook })] : []),
  ];
}
