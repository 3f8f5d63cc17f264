import { Command, CommanderError } from 'commander';
import { type ErrorCode, Multical2MqttError, messageOf } from '../shared/errors.ts';
import { NO_COLOURS } from '../shared/paint.ts';
import { addAlign } from './commands/align.ts';
import { addCheck } from './commands/check.ts';
import { addCompletion } from './commands/completion.ts';
import { addDecode } from './commands/decode.ts';
import { addDemo } from './commands/demo.ts';
import { addHealth } from './commands/health.ts';
import { addHistory } from './commands/history.ts';
import { addIdentify } from './commands/identify.ts';
import { addPorts } from './commands/ports.ts';
import { addProbe } from './commands/probe.ts';
import { addRead } from './commands/read.ts';
import { addRun } from './commands/run.ts';
import { addSetup } from './commands/setup.ts';
import { addSimulate } from './commands/simulate.ts';
import { EXIT } from './exit-codes.ts';
import { AlreadyTold, type Io, paintOn, print } from './io.ts';
import { unknownCommand } from './unknown-command.ts';

/** For every command, wherever it stands. */
const NO_COLOUR = '--no-color';

/** Runs the program with `words` as its arguments and resolves with its exit code. Never throws. */
export async function runProgram(words: readonly string[], outside: Io): Promise<number> {
  const isPlain = words.includes(NO_COLOUR);
  const io = isPlain ? { ...outside, environment: { ...outside.environment, ...NO_COLOURS } } : outside;
  try {
    const program = makeProgram(io);
    const [first = '-'] = words;
    const known = ['help', ...program.commands.map((command) => command.name())];
    // The default command would complain of the options first.
    if (!first.startsWith('-') && !known.includes(first)) throw unknownCommand(first, program);
    await program.parseAsync(words, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof AlreadyTold)) print(io.err, complaint(io.secrets.hideIn(messageOf(error)), io));
    return exitCodeOf(error);
  }
}

/** Every command. Nothing runs before its words are parsed. */
export function makeProgram(io: Io): Command {
  const program = new Command('multical2mqtt')
    .description(
      'Reads Kamstrup MULTICAL meters through their optical eye and publishes them to Home Assistant over MQTT.',
    )
    .version(io.version)
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .option(NO_COLOUR, 'no colours, on a terminal either')
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      outputError: (text, write) => write(complaint(text, io)),
    });
  const add = [
    addSetup,
    addRun,
    addRead,
    addHistory,
    addIdentify,
    addProbe,
    addAlign,
    addPorts,
    addDecode,
    addSimulate,
    addCheck,
    addHealth,
    addDemo,
    addCompletion,
  ];
  for (const addCommand of add) addCommand(program, io);
  for (const command of program.commands)
    command.version(io.version).option(NO_COLOUR, 'no colours, on a terminal either');
  return program;
}

/** What is wrong stands in the first line; the others say more of it. */
function complaint(text: string, io: Io): string {
  const [first = '', ...more] = text.split('\n');
  return [paintOn('err', io)('red', first), ...more].join('\n');
}

/** What no second try cures. */
const WRONG_USE: readonly ErrorCode[] = ['usage', 'config', 'data-in-use'];

function exitCodeOf(error: unknown): number {
  if (!(error instanceof Multical2MqttError)) return EXIT.failed;
  if (WRONG_USE.includes(error.code)) return EXIT.usage;
  return error.code === 'no-answer' ? EXIT.noAnswer : EXIT.failed;
}
