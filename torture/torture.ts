import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Chance } from './chance.ts';
import { document } from './document.ts';
import { CALM } from './judge.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { PARTS } from './parts/all.ts';
import { summary } from './report.ts';
import { Tally } from './tally.ts';

const MINUTE = 60_000;
/** Serial numbers that a part may use. */
const NUMBERS_A_PART = 1_000;

async function torture({ minutes, seeds, only, keep, writeDocs }: Options): Promise<boolean> {
  const chosen = PARTS.filter(({ name }) => only.length === 0 || only.includes(name));
  if (chosen.length === 0)
    throw new Error(`--only wants some of ${PARTS.map(({ name }) => name).join(', ')}`);
  const folder = keep === undefined ? mkdtempSync(join(tmpdir(), 'multical2mqtt-torture-')) : resolve(keep);
  const tally = new Tally();
  const began = Date.now();
  const endWatch = tally.watchLateness();
  for (const seed of seeds) {
    process.stderr.write(`Seed ${seed}, ${minutes} minutes, in ${folder}\n`);
    const until = performance.now() + minutes * MINUTE;
    await Promise.all(
      chosen.map(async (part) => {
        const { name, run } = part;
        const own = join(folder, seed, name);
        mkdirSync(own, { recursive: true });
        const firstNumber = 70_000_000 + NUMBERS_A_PART * PARTS.indexOf(part);
        const chance = new Chance(`${seed}/${name}`);
        await run({ tally, chance, folder: own, firstNumber, until }).catch((error: unknown) => {
          tally.found(
            name,
            CALM,
            'the torture itself failed',
            error instanceof Error ? `${error.stack}` : String(error),
          );
        });
      }),
    );
  }
  endWatch();
  const facts = { seeds, minutes, took: Date.now() - began, parts: chosen };
  process.stdout.write(summary(tally, facts));
  if (writeDocs) writeFileSync('docs/reliability.md', document(tally, facts, version()));
  const isWell = tally.findings.size === 0;
  if (isWell && keep === undefined) rmSync(folder, { recursive: true, force: true });
  else process.stderr.write(`Logs, data and configurations: ${folder}\n`);
  return isWell;
}

/** Of the package that was built. */
function version(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const words = process.argv.slice(2);
if (words.includes('--help')) process.stdout.write(USAGE);
else process.exit((await torture(parseOptions(words))) ? 0 : 1);
