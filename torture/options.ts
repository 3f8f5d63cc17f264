import { parseArgs } from 'node:util';

export interface Options {
  readonly minutes: number;
  readonly seeds: readonly string[];
  /** Names of parts; empty for all. */
  readonly only: readonly string[];
  readonly keep: string | undefined;
  readonly writeDocs: boolean;
}

export const USAGE = `npm run torture -- [options]
  --minutes N       how long faults begin anew, for each seed (default 2.5)
  --seed S,T        seeds; what is injected is the same for the same seed (default: one by chance)
  --only NAME,NAME  these parts alone
  --keep FOLDER     logs, data and configurations stay there, in place of a temporary folder
  --write-docs      docs/reliability.md is written from this run
`;

export function parseOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      minutes: { type: 'string', default: '2.5' },
      seed: { type: 'string' },
      only: { type: 'string', default: '' },
      keep: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes wants a number above 0, not "${values.minutes}"`);
  return {
    minutes,
    seeds: listed(values.seed ?? String(Date.now() % 1_000_000)),
    only: listed(values.only),
    keep: values.keep,
    writeDocs: values['write-docs'],
  };
}

function listed(text: string): string[] {
  return text.split(',').filter((word) => word !== '');
}
