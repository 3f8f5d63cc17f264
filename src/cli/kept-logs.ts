import { join } from 'node:path';
import type { LoggerName } from '../catalogue/loggers.ts';
import { openBeside } from '../history/file.ts';
import { LogStore } from '../history/log-store.ts';
import type { IdRange } from '../loggers/id-range.ts';
import type { LoggedRow } from '../loggers/logged-row.ts';
import { sentenceOf } from '../shared/errors.ts';
import type { ConfiguredMeter } from './chosen-meter.ts';

/** What one command knows of the logs of one place: kept in the bridge's history where that can be opened, else in memory. */
export interface KeptLogs {
  /** Why nothing of it is there tomorrow; undefined where all of it is. */
  readonly problem: string | undefined;
  /** The meter that was seen here last; undefined where none is known. */
  readonly serialNumber: string | undefined;
  add(serialNumber: string, rows: readonly LoggedRow[]): void;
  known(serialNumber: string, logger: LoggerName, registers: readonly number[]): readonly IdRange[];
  rows(serialNumber: string, logger: LoggerName): readonly LoggedRow[];
  beginAnew(serialNumber: string, logger: LoggerName): void;
  close(): void;
}

/** `configured`: undefined for a meter that no configuration knows, of which nothing is written anywhere. */
export function keptLogs(configured: ConfiguredMeter | undefined): KeptLogs {
  if (configured === undefined) return new LogsInMemory(undefined);
  const { meter, dataDir } = configured;
  try {
    return new LogsOnDisk(join(dataDir, 'history.db'), meter.name);
  } catch (error) {
    return new LogsInMemory(`What is read is printed, and not kept: ${sentenceOf(error)}`);
  }
}

/** Beside a bridge that may be running. */
class LogsOnDisk implements KeptLogs {
  readonly problem = undefined;
  private readonly name: string;
  private readonly history: ReturnType<typeof openBeside>;
  private readonly logs: LogStore;

  constructor(file: string, name: string) {
    this.name = name;
    this.history = openBeside(file);
    this.logs = new LogStore(this.history.database);
  }

  get serialNumber(): string | undefined {
    return this.logs.serialNumberOf(this.name);
  }

  add(serialNumber: string, rows: readonly LoggedRow[]): void {
    this.logs.add({ serialNumber, name: this.name }, rows);
  }

  known(serialNumber: string, logger: LoggerName, registers: readonly number[]): readonly IdRange[] {
    return this.logs.known(serialNumber, logger, registers);
  }

  rows(serialNumber: string, logger: LoggerName): readonly LoggedRow[] {
    return this.logs.rows(serialNumber, logger);
  }

  beginAnew(serialNumber: string, logger: LoggerName): void {
    this.logs.beginAnew(serialNumber, logger);
  }

  close(): void {
    this.history.close();
  }
}

class LogsInMemory implements KeptLogs {
  readonly problem: string | undefined;
  readonly serialNumber = undefined;
  private kept: readonly LoggedRow[] = [];

  constructor(problem: string | undefined) {
    this.problem = problem;
  }

  add(_serialNumber: string, rows: readonly LoggedRow[]): void {
    this.kept = [...this.kept, ...rows];
  }

  known(): readonly IdRange[] {
    return [];
  }

  rows(_serialNumber: string, logger: LoggerName): readonly LoggedRow[] {
    return this.kept.filter((row) => row.logger === logger).sort((a, b) => a.id - b.id);
  }

  beginAnew(): void {}

  close(): void {}
}
