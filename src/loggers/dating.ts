import type { LoggerName } from '../catalogue/loggers.ts';
import { registerInfo } from '../catalogue/registers.ts';
import { standardOffsetAt } from '../shared/zoned-time.ts';
import { type DecodedRow, isTotal, numberOf } from './decoded-row.ts';
import type { LoggedRow, LoggedValue } from './logged-row.ts';
import { endsAtMidnight, endsWithAnHour, isPossibleStep, paceOf } from './pace.ts';
import type { SeenClock } from './seen-clock.ts';
import { momentsMeant, type Stamp } from './stamp.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A clock may be off by so much and still mean the hour that it says. */
const DRIFT = 20 * MINUTE;
/** A row is written some seconds after its period has ended (a day at 00:00:04, jktjkt/PyKMP). */
const LATE = 5 * MINUTE;

/** A row whose moment is known, or the meter as it is now. */
interface Anchor {
  readonly id: number;
  /** By the meter's clock as it was then. */
  readonly shown: number;
  /** To be added for the true moment. */
  readonly correction: number;
  readonly totals: readonly LoggedValue[];
  readonly isNow: boolean;
}

/**
 * Tells when rows ended, from the meter's clock now down to the past, row by row:
 *
 *   clock now ──▶ row 645 ──▶ row 644 ──▶ ... ──▶ row 300 ──✕  totals or times go back, or leap
 *      │ a large error is taken back all the way         └──▶ rows from here down have no moment
 *
 * A row beyond such a break was written by a clock of which nothing is known, or before the meter was set to zero.
 */
export class Dating {
  private readonly logger: LoggerName;
  private readonly clock: SeenClock | null;
  /** Its clock stays at standard time all year; undefined while nothing tells. */
  private keepsWinterTime: boolean | undefined;
  /** Ascending. */
  private anchors: readonly Anchor[];
  /** Rows up to this one have no moment. */
  private brokenAt: number;
  private because: string | undefined;
  /** Between two rows, as it was seen first. */
  private interval: number | undefined;

  /** `now`: what the meter has counted when its clock was seen, after row `newest`. `known`: rows of earlier readings. */
  constructor(
    logger: LoggerName,
    clock: SeenClock | null,
    keepsWinterTime: boolean | undefined,
    now: { readonly newest: number; readonly totals: readonly LoggedValue[] },
    known: readonly LoggedRow[],
  ) {
    this.logger = logger;
    this.clock = clock;
    this.keepsWinterTime = keepsWinterTime;
    const id = now.newest + 1;
    const shown = clock?.shown ?? 0;
    const correction = clock === null ? 0 : -errorOf(clock, logger);
    this.anchors = ascending([
      ...known.flatMap((row) => this.anchorOfKnown(row)),
      { id, shown, correction, totals: totalsIn(now.totals), isNow: true },
    ]);
    const undated = known.filter(({ endedAt, meterTime }) => endedAt === null && meterTime !== null);
    this.brokenAt = Math.max(Number.NEGATIVE_INFINITY, ...undated.map((row) => row.id));
    if (clock === null) {
      this.brokenAt = Number.POSITIVE_INFINITY;
      this.because = "The meter's clock is not set: its rows have its own time alone.";
    }
  }

  /** For a person; undefined while all rows have their moment. */
  get reason(): string | undefined {
    return this.because;
  }

  /** The highest number of a row without a moment, as far as is known. */
  get end(): number {
    return this.brokenAt;
  }

  /** To try what rows would mean. */
  copy(): Dating {
    return Object.assign(Object.create(Dating.prototype) as Dating, this);
  }

  /** `rows` in any order. */
  date(rows: readonly DecodedRow[]): readonly LoggedRow[] {
    const newestFirst = [...rows].sort((a, b) => b.id - a.id);
    return newestFirst.map((row) => {
      const { stamp: _, ...rest } = row;
      return { ...rest, endedAt: this.endOf(row) };
    });
  }

  private endOf({ id, stamp, values }: DecodedRow): number | null {
    if (stamp === null || this.clock === null || id <= this.brokenAt) return null;
    const newer = this.anchors.find((anchor) => anchor.id > id);
    const older = this.anchors.findLast((anchor) => anchor.id < id);
    if (newer === undefined) return null;
    const shown = this.shownBefore(newer, id, stamp);
    const anchor = { id, shown, correction: newer.correction, totals: totalsIn(values), isNow: false };
    const problem = this.problemBetween(anchor, newer);
    if (problem !== undefined) {
      this.brokenAt = id;
      this.because = `Up to row ${id} (${stamp.shown} by its own clock) the rows of this log cannot be dated: ${problem}.`;
      return null;
    }
    if (older !== undefined && this.problemBetween(older, anchor) !== undefined) return null;
    if (!newer.isNow) this.interval ??= (newer.shown - shown) / (newer.id - id);
    this.anchors = ascending([...this.anchors.filter((each) => each.id !== id), anchor]);
    return shown + anchor.correction;
  }

  /**
   * A meter that does not say which time it keeps shows it in autumn: hour by hour, one of the two ways to read its rows
   * goes on as before, and the other leaves an hour out. Dates alone do not show it.
   */
  private shownBefore(newer: Anchor, id: number, stamp: Stamp): number {
    const timezone = this.clock?.timezone ?? '';
    const meant = (keepsWinterTime: boolean): readonly number[] =>
      momentsMeant(stamp, { timezone, keepsWinterTime }).map((moment) => this.periodEnd(moment));
    const latest = (moments: readonly number[]): number =>
      moments.findLast((moment) => moment < newer.shown) ?? (moments[0] as number);
    const isNext = newer.id - id === 1 && !newer.isNow && !endsAtMidnight(this.logger);
    if (this.keepsWinterTime !== undefined || !isNext) return latest(meant(this.keepsWinterTime ?? false));
    const [local, standard] = [meant(false), meant(true)];
    const shown = latest([...local, ...standard].sort((a, b) => a - b));
    if (local.includes(shown) !== standard.includes(shown)) this.keepsWinterTime = standard.includes(shown);
    return shown;
  }

  private problemBetween(older: Anchor, newer: Anchor): string | undefined {
    const back = older.totals.find((before) => newer.totals.some((after) => isLess(after, before)));
    if (back !== undefined) return `after it, ${registerInfo(back.register).label.toLowerCase()} went back`;
    const distance = newer.shown - older.shown;
    const exact = Math.abs(newer.correction) > DRIFT;
    const pace = paceOf(this.logger, exact ? this.interval : undefined);
    // The period that has begun is not over: any part of it may have passed.
    const possible = newer.isNow
      ? isPossibleStep(
          { ...pace, shortest: 0, tolerance: DRIFT },
          newer.id - older.id,
          distance + DRIFT,
          exact,
        )
      : isPossibleStep(pace, newer.id - older.id, distance, exact);
    return possible ? undefined : "after it, the meter's clock was set";
  }

  private anchorOfKnown({ id, meterTime, endedAt, values }: LoggedRow): readonly Anchor[] {
    if (meterTime === null || endedAt === null || this.clock === null) return [];
    const { timezone } = this.clock;
    const meant = [false, true].flatMap((keepsWinterTime) =>
      momentsMeant({ shown: meterTime, daylightSaving: null }, { timezone, keepsWinterTime }),
    );
    const [shown] = meant
      .map((moment) => this.periodEnd(moment))
      .sort((a, b) => Math.abs(a - endedAt) - Math.abs(b - endedAt)) as [number, ...number[]];
    return [{ id, shown, correction: endedAt - shown, totals: totalsIn(values), isNow: false }];
  }

  /** The end of the period after which a row was written so many seconds later, or sooner. */
  private periodEnd(moment: number): number {
    const grain = endsWithAnHour(this.logger) ? HOUR : MINUTE;
    const slack = endsWithAnHour(this.logger) ? LATE : 10 * SECOND;
    const offset = standardOffsetAt(moment, this.clock?.timezone ?? '');
    const end = Math.round((moment + offset) / grain) * grain - offset;
    return Math.abs(end - moment) <= slack ? end : moment;
  }
}

function ascending(anchors: readonly Anchor[]): readonly Anchor[] {
  return [...anchors].sort((a, b) => a.id - b.id);
}

/** By how much a meter's clock is ahead, where that moves a row: a small drift leaves it at its hour. */
function errorOf({ shown, now }: SeenClock, logger: LoggerName): number {
  const error = shown - now;
  if (!endsWithAnHour(logger)) return Math.round(error / MINUTE) * MINUTE;
  const hours = Math.round(error / HOUR) * HOUR;
  return Math.abs(error - hours) <= DRIFT ? hours : Math.round(error / MINUTE) * MINUTE;
}

/** What never goes back. */
function totalsIn(values: readonly LoggedValue[]): readonly LoggedValue[] {
  return values.filter(({ register }) => isTotal(register));
}

/** Of the same total, in the same unit. */
function isLess(value: LoggedValue, than: LoggedValue): boolean {
  if (value.register !== than.register || value.unit !== than.unit) return false;
  const [less, more] = [numberOf(value), numberOf(than)];
  return less !== undefined && more !== undefined && less.lt(more);
}
