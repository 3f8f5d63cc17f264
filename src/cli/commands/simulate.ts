import { type Command, Option } from 'commander';
import { Multical2MqttError } from '../../shared/errors.ts';
import { CONDITION_NAMES } from '../../simulator/conditions.ts';
import { FAULT_NAMES } from '../../simulator/faults.ts';
import { MODELS } from '../../simulator/models/models.ts';
import { type Io, print } from '../io.ts';
import { wholeNumber } from '../meter-options.ts';

interface Options {
  readonly link?: string;
  readonly tcp?: number;
  readonly model: string;
  readonly serial?: number;
  readonly speed: number;
  readonly seed?: number;
  readonly baudRate: number;
  readonly fault: readonly string[];
  readonly condition: readonly string[];
  readonly verbose?: true;
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
    .option('-v, --verbose', 'show every frame on standard error')
    .action(async (options: Options) => {
      if ((options.link === undefined) === (options.tcp === undefined)) {
        throw new Multical2MqttError(
          'usage',
          'Say where to serve the meter: either --link PATH or --tcp PORT.',
        );
      }
      const { runSimulator } = await import('../../app/run-simulator.ts');
      const say = (line: string): void => print(io.out, line);
      await runSimulator({ ...options, err: io.err, signal: io.signal, print: say });
    });
}

/** An option that may be given several times. */
function several(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be given several times`)
    .argParser((text: string, previous: readonly string[]) => [...previous, text])
    .default([], 'none');
}
