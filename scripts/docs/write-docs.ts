import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemasModule } from './api-schemas.ts';
import { pagesBelow, textOf, withTables } from './pages.ts';
import { TABLES } from './tables.ts';

const top = process.cwd();
for (const page of pagesBelow(top)) {
  const before = textOf(top, page);
  const after = withTables(before, TABLES);
  if (after === before) continue;
  writeFileSync(join(top, page), after);
  process.stdout.write(`${page} is written anew.\n`);
}

writeFileSync(
  join(top, 'src/web/api-schemas.ts'),
  schemasModule(readFileSync(join(top, 'src/web/api.ts'), 'utf8')),
);
