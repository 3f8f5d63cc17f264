import { KEY_TABLES } from './key-tables.ts';
import type { DocsTable } from './markdown.ts';
import { METER_TABLES } from './meter-tables.ts';
import { COMMANDS, DIAGNOSTICS, EXIT_CODES, PRESETS } from './program-tables.ts';
import { QUANTITY_TABLES } from './quantity-tables.ts';

/** Everything that `npm run docs` makes of the catalogue, the schema and the program. */
export const TABLES: readonly DocsTable[] = [
  ...KEY_TABLES,
  ...METER_TABLES,
  ...QUANTITY_TABLES,
  PRESETS,
  DIAGNOSTICS,
  COMMANDS,
  EXIT_CODES,
];
