import type { Metadata } from './answers.ts';
import { type CountedRow, countedRows, type HourRow, isSame } from './hour-row.ts';
import type { Imported } from './import-memory.ts';
import { planMeans } from './mean-plan.ts';
import type { LoggedHistory } from './points.ts';
import type { Recorder } from './recorder.ts';
import { dailyUse, type StatisticReport } from './report.ts';
import { inStatisticUnit } from './statistic-units.ts';
import type { Target } from './targets.ts';
import { type LeftAlone, planTotal, type TotalPlan } from './total-plan.ts';

/** What is to be done to one statistic. */
export interface ImportJob {
  /** Under which it is remembered. */
  readonly key: string;
  readonly quantity: string;
  readonly kind: Imported['kind'];
  readonly metadata: Metadata;
  /** What Home Assistant had before. */
  readonly own: readonly CountedRow[];
  /** The same by five minutes. */
  readonly moments: readonly CountedRow[];
  readonly rows: readonly Partial<HourRow>[];
  readonly replaced: readonly HourRow[];
  readonly shift: TotalPlan['shift'];
  readonly zero: TotalPlan['zero'];
  readonly leftAlone: readonly LeftAlone[];
}

export interface JobOptions {
  readonly last: number;
  readonly replace: boolean;
}

type JobOf = Pick<ImportJob, 'key' | 'quantity' | 'kind' | 'metadata'>;

export async function jobOf(
  recorder: Recorder,
  key: string,
  { quantity, kind, points }: Target,
  metadata: Metadata,
  options: JobOptions,
): Promise<ImportJob> {
  const job = { key, quantity, kind, metadata };
  const unit = metadata.statistics_unit_of_measurement ?? '';
  const values = points.flatMap((point) => {
    const number = inStatisticUnit(point, point.unit, unit);
    return number === undefined ? [] : [{ start: point.start, ...number }];
  });
  const foreign = points.length - values.length;
  const why = `the meter counts it in ${points[0]?.unit || 'no unit'}, Home Assistant in ${unit || 'none'}`;
  const misfits = foreign === 0 ? [] : [{ count: foreign, why }];
  const situation = {
    hours: await recorder.rows(metadata, 'hour'),
    fiveMinutes: await recorder.rows(metadata, '5minute'),
    ...options,
  };
  if (kind === 'mean') {
    const isMean = metadata.mean_type === undefined ? metadata.has_mean === true : metadata.mean_type === 1;
    const means = values.map(({ start, value }) => ({ start, mean: value }));
    const plan = planMeans({ ...situation, points: isMean ? means : [] });
    return { ...job, ...plan, own: [], moments: [], shift: undefined, zero: undefined, leftAlone: misfits };
  }
  const states = values.map(({ start, value, digit }) => ({ start, state: value, digit }));
  const plan = planTotal({ ...situation, points: metadata.has_sum ? states : [] });
  const all = { ...plan, leftAlone: [...misfits, ...plan.leftAlone] };
  const own = { own: countedRows(situation.hours), moments: countedRows(situation.fiveMinutes) };
  return jobOfPlan(job, own, all);
}

export function jobOfPlan(job: JobOf, own: Pick<ImportJob, 'own' | 'moments'>, plan: TotalPlan): ImportJob {
  const replaced = plan.replaced.map((row) => ({ ...row, mean: null, min: null, max: null }));
  return { ...job, ...plan, ...own, replaced };
}

export function isEmpty({ rows, shift }: ImportJob): boolean {
  return rows.length === 0 && shift === undefined;
}

/** What there is of the total when the job is done; sums as before its shift. */
export function rowsAfter({ own, rows }: ImportJob): readonly CountedRow[] {
  const counted = countedRows(rows.map(({ start = 0, state = null, sum = null }) => ({ start, state, sum })));
  const all = new Map([...own, ...counted].map((row) => [row.start, row]));
  return [...all.values()].sort((one, other) => one.start - other.start);
}

/** With what was brought in before. */
export function remembered({ quantity, kind, rows, replaced, zero }: ImportJob, before?: Imported): Imported {
  const values = new Map(before?.rows);
  for (const { start, state, mean } of rows) {
    const value = kind === 'mean' ? mean : state;
    if (typeof start === 'number' && typeof value === 'number') values.set(start, value);
  }
  const known = before?.zeros ?? [];
  const goesOn = zero !== undefined && known.some((each) => isSame(each, zero.before));
  const zeros = zero === undefined ? [] : [...(goesOn ? known : [zero.before]), zero.after];
  const former = new Map([...replaced, ...(before?.replaced ?? [])].map((row) => [row.start, row]));
  return {
    ...{ quantity, kind, zeros: [...new Set(zeros)] },
    rows: [...values].sort(([one], [other]) => one - other),
    replaced: [...former.values()],
  };
}

export function reportOf(job: ImportJob, { timezone }: Pick<LoggedHistory, 'timezone'>): StatisticReport {
  const { quantity, kind, metadata, own, rows, replaced, leftAlone } = job;
  const starts = rows.map(({ start = 0 }) => start);
  const counted = countedRows(rows.map(({ start = 0, state = null, sum = null }) => ({ start, state, sum })));
  return {
    ...{ quantity, kind, leftAlone, rows: rows.length, replaced: replaced.length },
    statistic: metadata.statistic_id,
    unit: metadata.statistics_unit_of_measurement ?? '',
    first: starts[0] ?? null,
    last: starts.at(-1) ?? null,
    days: dailyUse(own, counted, timezone),
  };
}
