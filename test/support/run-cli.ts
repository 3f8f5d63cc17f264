import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runProgram } from '../../src/cli/program.ts';
import { Secrets } from '../../src/shared/secrets.ts';
import type { PortInfo } from '../../src/transport/serial-channel.ts';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface CliOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  /** Standard output, too, is a terminal. */
  readonly outTerminal?: boolean;
  readonly signal?: AbortSignal;
  /** In place of the serial ports of this machine. */
  readonly ports?: readonly PortInfo[];
  /** Sees standard output while the program runs. */
  readonly onOut?: (text: string) => void;
  readonly onErr?: (text: string) => void;
}

/** The program as a shell runs it, in this process. */
export async function runCli(words: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { ports } = options;
  const out = Object.assign(new PassThrough(), { isTTY: options.outTerminal === true });
  const err = Object.assign(new PassThrough(), { isTTY: options.terminal === true });
  const texts = Promise.all([text(out), text(err)]);
  out.on('data', (chunk) => options.onOut?.(String(chunk)));
  err.on('data', (chunk) => options.onErr?.(String(chunk)));
  const code = await runProgram(words, {
    environment: options.environment ?? {},
    input: Readable.from([options.input ?? '']),
    out,
    err,
    version: '1.2.3',
    secrets: new Secrets(),
    signal: options.signal ?? new AbortController().signal,
    ...(ports && { listPorts: async () => ports }),
  });
  out.end();
  err.end();
  const [printed, complained] = await texts;
  return { code, out: printed, err: complained };
}
