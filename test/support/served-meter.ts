import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/shared/clock.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { serveTcp } from '../../src/simulator/tcp-server.ts';
import { CollectingLogger } from './collecting-logger.ts';

/** So fast that a test need not wait; still bits a second, so that every timing rule is at work. */
export const FAST = 115_200;

export interface ServedMeter {
  readonly simulator: Simulator;
  readonly port: string;
  /** For commands: `--port` and the speed of the line. */
  readonly words: readonly string[];
}

/** A simulated meter on a real TCP port, until the test ends. */
export async function servedMeter(
  { baudRate = FAST, ...meter }: Partial<SimulatedMeterOptions> & { readonly baudRate?: number } = {},
  ...faults: string[]
): Promise<ServedMeter> {
  const logger = new CollectingLogger();
  const simulator = new Simulator({
    meters: [{ model: '403', ...meter }],
    baudRate,
    faults: faults.map(parseFault),
    clock: systemClock,
    random: () => 0.5,
    logger,
  });
  const server = await serveTcp({ line: simulator, port: 0, logger });
  onTestFinished(async () => {
    simulator.stop();
    await server.close();
  });
  const port = `tcp://127.0.0.1:${server.port}`;
  return { simulator, port, words: ['--port', port, '--baud-rate', String(baudRate)] };
}
