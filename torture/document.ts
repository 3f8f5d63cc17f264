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

A hostile program writes this page: \`npm run torture\`. It runs the bridge with simulated meters at line speed, a real Mosquitto and servers for InfluxDB and the webhook, spoils all of them, and compares every published value with what the meter held at that moment.

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

- **Compared:** values published from the beginning of a fault until all was well again. **Wrong:** those that the meter did not hold. **Refused:** readings that failed, and values held back.
- **Recovery:** from the end of a fault until the meter had a fresh state at the broker, was available, and had its entities in Home Assistant. Meters are read every three seconds, which is part of it.
- **Also failures:** an exception, an end unasked for or that does not come, no fresh state after 90 seconds, readings that InfluxDB never gets, posts out of order, files left behind, growing memory, a busy processor.`,
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

- The meters are simulated: no head on a real meter is among this ([what they are made of](meters.md#what-was-verified)).
- Left out: a damaged reply whose checksum is right by chance (one in 65,536), and three replies in a row of another meter that agree. Nobody could tell them.`;

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
