import { readFileSync, writeFileSync } from 'node:fs';
import { openDatabase } from '../../../src/history/database.ts';

const PAGE = 4_096;

/** What a failing disk makes of a history that is closed: it can be opened, but neither read nor written. */
export function damageTables(file: string): void {
  const database = openDatabase(file);
  const roots = database
    .prepare("SELECT rootpage FROM sqlite_schema WHERE name IN ('reading', 'series', 'series_of_meter')")
    .all() as readonly { rootpage: number }[];
  database.close();
  const bytes = readFileSync(file);
  for (const { rootpage } of roots) bytes.fill(0xff, (rootpage - 1) * PAGE, rootpage * PAGE);
  writeFileSync(file, bytes);
}
