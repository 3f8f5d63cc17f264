import type { LoggerName } from '../catalogue/loggers.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import { momentOf } from '../shared/zoned-time.ts';
import type { LoggedRow } from './logged-row.ts';
import { endsAtMidnight } from './pace.ts';

/** From when to when, as a person writes it: `2025-10-01`, `2025-10-01T06:00`, or with an offset. */
export interface WrittenSpan {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** In milliseconds since 1970; both ends belong to it. */
export interface Span {
  readonly from?: number;
  readonly to?: number;
}

export const SPAN_FORMS = 'a date such as 2025-10-01, or a time such as 2025-10-01T06:00';

const FORM = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/i;
const DAY = 86_400_000;
/** A meter may keep the time of winter all year: its days end an hour later then. */
const LATE_MIDNIGHT = 2 * 3_600_000;

/**
 * A date stands for the whole day: what ended with it, at midnight, belongs to it. So do the totals at the midnight it
 * began with, from which a use is counted. Undefined where `from` or `to` is no moment; `timezone`: the house's.
 */
export function spanOf({ from, to }: WrittenSpan, logger: LoggerName, timezone: string): Span | undefined {
  const begin = from === undefined ? undefined : momentIn(from, timezone);
  const end = to === undefined ? undefined : endIn(to, logger, timezone);
  if ((from !== undefined && begin === undefined) || (to !== undefined && end === undefined))
    return undefined;
  return { ...(begin !== undefined && { from: begin }), ...(end !== undefined && { to: end }) };
}

/** Rows of which nobody knows when they ended are in no span but the one without ends. */
export function isWithin({ endedAt }: Pick<LoggedRow, 'endedAt'>, { from, to }: Span): boolean {
  if (from === undefined && to === undefined) return true;
  return endedAt !== null && endedAt >= (from ?? endedAt) && endedAt <= (to ?? endedAt);
}

function endIn(text: string, logger: LoggerName, timezone: string): number | undefined {
  const begin = momentIn(text, timezone);
  const [, date = '', clock] = FORM.exec(text.trim()) ?? [];
  if (begin === undefined || clock !== undefined) return begin;
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + DAY).toISOString().slice(0, 19);
  return momentOf(next, timezone) + (endsAtMidnight(logger) ? LATE_MIDNIGHT : 0);
}

function momentIn(text: string, timezone: string): number | undefined {
  const [, date = '', clock = '00:00', seconds = ':00', offset] = FORM.exec(text.trim()) ?? [];
  const local = `${date}T${clock}${seconds}`;
  const asUtc = Date.parse(`${local}Z`);
  // 30 February is no date, although some readers take it for one.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 19) !== local) return undefined;
  const moment =
    offset === undefined ? momentOf(local, timezone) : Date.parse(`${local}${offset.toUpperCase()}`);
  return isWallTime(moment) ? moment : undefined;
}
