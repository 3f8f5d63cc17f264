import type { LoggerName } from '../catalogue/loggers.ts';
import type { LogConfiguration } from '../link/log-answer.ts';
import type { IdRange } from './id-range.ts';

/** What one meter need not be asked twice, while the program runs. */
export class LogMemory {
  private readonly configurations = new Map<LoggerName, LogConfiguration | null>();
  private readonly gaps = new Map<LoggerName, readonly IdRange[]>();
  private readonly sureAt = new Map<LoggerName, number>();
  /** Its clock stays at standard time all year; undefined while that is not known. */
  keepsWinterTime: boolean | undefined;
  private readonly absent = new Map<LoggerName, ReadonlySet<number>>();

  async configuration(
    logger: LoggerName,
    ask: () => Promise<LogConfiguration | null>,
  ): Promise<LogConfiguration | null> {
    const known = this.configurations.get(logger);
    if (known !== undefined) return known;
    const answered = await ask();
    this.configurations.set(logger, answered);
    return answered;
  }

  /** Numbers without a row: a meter without power writes none. */
  gapsOf(logger: LoggerName): readonly IdRange[] {
    return this.gaps.get(logger) ?? [];
  }

  addGaps(logger: LoggerName, gaps: readonly IdRange[]): void {
    if (gaps.length > 0) this.gaps.set(logger, [...this.gapsOf(logger), ...gaps]);
  }

  /** Registers that the logger does not write down, although nothing said so before. */
  absentIn(logger: LoggerName): ReadonlySet<number> {
    return this.absent.get(logger) ?? new Set();
  }

  addAbsent(logger: LoggerName, ids: readonly number[]): void {
    if (ids.length > 0) this.absent.set(logger, new Set([...this.absentIn(logger), ...ids]));
  }

  /** That the log went on from what is known was seen when this row was its newest. */
  isSureOf(logger: LoggerName, newest: number): boolean {
    return this.sureAt.get(logger) === newest;
  }

  makeSureOf(logger: LoggerName, newest: number): void {
    this.sureAt.set(logger, newest);
  }

  /** The meter numbers its rows anew. */
  beginAnew(logger: LoggerName): void {
    this.gaps.delete(logger);
  }
}
