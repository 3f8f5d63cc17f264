import { LOGGER, type LoggerName, loggersInTurn } from '../catalogue/loggers.ts';
import type { LogShelf } from '../history/log-shelf.ts';
import type { LogStore } from '../history/log-store.ts';
import { logCost, logCostText } from '../loggers/log-cost.ts';
import type { LogWalkResult } from '../loggers/log-reading.ts';
import { expectedRegisters } from '../loggers/log-registers.ts';
import type { LoggedValue } from '../loggers/logged-row.ts';
import type { Meter } from '../meter/meter.ts';
import type { MeterIdentity } from '../meter/publisher.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import type { Deps } from '../shared/deps.ts';
import { localDate, localDay } from '../shared/zoned-time.ts';

/** A meter that does not change its clocks in summer ends its day at one o'clock; its clock may be late, too. */
const NIGHT = 2;

/** Milliseconds: somebody else's program may be starting. */
const BRING_EVERY = 10 * 60_000;

export interface LogRoutineOptions extends Pick<Deps, 'clock' | 'logger'> {
  readonly meter: MeterIdentity;
  readonly timezone: string;
  readonly baudRate: number | undefined;
  readonly source: Pick<Meter, 'readLog' | 'logDialect' | 'logDepths'>;
  readonly shelf: LogShelf;
  /** Brings on what is kept, when something may have been added. False where that has to be tried again. */
  readonly bring: (logs: LogStore) => Promise<boolean>;
}

/**
 * When the logs of one meter are read: after its first reading, and after the first one of each night, while its eye is awake
 * from that and no wake-up is needed. What did not come to its end goes on after the next reading.
 */
export class LogRoutine {
  private readonly options: LogRoutineOptions;
  private running: Promise<void> | undefined;
  /** The last local date on which all was read that could be. */
  private doneOn: string | undefined;
  private hasAsked = false;
  /** On the clock that is never set: when what is kept may be brought on again; undefined while nothing waits for that. */
  private bringFrom: number | undefined;
  private readonly told = new Set<string>();

  constructor(options: LogRoutineOptions) {
    this.options = options;
  }

  /** To be called after each reading. */
  readingTaken(): void {
    if (this.running !== undefined) return;
    const isDue = this.mayBeDue;
    if (!isDue && !this.mayBring) return;
    this.running = this.run(isDue).finally(() => {
      this.running = undefined;
    });
  }

  /** Resolves when nothing runs; whoever stops us stops the meter, which ends what is being read. */
  async stop(): Promise<void> {
    await this.running;
  }

  private get mayBeDue(): boolean {
    const { clock, timezone, source } = this.options;
    const now = clock.now();
    if (!isWallTime(now)) return false;
    const { logDialect } = source;
    if (logDialect === null) this.tellOnce(NOT_PUBLIC);
    if (logDialect === null || logDialect === undefined) return false;
    const { date, hours } = localDay(now, timezone);
    return this.doneOn !== date && (!this.hasAsked || this.doneOn === undefined || hours >= NIGHT);
  }

  private get mayBring(): boolean {
    return this.bringFrom !== undefined && this.options.clock.monotonic() >= this.bringFrom;
  }

  private async run(isDue: boolean): Promise<void> {
    const { shelf, source, bring, clock } = this.options;
    const { logDialect, logDepths } = source;
    const kept = loggersInTurn(logDialect ?? 'logger');
    const loggers = kept.filter((logger) => logDepths === undefined || logger in logDepths);
    const open = shelf.open();
    if (open === undefined) return;
    const { logs } = open;
    try {
      if (isDue) await this.readUnlessFresh(logs, loggers);
      this.bringFrom = (await bring(logs)) ? undefined : clock.monotonic() + BRING_EVERY;
    } catch (error) {
      shelf.failed(error);
      // Each try costs the meter a page that is lost again.
      this.done();
    } finally {
      open.close();
    }
  }

  private async readUnlessFresh(logs: LogStore, loggers: readonly LoggerName[]): Promise<void> {
    const isOfToday = !this.hasAsked && this.isFresh(logs);
    this.hasAsked = true;
    if (isOfToday) this.done();
    else await this.read(logs, loggers);
  }

  /** A bridge that was only started anew has nothing to ask for. A log may be empty, which its rows would not tell. */
  private isFresh(logs: LogStore): boolean {
    const { clock, timezone, meter } = this.options;
    const at = logs.completedAt(meter.serialNumber);
    if (at === undefined || localDate(at, timezone) !== localDate(clock.now(), timezone)) return false;
    return localDay(at, timezone).hours >= NIGHT || localDay(clock.now(), timezone).hours < NIGHT;
  }

  private async read(logs: LogStore, loggers: readonly LoggerName[]): Promise<void> {
    const { meter, source } = this.options;
    const { serialNumber } = meter;
    const isFirst = loggers.every((logger) => logs.newest(serialNumber, logger) === undefined);
    const results = await source.readLog({
      loggers,
      looked: (totals) => {
        if (isFirst) this.tellCost(loggers, totals);
      },
      // A program that is killed in between goes on with what is newer.
      order: 'oldest',
      known: (logger, registers) => logs.known(serialNumber, logger, registers),
      knownRows: (logger) => logs.rows(serialNumber, logger),
      got: (rows) => logs.add(meter, rows),
      beganAnew: (logger) => this.beganAnew(logs, logger),
    });
    this.tell(results, isFirst);
    const isComplete = results.every((result) => result.isComplete);
    const rows = results.reduce((sum, result) => sum + result.rows, 0);
    if (isComplete) logs.complete(meter, this.options.clock.now());
    if (isComplete || rows === 0) this.done();
  }

  /** Before the first time: nothing is known yet. */
  private tellCost(loggers: readonly LoggerName[], totals: readonly LoggedValue[]): void {
    const { meter, baudRate, source, logger: log } = this.options;
    const { logDialect: dialect, logDepths } = source;
    const asked = loggers.flatMap((logger) => {
      const rows = logDepths?.[logger];
      if (rows === undefined || rows === null || !dialect) return [];
      return { dialect, logger, rows, registers: expectedRegisters(dialect, logger, totals) };
    });
    const cost = asked.length === 0 ? 'as many rows as it keeps' : logCostText(logCost(asked, baudRate));
    log.info(
      `${meter.name}: reading what the meter wrote down itself: ${cost} (history.meterLog turns it off)`,
    );
  }

  private beganAnew(logs: LogStore, logger: LoggerName): void {
    const { meter, logger: log } = this.options;
    log.warn(`${meter.name}: the meter numbers the rows of its ${logger} log anew: it was reset, or set up`);
    logs.beginAnew(meter.serialNumber, logger);
  }

  private tell(results: readonly LogWalkResult[], isFirst: boolean): void {
    const { meter, logger: log } = this.options;
    const found = results.filter(({ rows }) => rows > 0);
    const rows = found.map(({ logger, rows }) => `${rows} ${periodName(logger, rows)}`).join(', ');
    const isMore = found.some(({ logger, rows }) => logger === 'day' && rows > 1);
    const text = `${meter.name}: from the meter's own log: ${rows === '' ? 'none' : rows}`;
    if (isFirst || isMore) log.info(text);
    else log.debug(text);
    for (const reason of new Set(results.map((result) => result.reason))) {
      if (reason === undefined) continue;
      const of = results.filter((result) => result.reason === reason);
      const which = of.length === results.length ? '' : `${of.map(({ logger }) => logger).join(', ')} log: `;
      this.tellOnce(`${which}${reason}`, of.every(({ isComplete }) => isComplete) ? 'info' : 'warn');
    }
  }

  private tellOnce(text: string, severity: 'info' | 'warn' = 'info'): void {
    if (this.told.has(text)) return;
    this.told.add(text);
    const { meter, logger } = this.options;
    logger[severity](`${meter.name}: ${text}`);
  }

  private done(): void {
    const { clock, timezone } = this.options;
    this.doneOn = localDate(clock.now(), timezone);
  }
}

function periodName(logger: LoggerName, count: number): string {
  const { noun } = LOGGER[logger];
  return count === 1 ? noun : `${noun}s`;
}

const NOT_PUBLIC =
  'what this meter wrote down itself cannot be read, because no command for its family is public (see docs/history.md)';
