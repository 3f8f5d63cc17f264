import { CALM } from './judge.ts';
import type { Part } from './parts/part.ts';
import { megabytes, type RunFacts, rowsOf, seconds } from './report.ts';
import type { Row, Tally } from './tally.ts';

const number = (value: number): string => value.toLocaleString('en');

/** `docs/reliability.md`, from the figures of a run. Each fault for itself is in what the run prints. */
export function document(tally: Tally, facts: RunFacts, version: string): string {
  const { seeds, minutes, took, parts } = facts;
  const command = `npm run torture -- --minutes ${minutes} --seed ${seeds.join(',')} --write-docs`;
  const outputs = [...tally.byOutput].map(([output, count]) => `${number(count)} of ${output}`).join(', ');
  const ran = parts
    .map((part) => ({ part, rows: rowsOf(tally, part.name).filter(({ episodes }) => episodes > 0) }))
    .filter(({ rows }) => rows.length > 0);
  const sections = [
    `# Reliability

\`npm run torture\` writes this page: it runs the bridge with simulated meters at line speed, a real Mosquitto and servers, spoils all of them, and compares every published value with what the meter held at that moment.

| | |
| --- | --- |
| command | \`${command}\` |
| version | ${version}, Node ${process.version.slice(1)} |
| lasted | ${number(Math.round(took / 60_000))} minutes, a bridge for each part |
| values compared | **${number(tally.sum('compared'))}**: ${outputs} |
| wrong | **${number(tally.sum('wrong'))}** |
| faults | ${number(tally.sum('episodes'))} episodes, ${number(tally.sum('struck'))} replies, connections, files and the like spoiled |
| not recovered in time | ${number(tally.sum('notRecovered'))} |
| most memory of a bridge | ${megabytes(Math.max(...tally.memory.values()))} MB |

| part | kinds of fault | episodes | compared | wrong | refused | slowest recovery |
| --- | --- | --- | --- | --- | --- | --- |
${ran.map(({ part, rows }) => figures(part, rows)).join('\n')}

**Wrong** is a value that the meter did not hold; **refused** are readings that failed and values held back; **recovery** goes from the end of a fault until state, availability and entities are fresh at the broker, up to three seconds of it for the next reading. Failures are also an exception, an end unasked for or that does not come, no fresh state after 90 seconds, readings that InfluxDB never gets, posts out of order, files left behind, growing memory, a busy processor.`,
    `## What was done

${ran.map(({ part, rows }) => `- **${capital(part.what)}:** ${part.told ?? told(part, rows)}.`).join('\n')}`,
    ...(tally.skipped.length === 0
      ? []
      : [`Left out in this run: ${tally.skipped.map(({ part, why }) => `${part} (${why})`).join('; ')}.`]),
    ...(tally.findings.size === 0 ? [] : [found(tally)]),
    LIMITS,
  ];
  return `${sections.join('\n\n')}\n`;
}

const LIMITS = `## What it does not say

What a head on a real meter sees: these are [simulated](meters.md#what-was-verified). Left out is what nobody could tell: a damaged reply whose checksum is right by chance (one in 65,536), and three replies in a row of another meter that agree.`;

function figures({ what }: Part, rows: readonly Row[]): string {
  const sum = (column: 'episodes' | 'compared' | 'wrong' | 'refused'): string =>
    number(rows.reduce((all, row) => all + row[column], 0));
  const kinds = rows.filter(({ fault }) => fault !== CALM).length;
  const slowest = Math.max(...rows.map(({ longestRecovery }) => longestRecovery));
  return `| ${what} | ${kinds} | ${sum('episodes')} | ${sum('compared')} | ${sum('wrong')} | ${sum('refused')} | ${seconds(slowest)} s |`;
}

function told({ faults = [] }: Part, rows: readonly Row[]): string {
  const words = new Map(faults);
  return rows
    .filter(({ fault }) => fault !== CALM)
    .map(({ fault }) => words.get(fault) ?? fault)
    .join('; ');
}

function found(tally: Tally): string {
  const rows = [...tally.findings.values()].map(
    ({ part, fault, what, count }) => `- ${part}, ${fault}: ${what} (${count} times)`,
  );
  return `## What went wrong\n\n${rows.join('\n')}`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
