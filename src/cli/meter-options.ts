import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createLogger } from '../log/winston-logger.ts';
import { portNamed } from '../transport/port-name.ts';
import type { OneShotOptions } from './one-shot.ts';

export interface MeterOptions {
  readonly port: string;
  readonly address: number;
  readonly baudRate: number;
  readonly timeoutAllowance?: number;
  readonly wakeUp: 'none' | 'preamble';
  readonly verbose?: true;
}

/** The options of every command that talks to a meter. */
export function withMeterOptions(command: Command): Command {
  return command
    .requiredOption(
      '-p, --port <port>',
      'serial port (/dev/serial/by-id/..., COM3) or tcp://host:port',
      portText,
    )
    .option('--address <number>', 'KMP destination address', wholeNumber(1, 255), 0x3f)
    .addOption(
      new Option('--baud-rate <number>', 'bits a second').argParser(wholeNumber(300, 115_200)).default(1200),
    )
    .option('--timeout-allowance <ms>', 'on top of the timeouts, for slow networks', wholeNumber(0, 60_000))
    .addOption(
      new Option('--wake-up <how>', 'what goes before the first request')
        .choices(['none', 'preamble'])
        .default('none'),
    )
    .option('-v, --verbose', 'show every byte on standard error');
}

export function oneShotOptions(options: MeterOptions, err: NodeJS.WritableStream): OneShotOptions {
  const { port, address, baudRate, timeoutAllowance = null, wakeUp, verbose } = options;
  const logger = createLogger({ level: verbose ? 'debug' : 'warn', format: 'text', stream: err });
  return { port, address, baudRate, timeoutAllowance, wakeUp, logger };
}

/** A path may begin in the folder that the shell is in. */
function portText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  const named = portNamed(/^\.\.?\//.test(text) ? resolve(text) : text);
  if ('port' in named) return named.port;
  throw new InvalidArgumentError(`It ${named.fault}.`);
}

/** An argument parser: a whole number, decimal or 0x, within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^(\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}, decimal or 0x.`);
  };
}
