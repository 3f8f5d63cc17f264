import type { Config } from '../config/keys.ts';
import type { Publisher } from '../meter/publisher.ts';
import type { MqttConnection } from '../mqtt/connection.ts';
import { type MakeOutput, OUTPUTS } from '../outputs/all.ts';
import { FanOut, type Output, type OutputParts } from '../outputs/output.ts';
import type { SafeText } from '../shared/secrets.ts';
import { BrokerOutputs, type BrokerOutputsOptions } from './broker-outputs.ts';

/** Loads the code of the outputs that the configuration turns on. */
export async function loadOutputs(config: Config): Promise<readonly MakeOutput[]> {
  const loaded = await Promise.all(OUTPUTS.map((output) => output.load(config)));
  return loaded.filter((make) => make !== undefined);
}

const A_DAY = 86_400_000;

export function makeOutputs(
  loaded: readonly MakeOutput[],
  { waiting, dataDir }: Pick<Config, 'waiting' | 'dataDir'>,
  parts: Omit<OutputParts, 'outbox' | 'outputs' | 'brokerConnected'>,
): readonly Output[] {
  const outbox = {
    directory: dataDir,
    maxBytes: waiting.maxMegabytes * 1_000_000,
    maxAge: waiting.maxDays * A_DAY,
  };
  const outputs: readonly Output[] = loaded.map((make) =>
    make({
      ...parts,
      brokerConnected: () => parts.connection?.connected,
      outbox,
      outputs: () => outputs,
    }),
  );
  return outputs;
}

interface OutputsOptions extends Omit<BrokerOutputsOptions, 'connection' | 'others'> {
  /** Besides MQTT and Home Assistant. */
  readonly loaded: readonly MakeOutput[];
  /** Undefined where there is no broker. */
  readonly connection: MqttConnection | undefined;
  readonly stuck: () => readonly string[];
  readonly notReady: () => readonly string[];
}

/** Joins every place that readings go to. */
export class Outputs {
  readonly publisher: Publisher;
  /** The outputs besides MQTT and Home Assistant. */
  readonly others: readonly Output[];
  private readonly broker: BrokerOutputs | undefined;

  constructor(options: OutputsOptions) {
    const { connection, logger, loaded, config } = options;
    const changed = (): void => this.broker?.outputChanged();
    const others = makeOutputs(loaded, config, { ...options, changed });
    if (connection !== undefined) this.broker = new BrokerOutputs({ ...options, connection, others });
    this.others = others;
    this.publisher = new FanOut([...(this.broker?.publishers ?? []), ...others], logger);
  }

  /** Other bridges at the broker, in words; undefined where all is well. */
  get brokerProblem(): SafeText | undefined {
    return this.broker?.problem;
  }

  /** Of devices and entities in Home Assistant. */
  appearanceChanged(): void {
    this.broker?.appearanceChanged();
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
