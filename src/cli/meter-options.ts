import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { portNamed } from '../transport/port-name.ts';
import { chosenMeter } from './chosen-meter.ts';
import { commandLogger, type Io } from './io.ts';
import type { OneShotOptions } from './one-shot.ts';

export interface MeterOptions {
  readonly port?: string;
  readonly meter?: string;
  readonly config?: string;
  readonly address?: number;
  readonly baudRate?: number;
  readonly timeoutAllowance?: number;
  readonly wakeUp?: 'none' | 'preamble';
  readonly verbose?: true;
}

/** The options of every command that talks to a meter. */
export function withMeterOptions(command: Command): Command {
  return command
    .option(
      '-p, --port <port>',
      "serial port (/dev/serial/by-id/..., COM3) or tcp://host:port, in place of the configured meter's",
      portText,
    )
    .option('-m, --meter <name>', 'the configured meter that is meant, where there are several')
    .option('-c, --config <file>', 'configuration file')
    .option(
      '--address <number>',
      'KMP destination address (default: as configured, or 63)',
      wholeNumber(1, 255),
    )
    .option(
      '--baud-rate <number>',
      'bits a second (default: as configured, or 1200)',
      wholeNumber(300, 115_200),
    )
    .option('--timeout-allowance <ms>', 'on top of the timeouts, for slow networks', wholeNumber(0, 60_000))
    .addOption(
      new Option(
        '--wake-up <how>',
        'what goes before the first request (default: as configured, or none)',
      ).choices(['none', 'preamble']),
    )
    .option('-v, --verbose', 'show every byte on standard error');
}

/** What a meter without a configuration has. */
const DEFAULTS = {
  address: 0x3f,
  baudRate: 1200,
  timeoutAllowance: null,
  wakeUp: 'none',
  model: 'auto',
} as const;

/** Options of the command line before what is configured. A port that was given is asked in the usual way. */
export function oneShotOptions(options: MeterOptions, io: Io): OneShotOptions {
  const configured = chosenMeter(options, io.environment);
  const { port, ...settings } =
    options.port === undefined && configured !== undefined
      ? configured.meter
      : { ...DEFAULTS, port: options.port ?? '' };
  const logger = commandLogger(io, options.verbose ? 'debug' : 'warn');
  return {
    port,
    address: options.address ?? settings.address,
    baudRate: options.baudRate ?? settings.baudRate,
    timeoutAllowance: options.timeoutAllowance ?? settings.timeoutAllowance,
    wakeUp: options.wakeUp ?? settings.wakeUp,
    model: settings.model,
    configured,
    logger,
  };
}

/** A path may begin in the folder that the shell is in. */
export function portText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  const named = portNamed(/^\.\.?\//.test(text) ? resolve(text) : text);
  if ('port' in named) return named.port;
  // One that begins with the form itself is a sentence already.
  throw new InvalidArgumentError(named.fault.startsWith('"') ? `${named.fault}.` : `It ${named.fault}.`);
}

/** An argument parser: a whole number, decimal or 0x, within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^(\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}, decimal or 0x.`);
  };
}
