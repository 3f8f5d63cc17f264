import { Multical2MqttError } from '../shared/errors.ts';
import type { Secrets } from '../shared/secrets.ts';
import type { PortInfo } from '../transport/serial-channel.ts';

/** The outside of a command, handed in so that tests see what a person would. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Everything else. */
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly input: NodeJS.ReadableStream;
  readonly version: string;
  /** Not to be seen in anything that is written. */
  readonly secrets: Secrets;
  /** By default those of the system. */
  readonly listPorts?: () => Promise<readonly PortInfo[]>;
  /** Aborted by SIGINT, SIGTERM, a terminal that hangs up or npm's end; the commands of `orderly-commands.ts` end then, the others are ended. */
  readonly signal: AbortSignal;
}

/** Ends a command with the exit code of its `code`, where all has been said. */
export class AlreadyTold extends Multical2MqttError {}

export function print(stream: NodeJS.WritableStream, line: string): void {
  stream.write(`${line}\n`);
}

export function printJson(io: Io, value: unknown): void {
  print(io.out, JSON.stringify(value));
}

/** Columns as wide as their widest cell; the columns in `right` (counted from 0) are set flush right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
