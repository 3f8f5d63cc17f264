import type { LoggerName } from '../catalogue/loggers.ts';
import type { LogRows } from '../link/log-answer.ts';
import { hasCode } from '../shared/errors.ts';
import { Dating } from './dating.ts';
import { type DecodedRow, decodedRow } from './decoded-row.ts';
import { fetchRows } from './fetched-rows.ts';
import type { IdRange } from './id-range.ts';
import { leapsBetween } from './leap.ts';
import type { LogParts } from './log-parts.ts';
import type { LogReading, LogWalkResult } from './log-reading.ts';
import { type LogRegisters, logRegisters } from './log-registers.ts';
import type { LoggedRow } from './logged-row.ts';
import { beside, countOf, missingIn, nextAsked } from './missing-ids.ts';
import { oldestSince } from './pace.ts';
import { isSameRow } from './same-row.ts';
import { settledRows } from './settled-rows.ts';
import { keepsWinterTime } from './winter-time.ts';

/** Asked together with the newest row that is known: as many as one reply holds for sure. */
const BESIDE_THE_KNOWN = 4;
const ROWS_OF_A_SMALL_PAGE = 8;

/** Reads the rows of one logger that are not known, page by page. */
export class LogWalk {
  private readonly logger: LoggerName;
  private readonly parts: LogParts;
  private readonly reading: LogReading;
  private rows = 0;
  private smallPages = false;
  /** Rows that are asked for at once. */
  private most = Number.POSITIVE_INFINITY;
  private of = 0;
  private settled = 0;
  private registers: LogRegisters = { time: [], values: [] };
  private missing: readonly IdRange[] = [];
  private dating: Dating | undefined;
  /** The page before. */
  private last: readonly DecodedRow[] = [];

  constructor(logger: LoggerName, parts: LogParts, reading: LogReading) {
    this.logger = logger;
    this.parts = parts;
    this.reading = reading;
  }

  /** What was read before an error is with `got` already. */
  result(isComplete: boolean, problem?: string): LogWalkResult {
    const reason = problem ?? this.dating?.reason;
    return { logger: this.logger, rows: this.rows, isComplete, ...(reason !== undefined && { reason }) };
  }

  /** Errors: those of the access, of the line, and `failed`. */
  async run(): Promise<LogWalkResult> {
    const { logger, parts, reading } = this;
    const { access, memory, look, visit } = parts;
    const kept = await memory.configuration(logger, () =>
      visit((session) => access.configuration(session, logger)),
    );
    if (kept === null) return this.result(true, `This meter keeps no ${logger} log that can be read.`);
    const range = await visit((session) => access.range(session, logger));
    if (range === null) return this.result(true, `The meter has written nothing into its ${logger} log yet.`);
    const chosen = logRegisters(logger, kept.registers, reading.wanted, look.totals);
    this.registers = { ...chosen, values: this.without(memory.absentIn(logger), chosen.values) };
    const oldest = Math.max(range.oldest, oldestSince(logger, range.newest, look.clock, reading.since));
    const wanted = { from: oldest, to: range.newest };
    // A module that tells nothing of itself begins with the oldest row of those that it is asked for.
    if (kept.registers === null && reading.order !== 'oldest') this.most = ROWS_OF_A_SMALL_PAGE;
    await this.begin(wanted, range, kept.registers);
    this.of = countOf(this.missing);
    const { time, values } = this.registers;
    if (this.of > 0)
      reading.asking?.({
        ...{ dialect: access.dialect, logger, rows: this.of },
        registers: [...time, ...values],
      });
    this.tell();
    return this.walk();
  }

  private async walk(): Promise<LogWalkResult> {
    const { order = 'newest', signal } = this.reading;
    let most = this.most;
    for (;;) {
      const window = nextAsked(this.missing, order, most);
      if (window === undefined) return this.result(true);
      if (signal?.aborted) return this.result(false, 'Reading the log was ended.');
      const covered = await this.page(window);
      if (covered === undefined) {
        most = ROWS_OF_A_SMALL_PAGE;
        this.smallPages = true;
        continue;
      }
      const isAtOtherEnd = order === 'newest' ? covered.to < window.to : covered.from > window.from;
      if (isAtOtherEnd) most = Math.min(most, covered.to - covered.from + 1);
    }
  }

  /** Compares the newest known row, and finds out what is missing. */
  private async begin(
    wanted: IdRange,
    range: { readonly oldest: number; readonly newest: number },
    listed: readonly number[] | null,
  ): Promise<void> {
    const { logger, reading, parts } = this;
    const known = reading.knownRows?.(logger) ?? [];
    const last = known.at(-1);
    this.missing = this.missingOf(wanted);
    const isAhead = last !== undefined && last.id > range.newest;
    const isThere = last !== undefined && last.id >= range.oldest && !isAhead;
    const isSure = parts.memory.isSureOf(logger, range.newest);
    if (isAhead) this.beginAnew(wanted);
    if (this.missing.length === 0) return;
    const winter = await keepsWinterTime(
      parts,
      logger,
      this.registers.time,
      listed,
      range.newest,
      this.missing,
    );
    const make = (rows: readonly LoggedRow[]): Dating =>
      new Dating(
        logger,
        parts.look.clock,
        winter,
        { newest: range.newest, totals: parts.look.totals },
        beside(rows, this.missing),
      );
    this.dating = make(isAhead ? [] : known);
    if (isThere && !isSure && (await this.hasBegunAnew(last, range.newest))) {
      this.beginAnew(wanted);
      this.dating = make([]);
    }
    parts.memory.makeSureOf(logger, range.newest);
  }

  /** The newest known row is asked for once more, with what follows it; it must not have changed. */
  private async hasBegunAnew(last: LoggedRow, newest: number): Promise<boolean> {
    const window = { from: last.id, to: Math.min(newest, last.id + BESIDE_THE_KNOWN) };
    let fetched = await this.fetch(window);
    // A reply that holds fewer rows than that.
    if (fetched.covered.from > last.id) fetched = await this.fetch({ from: last.id, to: last.id });
    const again = fetched.rows.map((row) => decodedRow(this.logger, row)).find(({ id }) => id === last.id);
    if (again === undefined || !isSameRow(last, again)) return true;
    this.take(fetched);
    return false;
  }

  private beginAnew(wanted: IdRange): void {
    this.reading.beganAnew?.(this.logger);
    this.parts.memory.beginAnew(this.logger);
    this.missing = this.missingOf(wanted);
  }

  private missingOf(wanted: IdRange): readonly IdRange[] {
    const { logger, reading, registers, parts } = this;
    const telling = (ids: readonly number[]) => reading.known(logger, ids);
    const isMain = reading.wanted === undefined || reading.wanted === 'main';
    const known = isMain
      ? settledRows(
          { telling, rows: reading.knownRows?.(logger) ?? [] },
          registers.values,
          parts.look.totals.map(({ register }) => register),
        )
      : telling(registers.values);
    return missingIn(wanted, [...known, ...parts.memory.gapsOf(logger)]);
  }

  /** Undefined where no reply came and a shorter one may: the longer it is, the sooner a byte of it is lost. */
  private async page(window: IdRange): Promise<IdRange | undefined> {
    try {
      const fetched = await this.fetch(window);
      this.take(fetched);
      return fetched.covered;
    } catch (error) {
      const isLong = window.to - window.from >= ROWS_OF_A_SMALL_PAGE;
      if (!isLong || this.smallPages || !hasCode(error, 'no-answer')) throw error;
      return undefined;
    }
  }

  /** Rows that do not follow from the others are asked for once more: a reply may be damaged and not show it. */
  private async fetch(window: IdRange): Promise<LogRows> {
    const { access, visit, memory } = this.parts;
    const { time, values } = this.registers;
    const ask = (): Promise<LogRows> =>
      visit((session) => fetchRows(access, session, this.logger, window, [...time, ...values]));
    const first = await ask();
    memory.addAbsent(this.logger, first.absent);
    this.registers = { time, values: this.without(new Set(first.absent), values) };
    return this.isDoubtful(this.decoded(first)) ? ask() : first;
  }

  private isDoubtful(page: readonly DecodedRow[]): boolean {
    const { dating } = this;
    const trial = dating?.copy();
    trial?.date(page);
    const isBreak = trial !== undefined && dating !== undefined && trial.end > dating.end;
    const isNext = this.last.some(({ id }) => page.some((row) => row.id === id - 1));
    return isBreak || (isNext && leapsBetween(this.last, page));
  }

  private take(fetched: LogRows): void {
    const { logger, missing, dating, parts } = this;
    const isMissing = (id: number): boolean => missing.some(({ from, to }) => id >= from && id <= to);
    const decoded = this.decoded(fetched);
    const fresh = (dating?.date(decoded) ?? []).filter(({ id }) => isMissing(id));
    this.last = decoded;
    const there = decoded.map(({ id }) => ({ from: id, to: id }));
    parts.memory.addGaps(logger, missingIn(fetched.covered, there));
    this.missing = missing.flatMap((range) => missingIn(range, [fetched.covered]));
    this.settled = this.of === 0 ? 0 : this.of - countOf(this.missing);
    this.rows += fresh.length;
    if (fresh.length > 0) this.reading.got(fresh);
    this.tell();
  }

  private decoded({ rows }: LogRows): readonly DecodedRow[] {
    return rows.map((row) => decodedRow(this.logger, row));
  }

  private without(absent: ReadonlySet<number>, ids: readonly number[]): readonly number[] {
    return ids.filter((id) => !absent.has(id));
  }

  private tell(): void {
    this.reading.progressed?.({ logger: this.logger, rows: this.settled, of: this.of });
  }
}
