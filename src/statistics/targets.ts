import { DERIVED_QUANTITY_NAMES, derivedQuantity, totalOfFine } from '../catalogue/derived-quantities.ts';
import { LOGGERS, type LoggerName } from '../catalogue/loggers.ts';
import { natureOf, traitsOf } from '../catalogue/quantities.ts';
import type { LoggedRow } from '../loggers/logged-row.ts';
import { type LoggedHistory, type Point, pointsOf } from './points.ts';

/** What a log tells of one entity. */
export interface Target {
  /** Of the entity. */
  readonly quantity: string;
  readonly kind: 'total' | 'mean';
  readonly points: readonly Point[];
}

/** What a logger tells of an entity's mean: what is logged as momentary is none. */
const MEANS: Readonly<Record<string, Readonly<Partial<Record<LoggerName, string>>>>> = {
  flow_temperature: { hour: 'mean_flow_temperature_hour', day: 'mean_flow_temperature_day' },
  return_temperature: { hour: 'mean_return_temperature_hour', day: 'mean_return_temperature_day' },
};

/** Every entity that the log has something for; each total also in its finer and converted forms. */
export function targetsIn(history: LoggedHistory): readonly Target[] {
  // Each is asked for several times, and may come from a disk.
  const known = new Map(LOGGERS.map((logger) => [logger, history.rows(logger)]));
  const kept: LoggedHistory = { ...history, rows: (logger) => known.get(logger) ?? [] };
  const totals = totalsIn([...known.values()].flat()).flatMap((total) => {
    const points = pointsIn(kept, () => total);
    return [total, ...formsOf(total)].map((quantity): Target => ({ quantity, kind: 'total', points }));
  });
  const means = Object.entries(MEANS).map(
    ([quantity, logged]): Target => ({
      quantity,
      kind: 'mean',
      points: pointsIn(kept, (logger) => logged[logger]),
    }),
  );
  return [...totals, ...means].filter(({ points }) => points.length > 0);
}

/** A balance goes down as well, and is no total that a row could be held against. */
function totalsIn(rows: readonly LoggedRow[]): readonly string[] {
  const quantities = new Set(rows.flatMap(({ values }) => values.map(({ quantity }) => quantity)));
  return [...quantities].filter(
    (quantity) =>
      ['total', 'pulse-total'].includes(natureOf(quantity) ?? '') && traitsOf(quantity).measure !== 'balance',
  );
}

function formsOf(total: string): readonly string[] {
  return DERIVED_QUANTITY_NAMES.filter((name) => {
    const isTotal = derivedQuantity(name)?.nature === 'total';
    return isTotal && (totalOfFine(name) === total || traitsOf(name).repeats === total);
  });
}

function pointsIn(
  history: LoggedHistory,
  nameIn: (logger: LoggerName) => string | undefined,
): readonly Point[] {
  return pointsOf(history, (logger, { values }) => {
    const name = nameIn(logger);
    const found = values.find(({ quantity }) => quantity === name);
    if (found === undefined || found.value === null || typeof found.value === 'string') return undefined;
    return { value: found.value, unit: found.unit, decimals: found.decimals };
  });
}
