import { systemClock } from '../src/shared/clock.ts';
import type { Logger } from '../src/shared/logger.ts';
import { Secrets } from '../src/shared/secrets.ts';
import type { ModelName } from '../src/simulator/models/models.ts';
import { Simulator } from '../src/simulator/simulator.ts';
import { serveTcp } from '../src/simulator/tcp-server.ts';

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  withoutSecrets: (text) => new Secrets().hideIn(text),
};

export interface SimulatedMeter {
  readonly simulator: Simulator;
  readonly port: string;
  close(): Promise<void>;
}

/**
 * A meter over TCP that answers without thinking: what a real meter takes until it begins its reply is no merit or fault of
 * ours.
 */
export async function simulatedMeter(baudRate: number, model: ModelName = '403'): Promise<SimulatedMeter> {
  const simulator = new Simulator({
    meters: [{ model }],
    baudRate,
    turnaround: 0,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
  });
  const server = await serveTcp({ line: simulator, port: 0, logger: silentLogger });
  return {
    simulator,
    port: `tcp://127.0.0.1:${server.port}`,
    async close() {
      simulator.stop();
      await server.close();
    },
  };
}
