import { join } from 'node:path';
import type { LoggerName } from '../catalogue/loggers.ts';
import { type Database, inOneStep, openUnwritable } from '../history/database.ts';
import { isDamage, markDamaged, openBeside } from '../history/file.ts';
import { isHeld, troubleWith } from '../history/file-trouble.ts';
import { LogStore } from '../history/log-store.ts';
import { VERSION } from '../history/schema.ts';
import type { IdRange } from '../loggers/id-range.ts';
import type { LoggedRow } from '../loggers/logged-row.ts';
import { type ErrorCode, Multical2MqttError } from '../shared/errors.ts';
import type { ConfiguredMeter } from './chosen-meter.ts';

/** What one command knows of the logs of one place: in the bridge's history, or in memory where no configuration knows it. */
export interface KeptLogs {
  /** Why the history cannot be used as it should, and what to do; undefined where it can. */
  readonly problem: string | undefined;
  /** The meter that was seen here last; undefined where none is known. */
  readonly serialNumber: string | undefined;
  /** Why rows of these logs could not be kept, and what to do; undefined where they can. Tries it. */
  cannotKeep(loggers: readonly LoggerName[]): string | undefined;
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
  const file = join(dataDir, 'history.db');
  try {
    return new LogsOnDisk({ file, name: meter.name }, openBeside(file), undefined);
  } catch (error) {
    if (isDamage(error)) markDamaged(file);
    const problem = troubleWith(file, error);
    return isHeld(error) ? new LogsInMemory(problem) : whatCanBeRead(file, meter.name, problem);
  }
}

function whatCanBeRead(file: string, name: string, problem: string): KeptLogs {
  try {
    const database = openUnwritable(file);
    return new LogsOnDisk({ file, name }, { database, close: () => database.close() }, problem);
  } catch {
    return new LogsInMemory(problem);
  }
}

/** Beside a bridge that may be running. */
class LogsOnDisk implements KeptLogs {
  readonly problem: string | undefined;
  private readonly file: string;
  private readonly name: string;
  private readonly history: { readonly database: Database; close(): void };
  private readonly logs: LogStore;

  constructor(
    { file, name }: { readonly file: string; readonly name: string },
    history: LogsOnDisk['history'],
    problem: string | undefined,
  ) {
    this.file = file;
    this.name = name;
    this.problem = problem;
    this.history = history;
    try {
      this.logs = new LogStore(history.database);
    } catch (error) {
      history.close();
      throw error;
    }
  }

  get serialNumber(): string | undefined {
    return this.tried(() => this.logs.serialNumberOf(this.name));
  }

  cannotKeep(loggers: readonly LoggerName[]): string | undefined {
    if (this.problem !== undefined) return this.problem;
    try {
      const { serialNumber } = this;
      if (serialNumber !== undefined) for (const logger of loggers) this.rows(serialNumber, logger);
      // The smallest thing that is written and changes nothing.
      const { database } = this.history;
      this.tried(() => inOneStep(database, () => database.exec(`PRAGMA user_version = ${VERSION}`)));
      return undefined;
    } catch (error) {
      return troubleWith(this.file, error);
    }
  }

  add(serialNumber: string, rows: readonly LoggedRow[]): void {
    this.tried(() => this.logs.add({ serialNumber, name: this.name }, rows), 'cancelled');
  }

  known(serialNumber: string, logger: LoggerName, registers: readonly number[]): readonly IdRange[] {
    return this.tried(() => this.logs.known(serialNumber, logger, registers), 'cancelled');
  }

  rows(serialNumber: string, logger: LoggerName): readonly LoggedRow[] {
    return this.tried(() => this.logs.rows(serialNumber, logger));
  }

  beginAnew(serialNumber: string, logger: LoggerName): void {
    this.tried(() => this.logs.beginAnew(serialNumber, logger), 'cancelled');
  }

  close(): void {
    this.history.close();
  }

  /** `code`: `cancelled` for what ends the reading of all logs. */
  private tried<Result>(action: () => Result, code: ErrorCode = 'failed'): Result {
    try {
      return action();
    } catch (error) {
      // One that was not opened as usual may only look so: others may write it.
      if (this.problem === undefined && isDamage(error)) markDamaged(this.file);
      throw new Multical2MqttError(code, troubleWith(this.file, error), { cause: error });
    }
  }
}

class LogsInMemory implements KeptLogs {
  readonly problem: string | undefined;
  readonly serialNumber = undefined;
  private kept: readonly LoggedRow[] = [];

  constructor(problem: string | undefined) {
    this.problem = problem;
  }

  cannotKeep(): string | undefined {
    return this.problem;
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
