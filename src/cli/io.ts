import { createLogger } from '../log/winston-logger.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { type Paint, paintFor } from '../shared/paint.ts';
import type { Secrets } from '../shared/secrets.ts';
import type { PortInfo } from '../transport/serial-channel.ts';

/** The outside of a command, handed in so that tests see what a person would. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  /** Everything else. */
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
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

/** In the colours that `stream` shows. */
export function paintOn(stream: 'out' | 'err', io: Pick<Io, 'environment' | 'out' | 'err'>): Paint {
  return paintFor(io[stream], io.environment);
}

/** For what a command has to say beside its result. */
export function commandLogger(
  io: Pick<Io, 'environment' | 'out' | 'err' | 'secrets'>,
  level: 'error' | 'warn' | 'debug',
): Logger {
  const { err: stream, secrets } = io;
  return createLogger({ level, format: 'text', stream, secrets, paint: paintOn('err', io) });
}

export function printJson(io: Io, value: unknown): void {
  print(io.out, JSON.stringify(value));
}

interface TableLook {
  /** Columns that are set flush right, counted from 0. */
  readonly right?: readonly number[];
  /** Colours a cell that has its width already. */
  readonly style?: (cell: string, row: number, column: number) => string;
}

/** Columns as wide as their widest cell. Nothing stands behind the last text of a line. */
export function table(
  rows: readonly (readonly string[])[],
  { right = [], style = (cell) => cell }: TableLook = {},
): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((cells, row) => {
    const last = widths.findLastIndex((_, column) => (cells[column] ?? '') !== '');
    return widths
      .slice(0, last + 1)
      .map((width, column) => {
        const cell = cells[column] ?? '';
        const behind = column === last ? cell : cell.padEnd(width);
        return style(right.includes(column) ? cell.padStart(width) : behind, row, column);
      })
      .join('  ');
  });
}

/** The look of a table with a heading. `values`: the column that is looked for. */
export function headed(paint: Paint, values?: number): Required<TableLook>['style'] {
  return (cell, row, column) => {
    if (row === 0) return paint('bold', cell);
    return column === values ? paint('cyan', cell) : cell;
  };
}
