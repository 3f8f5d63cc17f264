import type { Database } from './database.ts';

/** Of the largest log; what is newest stays in any case, as the next row is compared with it. */
const PART = 4;

/**
 * Lets go of the oldest part of the log that has the most rows: hours and minutes, as a rule, before days and years. Which
 * rows these were stays known, so that nobody asks the meter for them again.
 */
export function forgetOldestLogged(database: Database): void {
  const largest = database.prepare(LARGEST).get() as { log: number; rows: number } | undefined;
  if (largest === undefined) return;
  const count = Math.floor(largest.rows / PART);
  if (count === 0) return;
  const { row } = database.prepare(LAST_OF).get(largest.log, count - 1) as { row: number };
  for (const sql of FORGET) database.prepare(sql).run(largest.log, row);
}

const LARGEST = 'SELECT log, count(*) AS rows FROM logged_row GROUP BY log ORDER BY rows DESC LIMIT 1';
const LAST_OF = 'SELECT row FROM logged_row WHERE log = ? ORDER BY row LIMIT 1 OFFSET ?';
const FORGET = [
  'DELETE FROM logged_value WHERE quantity IN (SELECT id FROM logged_quantity WHERE log = ?1) AND row <= ?2',
  'DELETE FROM logged_row WHERE log = ?1 AND row <= ?2',
  'UPDATE log SET forgotten_to = ?2 WHERE id = ?1',
];
