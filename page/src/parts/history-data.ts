import type { HistoryConsumption, HistoryCourse } from '../../../src/web/api.ts';
import { apiPath, get, meterPath } from '../api.ts';
import type { View } from '../view.ts';
import { type Unit, yearBefore } from '../zone.ts';
import { type Bar, besides } from './year-before.ts';

export interface Asked {
  readonly meter: string;
  readonly quantity: string;
  /** Of lines: those shown with it. */
  readonly together: readonly string[];
  readonly isTotal: boolean;
  readonly by: Unit;
  readonly view: View;
  readonly zone: string;
}

export type Answered =
  | {
      readonly kind: 'bars';
      readonly now: HistoryConsumption;
      readonly before: HistoryConsumption | undefined;
      /** For each bar that of the same hour, day or month a year before; undefined where that calendar has none. */
      readonly beside: readonly (Bar | undefined)[];
    }
  | { readonly kind: 'lines'; readonly courses: readonly HistoryCourse[] };

/** Use with that of the year before, or the courses of what is shown together. */
export async function fetchHistory(asked: Asked, signal: AbortSignal): Promise<Answered> {
  const { meter, quantity, together, isTotal, by, view, zone } = asked;
  if (!isTotal) {
    const courses = [quantity, ...together].map((each) =>
      get<HistoryCourse>(meterPath(meter, 'history/course'), range(each, view), signal),
    );
    return { kind: 'lines', courses: await Promise.all(courses) };
  }
  const bars = (stretch: View): Promise<HistoryConsumption> =>
    get<HistoryConsumption>(
      meterPath(meter, 'history/consumption'),
      { ...range(quantity, stretch), by },
      signal,
    );
  // Whole years stand beside each other as they are.
  if (by === 'year') return { kind: 'bars', now: await bars(view), before: undefined, beside: [] };
  const past = { from: yearBefore(view.from, zone), to: yearBefore(view.to, zone) };
  const [now, before] = await Promise.all([bars(view), bars(past)]);
  return { kind: 'bars', now, before, beside: besides(now.bars, before.bars, by, zone) };
}

export function csvPath({ meter, quantity, isTotal, by, view }: Asked): string {
  const kind = isTotal ? 'consumption' : 'course';
  return apiPath(meterPath(meter, `history/${kind}.csv`), {
    ...range(quantity, view),
    ...(isTotal ? { by } : {}),
  });
}

function range(quantity: string, { from, to }: View): Record<string, string> {
  return { quantity, from: String(Math.round(from)), to: String(Math.round(to)) };
}
