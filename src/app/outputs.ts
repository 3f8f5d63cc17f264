import type { Config } from '../config/config.ts';
import type { Publisher } from '../meter/publisher.ts';
import type { MqttConnection } from '../mqtt/connection.ts';
import type { Topics } from '../mqtt/topics.ts';
import { CsvOutput } from '../outputs/csv/output.ts';
import { DomoticzOutput } from '../outputs/domoticz/output.ts';
import { type DomoticzRoute, HttpRoute, MqttRoute } from '../outputs/domoticz/routes.ts';
import { InfluxdbOutput } from '../outputs/influxdb/output.ts';
import { FanOut, type Output } from '../outputs/output.ts';
import { MetricsOutput } from '../outputs/prometheus/output.ts';
import { WebhookOutput } from '../outputs/webhook/output.ts';
import type { Clock, Random } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { BrokerOutputs } from './broker-outputs.ts';

/** What outputs are made of. */
interface OutputParts {
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

/** Over HTTP where an address is given, else through the broker; none where it is off. */
function makeDomoticz(parts: OutputParts): readonly DomoticzOutput[] {
  const { enabled, devices } = parts.config.domoticz;
  const route = enabled ? routeOf(parts) : undefined;
  return route === undefined ? [] : [new DomoticzOutput({ ...parts, devices, route })];
}

function routeOf({ config, connection, clock, random }: OutputParts): DomoticzRoute | undefined {
  const { domoticz } = config;
  if (domoticz.url !== '') return new HttpRoute({ ...domoticz, clock, random });
  // The configuration wants an address where there is no broker.
  return connection && new MqttRoute(connection, domoticz.topic, clock);
}

const A_DAY = 86_400_000;

/** The outputs besides MQTT and Home Assistant that the configuration turns on. */
export function makeOutputs(parts: OutputParts): readonly Output[] {
  const { influxdb, webhook, metrics, csv, waiting, dataDir } = parts.config;
  const room = {
    ...parts,
    directory: dataDir,
    maxBytes: waiting.maxMegabytes * 1_000_000,
    maxAge: waiting.maxDays * A_DAY,
  };
  const brokerConnected = (): boolean | undefined => parts.connection?.state.connected;
  const outputs: readonly Output[] = [
    ...makeDomoticz(parts),
    ...(influxdb.enabled ? [new InfluxdbOutput({ ...room, ...influxdb, server: influxdb })] : []),
    ...(csv.enabled ? [new CsvOutput({ ...parts, directory: csv.directory })] : []),
    ...(webhook.enabled ? [new WebhookOutput({ ...room, server: webhook })] : []),
    ...(metrics.enabled
      ? [new MetricsOutput({ ...parts, ...metrics, brokerConnected, outputs: () => outputs })]
      : []),
  ];
  return outputs;
}

interface OutputsOptions {
  readonly config: Config;
  /** Undefined where there is no broker. */
  readonly connection: MqttConnection | undefined;
  readonly topics: Topics;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly requestReading: (serialNumber: string) => void;
  readonly stuck: () => readonly string[];
  readonly notReady: () => readonly string[];
}

/** Every place that readings go to, as the configuration wants it. */
export class Outputs {
  readonly publisher: Publisher;
  /** Those besides MQTT and Home Assistant. */
  readonly others: readonly Output[];
  private readonly broker: BrokerOutputs | undefined;

  constructor(options: OutputsOptions) {
    const { connection, logger } = options;
    const others = makeOutputs({ ...options, changed: () => this.broker?.outputChanged() });
    if (connection !== undefined) this.broker = new BrokerOutputs({ ...options, connection, others });
    this.others = others;
    this.publisher = new FanOut([...(this.broker?.publishers ?? []), ...others], logger);
  }

  /** `known`: meters of earlier runs. */
  start(known: readonly string[]): void {
    this.broker?.start(known);
    for (const output of this.others) output.start();
  }

  async stop(): Promise<void> {
    this.broker?.stop();
    await Promise.all(this.others.map((output) => output.stop()));
  }
}
