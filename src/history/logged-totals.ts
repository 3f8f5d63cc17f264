import { Big } from 'big.js';
import type { DecimalNumber } from '../readings/conversion.ts';
import type { Database, Statement } from './database.ts';

/** A total, and when the meter had it. */
export interface TotalAt extends DecimalNumber {
  readonly at: number;
  readonly unit: string;
}

interface Found {
  readonly at: number;
  readonly value: string;
  readonly unit: string;
  readonly decimals: number;
}

/** Totals that meters wrote down themselves, in whichever of their logs. `meter`: its number in the file. */
export class LoggedTotals {
  private readonly statements: Readonly<Record<'before' | 'after', Statement>>;

  constructor(database: Database) {
    this.statements = {
      before: database.prepare(nearest('<=', 'DESC')),
      after: database.prepare(nearest('>=', 'ASC')),
    };
  }

  /** The last that is not after this moment. */
  lastUntil(meter: number, quantity: string, moment: number): TotalAt | undefined {
    return totalAt(this.statements.before.get(meter, quantity, moment));
  }

  /** The first that is not before this moment. */
  firstFrom(meter: number, quantity: string, moment: number): TotalAt | undefined {
    return totalAt(this.statements.after.get(meter, quantity, moment));
  }
}

function totalAt(found: unknown): TotalAt | undefined {
  if (found === undefined || found === null) return undefined;
  const { at, value, unit, decimals } = found as Found;
  return { at, value: new Big(value), unit, decimals };
}

/** By the index of each log, so that ten years of hours are not looked through. */
function nearest(side: '<=' | '>=', order: 'ASC' | 'DESC'): string {
  return `
    SELECT logged_row.ended_at AS at, logged_value.value, unit, decimals FROM (
      SELECT logged_quantity.id, logged_quantity.log, unit, decimals, (
        SELECT logged_row.row FROM logged_row JOIN logged_value
          ON logged_value.quantity = logged_quantity.id AND logged_value.row = logged_row.row
        WHERE logged_row.log = logged_quantity.log AND ended_at ${side} ?3 ORDER BY ended_at ${order} LIMIT 1
      ) AS row
      FROM log JOIN logged_quantity ON logged_quantity.log = log.id
      WHERE meter = ?1 AND logged_quantity.quantity = ?2 AND is_number
    ) AS found
      JOIN logged_row ON logged_row.log = found.log AND logged_row.row = found.row
      JOIN logged_value ON logged_value.quantity = found.id AND logged_value.row = found.row
    ORDER BY at ${order} LIMIT 1`;
}
