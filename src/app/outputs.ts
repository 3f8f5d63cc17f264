import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import type { MqttConnection } from '../mqtt/mqtt-connection.ts';
import type { Topics } from '../mqtt/topics.ts';
import { FanOut } from '../publish/fan-out.ts';
import type { Output } from '../publish/output.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { Random } from '../shared/back-off.ts';
import type { Clock } from '../shared/clock.ts';
import { BrokerOutputs } from './broker-outputs.ts';
import { makeOutputs } from './make-outputs.ts';

export interface OutputsOptions {
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
