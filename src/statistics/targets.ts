import { DERIVED_QUANTITY_NAMES, derivedQuantity, totalOfFine } from '../catalogue/derived-quantities.ts';
import { LOGGER, LOGGERS, type LoggerName } from '../catalogue/loggers.ts';
import { natureOf, traitsOf } from '../catalogue/quantities.ts';
import { registerInfo } from '../catalogue/registers.ts';
import type { LoggedRow } from '../loggers/logged-row.ts';
import {
  type LoggedHistory,
  type PlacedLog,
  type Point,
  placedLog,
  pointsOf,
  type WantedValue,
} from './points.ts';

/** What a log tells of one entity. */
export interface Target {
  /** Of the entity. */
  readonly quantity: string;
  readonly kind: 'total' | 'mean';
  readonly points: readonly Point[];
}

/** What a logger tells of an entity's mean, by the entity's quantity: what is logged as momentary is none. */
const MEANS = new Map<string, Partial<Record<LoggerName, string>>>();
for (const logger of LOGGERS)
  for (const [momentary, mean] of LOGGER[logger].means) {
    const { quantity } = registerInfo(momentary);
    MEANS.set(quantity, { ...MEANS.get(quantity), [logger]: registerInfo(mean).quantity });
  }

/** Every entity that the log has something for; each total also in its finer and converted forms. */
export function targetsIn(history: LoggedHistory): readonly Target[] {
  const log = placedLog(history);
  const totals = totalsIn(log).flatMap((total) => {
    const points = pointsOf(log, (row) => valueIn(row, total));
    return [total, ...formsOf(total)].map((quantity): Target => ({ quantity, kind: 'total', points }));
  });
  const means = [...MEANS].map(
    ([quantity, logged]): Target => ({
      quantity,
      kind: 'mean',
      points: pointsOf(log, (row) => valueIn(row, logged[row.logger])),
    }),
  );
  return [...totals, ...means].filter(({ points }) => points.length > 0);
}

/** A balance goes down as well, and is no total that a row could be held against. */
function totalsIn({ fine, coarse }: PlacedLog): readonly string[] {
  const rows = [...fine, ...coarse.flat()];
  const quantities = new Set(rows.flatMap(({ row }) => row.values.map(({ quantity }) => quantity)));
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

function valueIn({ values }: LoggedRow, name: string | undefined): ReturnType<WantedValue> {
  const found = values.find(({ quantity }) => quantity === name);
  if (found === undefined || found.value === null || typeof found.value === 'string') return undefined;
  return { value: found.value, unit: found.unit, decimals: found.decimals };
}
