import { type Command, InvalidArgumentError, Option } from 'commander';
import { createLogger } from '../../log/winston-logger.ts';
import { type Random, systemClock, untilAborted } from '../../shared/clock.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { CONDITION_NAMES, parseCondition } from '../../simulator/conditions.ts';
import { FAULT_NAMES, parseFault } from '../../simulator/faults.ts';
import { isModelName, MODELS, type ModelName } from '../../simulator/models/models.ts';
import { servePty } from '../../simulator/pty-server.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { serveTcp } from '../../simulator/tcp-server.ts';
import { type Io, paintOn, print } from '../io.ts';
import { wholeNumber } from '../meter-options.ts';

const MINUTE = 60_000;
/** A meter tells two digits of the year. */
const MOST_MINUTES_AHEAD = 15 * 525_600;

interface SimulateOptions {
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
  /** Conditions that the meter complains about. */
  readonly condition: readonly string[];
  /** Minutes by which the meter's clock is ahead. */
  readonly clockError: number;
  readonly withoutLog?: true;
  readonly verbose?: boolean;
}

export function addSimulate(program: Command, io: Io): void {
  program
    .command('simulate')
    .description('serve a virtual meter on a pseudo-terminal or on TCP, at real line speed')
    .option('--link <path>', 'make a pseudo-terminal there (needs socat)')
    .option('--tcp <port>', 'listen there on this machine; 0 for any free port', wholeNumber(0, 65_535))
    .option('--model <model>', Object.keys(MODELS).join(', '), '403')
    .option('--serial <number>', "in place of the model's serial number", wholeNumber(0, 0xffff_ffff))
    .option('--speed <factor>', 'simulated seconds a second', wholeNumber(1, 100_000), 1)
    .option('--seed <number>', 'the same chance in every run', wholeNumber(0, 0xffff_ffff))
    .option('--baud-rate <number>', 'bits a second', wholeNumber(300, 115_200), 1200)
    .addOption(several('--fault <fault>', `NAME, NAME:COUNT or NAME:PERCENT% of ${FAULT_NAMES.join(', ')}`))
    .addOption(several('--condition <name>', `what the meter complains about: ${CONDITION_NAMES.join(', ')}`))
    .option('--clock-error <minutes>', 'its clock is ahead by so much; -60 is behind', minutesAhead, 0)
    .option('--without-log', 'it answers no question for days and years gone by')
    .option('-v, --verbose', 'show every frame on standard error')
    .action(async (options: SimulateOptions) => {
      if ((options.link === undefined) === (options.tcp === undefined)) {
        throw new Multical2MqttError(
          'usage',
          'Say where to serve the meter: either --link PATH or --tcp PORT.',
        );
      }
      await serveMeter(options, io);
    });
}

/** An option that may be given several times. */
function several(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be given several times`)
    .argParser((text: string, previous: readonly string[]) => [...previous, text])
    .default([], 'none');
}

function minutesAhead(text: string): number {
  const minutes = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Math.abs(minutes) <= MOST_MINUTES_AHEAD) return minutes;
  throw new InvalidArgumentError(
    `It must be a whole number of minutes from -${MOST_MINUTES_AHEAD} to ${MOST_MINUTES_AHEAD} (15 years).`,
  );
}

/** Serves a virtual meter until it is interrupted. */
async function serveMeter(options: SimulateOptions, io: Io): Promise<void> {
  const { link, tcp = 0, serial, speed, seed, baudRate, withoutLog = false } = options;
  const logger = createLogger({
    level: options.verbose ? 'debug' : 'info',
    format: 'text',
    stream: io.err,
    paint: paintOn('err', io),
  });
  const model = modelOf(options.model);
  const faults = options.fault.map(parseFault);
  const conditions = options.condition.map(parseCondition);
  const clockError = options.clockError * MINUTE;
  const own = { ...(serial !== undefined && { serialNumber: serial }), clockError, withoutLog };
  const meter = { model, speed, conditions, ...own };
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
  print(io.out, `A ${MODELS[model].name} with number ${simulator.meters[0]?.serialNumber} is at ${port}`);
  print(
    io.out,
    `Try it: multical2mqtt read --port ${port}${baudRate === 1200 ? '' : ` --baud-rate ${baudRate}`}`,
  );
  await untilAborted(io.signal);
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

/** The same numbers for the same seed (mulberry32), so that a fault can be shown to somebody else. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
