import { createLogger } from '../log/winston-logger.ts';
import { systemClock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { parseCondition } from '../simulator/conditions.ts';
import { parseFault } from '../simulator/faults.ts';
import { isModelName, MODELS, type ModelName } from '../simulator/models/models.ts';
import { servePty } from '../simulator/pty-server.ts';
import { Simulator } from '../simulator/simulator.ts';
import { serveTcp } from '../simulator/tcp-server.ts';
import { seededRandom } from './seeded-random.ts';

export interface RunSimulatorOptions {
  /** Path of the pseudo-terminal; else `tcp`. */
  readonly link?: string;
  /** TCP port on this machine; 0 for any free one. */
  readonly tcp?: number;
  readonly model: string;
  readonly serial?: number;
  readonly speed: number;
  /** Makes chance repeatable: faults with a probability, and how the house lives. */
  readonly seed?: number;
  readonly baudRate: number;
  /** NAME, NAME:COUNT or NAME:PERCENT%. */
  readonly fault: readonly string[];
  /** What is the matter with the meter. */
  readonly condition: readonly string[];
  readonly verbose?: boolean;
  readonly err: NodeJS.WritableStream;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Serves a virtual meter until `signal` is aborted. */
export async function runSimulator(options: RunSimulatorOptions): Promise<void> {
  const { link, tcp = 0, serial, speed, seed, baudRate, print, signal } = options;
  const logger = createLogger({
    level: options.verbose ? 'debug' : 'info',
    format: 'text',
    stream: options.err,
  });
  const model = modelOf(options.model);
  const faults = options.fault.map(parseFault);
  const conditions = options.condition.map(parseCondition);
  const meter = { model, speed, conditions, ...(serial !== undefined && { serialNumber: serial }) };
  const simulator = new Simulator({
    meters: [meter],
    baudRate,
    faults,
    clock: systemClock,
    random: seed === undefined ? Math.random : seededRandom(seed),
    logger,
  });
  const server =
    link === undefined
      ? await serveTcp({ line: simulator, port: tcp, logger })
      : await servePty({ line: simulator, link, logger });
  const port = 'port' in server ? `tcp://127.0.0.1:${server.port}` : server.link;
  print(`A ${MODELS[model].name} with number ${simulator.meters[0]?.serialNumber} is at ${port}`);
  print(`Try it: multical2mqtt read --port ${port}${baudRate === 1200 ? '' : ` --baud-rate ${baudRate}`}`);
  await aborted(signal);
  simulator.stop();
  await server.close();
}

function modelOf(text: string): ModelName {
  if (isModelName(text)) return text;
  throw new Multical2MqttError(
    'usage',
    `There is no model "${text}". Models are: ${Object.keys(MODELS).join(', ')}.`,
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
