import type uPlot from 'uplot';
import type { HistoryContents, HistoryCourse } from '../../../src/web/api.ts';
import { rounded } from '../format.ts';
import { tag } from '../say.ts';
import { barsOf, type Period, type View, withGaps } from '../view.ts';
import type { Unit } from '../zone.ts';
import type { Drawing } from './chart.ts';
import type { Answered } from './history-data.ts';

export type Quantity = HistoryContents['quantities'][number];
/** Of lines that are shown together. */
export const LINES = ['--hot', '--cool', '--good', '--warn'] as const;

const FORMATS: Readonly<Record<Unit, Intl.DateTimeFormatOptions>> = {
  hour: { hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: '2-digit' },
  year: { year: 'numeric' },
};
const LONG: Readonly<Record<Unit, Intl.DateTimeFormatOptions>> = {
  hour: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
};

export function timeLabel(time: number, unit: Unit, zone: string, long: boolean): string {
  return new Intl.DateTimeFormat(tag(), { ...(long ? LONG : FORMATS)[unit], timeZone: zone }).format(time);
}

function colour(name: string): () => string {
  return () => getComputedStyle(document.documentElement).getPropertyValue(name);
}

function paler(name: string): () => string {
  return () => `color-mix(in srgb, ${colour(name)()} 35%, transparent)`;
}

/** Bars of use: pale ones are what the meter wrote down itself; those of a year before stand beside them where there are any. */
export function barDrawing(
  { now, beside }: Answered & { readonly kind: 'bars' },
  by: Unit,
  quantity: Quantity | undefined,
  zone: string,
  bars: (options: uPlot.Series.BarsPathBuilderOpts) => uPlot.Series.PathBuilder,
): Drawing {
  const used = now.bars.map((bar) => bar.used);
  const told = (by: 'reading' | 'log') => now.bars.map((bar) => (bar.source === by ? bar.used : null));
  const past = used.map((_, index) => beside[index]?.used ?? null);
  const both = past.some((used) => used !== null);
  const bar = (name: string, align: -1 | 0 | 1, isPale = false): uPlot.Series => ({
    fill: isPale ? paler(name) : colour(name),
    stroke: colour(name),
    width: isPale ? 1.5 : 0,
    points: { show: false },
    paths: bars({ size: both ? [0.38, 48] : [0.7, 64], align, radius: 0.12 }),
  });
  const align = both ? 1 : 0;
  return {
    kind: 'bars',
    data: [used.map((_, index) => index), ...(both ? [past] : []), told('reading'), told('log')],
    series: [...(both ? [bar('--bar-past', -1)] : []), bar('--bar', align), bar('--bar', align, true)],
    bands: [],
    from: -0.5,
    to: used.length - 0.5,
    unit: now.unit,
    label: (index, near) => {
      const at = now.bars[Math.round(index)];
      return at === undefined || !Number.isInteger(index) ? '' : timeLabel(at.from, by, zone, near);
    },
    number: (value) => axisNumber(value, quantity?.decimals ?? 0),
  };
}

/** Lines of means; between the lowest and the highest lies a band. */
export function lineDrawing(
  courses: readonly HistoryCourse[],
  view: View,
  quantities: readonly Quantity[],
  zone: string,
  join: (tables: uPlot.AlignedData[]) => uPlot.AlignedData,
): Drawing {
  const tables = courses.map((course): uPlot.AlignedData => {
    const points = withGaps(course.points);
    const column = (key: 'mean' | 'low' | 'high'): (number | null)[] =>
      points.map((point) => ('gap' in point ? null : point[key]));
    return [points.map(({ at }) => at / 1000), column('high'), column('low'), column('mean')];
  });
  const series = courses.flatMap((_, index): uPlot.Series[] => {
    const name = LINES[index % LINES.length] ?? LINES[0];
    const edge = { stroke: 'transparent', width: 0, points: { show: false } };
    return [edge, edge, { stroke: colour(name), width: 2, points: { show: false } }];
  });
  const unit = lineLabels(view);
  const decimals = Math.max(0, ...quantities.map((quantity) => quantity.decimals));
  return {
    kind: 'lines',
    data: tables.length === 1 && tables[0] !== undefined ? tables[0] : join(tables),
    series,
    bands: courses.map((_, index) => ({
      series: [index * 3 + 1, index * 3 + 2],
      fill: () => `color-mix(in srgb, ${colour(LINES[index % LINES.length] ?? LINES[0])()} 22%, transparent)`,
    })),
    from: view.from / 1000,
    to: view.to / 1000,
    unit: courses[0]?.unit ?? '',
    label: (seconds, near) => timeLabel(seconds * 1000, near ? 'hour' : unit, zone, near),
    number: (value) => axisNumber(value, decimals),
  };
}

function lineLabels(view: View): Unit {
  const by = barsOf(view);
  return by === 'month' && view.to - view.from < 200 * 86_400_000 ? 'day' : by;
}

/** On an axis the last zeros are in the way. */
function axisNumber(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return rounded(value, text.includes('.') ? (text.replace(/0+$/, '').split('.')[1]?.length ?? 0) : 0, tag());
}

export function periodLabel(view: View, period: Period | undefined, zone: string): string {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(tag(), { ...options, timeZone: zone });
  if (period === 'day') return format({ dateStyle: 'full' }).format(view.from);
  if (period === 'month') return format({ month: 'long', year: 'numeric' }).format(view.from);
  if (period === 'year') return format({ year: 'numeric' }).format(view.from);
  const short = view.to - view.from < 3 * 86_400_000;
  const options: Intl.DateTimeFormatOptions = short
    ? { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }
    : { day: 'numeric', month: 'short', year: 'numeric' };
  return format(options).formatRange(view.from, view.to - 1);
}
