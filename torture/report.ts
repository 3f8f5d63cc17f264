import type { Part } from './parts/part.ts';
import type { Row, Tally } from './tally.ts';

export interface RunFacts {
  readonly seeds: readonly string[];
  /** For each seed. */
  readonly minutes: number;
  /** Milliseconds, all seeds together. */
  readonly took: number;
  readonly parts: readonly Part[];
}

export const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);

export const megabytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);

export function rowsOf(tally: Tally, part: string): readonly Row[] {
  return [...tally.rows.values()]
    .filter((row) => row.part === part)
    .sort((a, b) => (a.fault < b.fault ? -1 : 1));
}

const WIDTHS = [8, -42, 9, 8, 9, 7, 9, 10] as const;

function aligned(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) => {
      const width = WIDTHS[index] ?? 8;
      return index < 2 ? String(cell).padEnd(Math.abs(width)) : String(cell).padStart(width);
    })
    .join(' ')
    .trimEnd();
}

/** For whoever ran it. The last line is for `.ci/run`: rows that were well, and rows that were not. */
export function summary(tally: Tally, { seeds, minutes, took, parts }: RunFacts): string {
  const lines = [
    '',
    aligned(['part', 'fault', 'episodes', 'struck', 'compared', 'wrong', 'refused', 'recovery']),
  ];
  for (const { name } of parts) {
    for (const row of rowsOf(tally, name)) {
      const { fault, episodes, struck, compared, wrong, refused, longestRecovery } = row;
      lines.push(
        aligned([name, fault, episodes, struck, compared, wrong, refused, `${seconds(longestRecovery)} s`]),
      );
    }
  }
  const outputs = [...tally.byOutput].map(([output, count]) => `${output} ${count}`).join(', ');
  lines.push('', `Values compared: ${tally.sum('compared')} (${outputs}), wrong: ${tally.sum('wrong')}`);
  const memory = [...tally.memory].map(([part, bytes]) => `${part} ${megabytes(bytes)}`).join(', ');
  lines.push(`Most memory of a bridge, in MB: ${memory}`);
  for (const [reason, count] of tally.leftOut) lines.push(`Left out: ${count}: ${reason}`);
  for (const { part, why } of tally.skipped) lines.push(`Skipped: ${part}: ${why}`);
  for (const { part, fault, what, detail, count } of tally.findings.values())
    lines.push(`FOUND ${count} times: ${part}, ${fault}: ${what}: ${detail}`);
  const bad = new Set([...tally.findings.values()].map(({ part, fault }) => `${part}/${fault}`)).size;
  const good = [...tally.rows.keys()].filter(
    (key) => ![...tally.findings.keys()].some((each) => each.startsWith(`${key}/`)),
  );
  lines.push(
    `Seeds ${seeds.join(', ')}, ${minutes} minutes each, ${seconds(took)} s in all, Node ${process.version}`,
    `torture: ${good.length} passed, ${bad} failed`,
    '',
  );
  return lines.join('\n');
}
