import type { LoggerName } from '../catalogue/loggers.ts';
import type { LogRows } from '../link/log-answer.ts';
import { hasCode } from '../shared/errors.ts';
import { Dating } from './dating.ts';
import { type DecodedRow, decodedRow } from './decoded-row.ts';
import { endedSince, likelyOldest } from './ended-since.ts';
import { fetchRows } from './fetched-rows.ts';
import type { IdRange } from './id-range.ts';
import { leapsBetween } from './leap.ts';
import type { LogParts } from './log-parts.ts';
import type { LogOrder, LogReading, LogWalkResult } from './log-reading.ts';
import { type LogRegisters, logRegisters } from './log-registers.ts';
import type { LoggedRow } from './logged-row.ts';
import { beside, countOf, missingIn, nextAsked } from './missing-ids.ts';
import { isSteady, oldestSince } from './pace.ts';
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
  /** Rows that are asked for in all, as far as is known; undefined before that. */
  private of: number | undefined;
  private settled = 0;
  private registers: LogRegisters = { time: [], values: [] };
  private missing: readonly IdRange[] = [];
  private dating: Dating | undefined;
  /** The page before. */
  private last: readonly DecodedRow[] = [];
  private lastDated: readonly LoggedRow[] = [];

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
    if (kept.registers === null && this.order !== 'oldest') this.most = ROWS_OF_A_SMALL_PAGE;
    await this.begin(wanted, range, kept.registers);
    this.settled = 0;
    if (!this.isOpen || this.missing.length === 0) this.announce();
    return this.walk();
  }

  /** Only the rows themselves tell where that ends which is wanted. */
  private get isOpen(): boolean {
    return this.reading.since !== undefined && !isSteady(this.logger);
  }

  private get order(): LogOrder {
    return this.isOpen ? 'newest' : (this.reading.order ?? 'newest');
  }

  /** The lowest number that is likely to be wanted. */
  private get likelyOldest(): number {
    const { since } = this.reading;
    return this.isOpen && since !== undefined
      ? likelyOldest(this.lastDated, since)
      : Number.NEGATIVE_INFINITY;
  }

  private announce(): void {
    const { reading, logger, parts, registers } = this;
    const unlikely = { from: Number.NEGATIVE_INFINITY, to: this.likelyOldest - 1 };
    const rows = this.settled + countOf(this.missing.flatMap((range) => missingIn(range, [unlikely])));
    this.of = rows;
    const { dialect } = parts.access;
    if (rows > 0)
      reading.asking?.({ dialect, logger, rows, registers: [...registers.time, ...registers.values] });
    this.tell();
  }

  /** At once: where the end is open, a few rows show how often the meter writes, and then as many as that makes likely. */
  private mostOf(most: number): number {
    if (!this.isOpen) return most;
    const newest = this.missing.at(-1)?.to ?? 0;
    const likely = this.of === undefined ? 0 : newest - this.likelyOldest + 1;
    return Math.min(most, Math.max(ROWS_OF_A_SMALL_PAGE, likely));
  }

  private async walk(): Promise<LogWalkResult> {
    const { order } = this;
    const { signal } = this.reading;
    let most = this.most;
    for (;;) {
      const window = nextAsked(this.missing, order, this.mostOf(most));
      if (window === undefined) return this.result(true);
      if (signal?.aborted) return this.result(false, 'Reading the log was ended.');
      const covered = await this.page(window);
      if (covered === undefined) {
        most = ROWS_OF_A_SMALL_PAGE;
        this.smallPages = true;
        continue;
      }
      if (this.of === undefined) this.announce();
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
    const rows = reading.knownRows?.(logger) ?? [];
    const known = isMain
      ? settledRows(
          { telling, rows },
          registers.values,
          parts.look.totals.map(({ register }) => register),
        )
      : telling(registers.values);
    const missing = missingIn(wanted, [...known, ...parts.memory.gapsOf(logger)]);
    return endedSince(missing, rows, reading.since);
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
    const dated = dating?.date(decoded) ?? [];
    const fresh = dated.filter(({ id }) => isMissing(id));
    this.last = decoded;
    this.lastDated = dated;
    const there = decoded.map(({ id }) => ({ from: id, to: id }));
    parts.memory.addGaps(logger, missingIn(fetched.covered, there));
    const left = missing.flatMap((range) => missingIn(range, [fetched.covered]));
    this.settled += countOf(missing) - countOf(left);
    this.missing = endedSince(left, dated, this.reading.since);
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
    if (this.of === undefined) return;
    // Where the end was open, it may come sooner or later than was thought.
    const of = this.missing.length === 0 ? this.settled : Math.max(this.of, this.settled + 1);
    this.reading.progressed?.({ logger: this.logger, rows: this.settled, of });
  }
}
