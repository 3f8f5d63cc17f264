import type { PortInfo } from '../app/ports.ts';

/** What a command may touch of the world; handed in, so that tests see what a person would. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Everything else. */
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly input: NodeJS.ReadableStream;
  readonly version: string;
  /** By default those of the system. */
  readonly listPorts?: () => Promise<readonly PortInfo[]>;
  /** Aborted by SIGINT or SIGTERM; the commands of `orderly-commands.ts` end then, the others are ended. */
  readonly signal: AbortSignal;
}

export function print(stream: NodeJS.WritableStream, line: string): void {
  stream.write(`${line}\n`);
}

export function printJson(io: Io, value: unknown): void {
  print(io.out, JSON.stringify(value));
}
