import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Arena } from '../arena.ts';
import type { Chance } from '../chance.ts';
import { CALM } from '../judge.ts';
import { inRounds, type Part, RECOVERS_WITHIN, STARTS_WITHIN } from './part.ts';

interface Mutation {
  readonly name: string;
  readonly change: (file: string, chance: Chance) => void;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Values of every type, at the edges of what their readers may think of. */
const ODD: readonly Json[] = [
  null,
  true,
  -1,
  1e308,
  9_007_199_254_740_991,
  '',
  'NaN',
  '1e9999',
  [],
  {},
  [null],
  { a: {} },
  'x'.repeat(10_000),
];

function edited(file: string, edit: (json: Json) => Json): void {
  try {
    writeFileSync(file, JSON.stringify(edit(JSON.parse(readFileSync(file, 'utf8')) as Json)));
  } catch {
    // Some are no JSON: then it is what comes first.
    truncateSync(file, Math.floor(statSync(file).size / 2));
  }
}

/** Every place in it, as the way there. */
function places(json: Json, way: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (json === null || typeof json !== 'object') return [way];
  const inner = Array.isArray(json)
    ? json.flatMap((each, index) => places(each, [...way, index]))
    : Object.entries(json).flatMap(([key, each]) => places(each, [...way, key]));
  return [way, ...inner];
}

function replaced(json: Json, way: readonly (string | number)[], by: Json | undefined): Json {
  const [first, ...rest] = way;
  if (first === undefined) return by ?? null;
  if (Array.isArray(json)) {
    const copy = [...json];
    if (rest.length === 0 && by === undefined) copy.splice(Number(first), 1);
    else copy[Number(first)] = replaced(copy[Number(first)] ?? null, rest, by);
    return copy;
  }
  if (json === null || typeof json !== 'object') return json;
  const copy = { ...json };
  if (rest.length === 0 && by === undefined) delete copy[first];
  else copy[first] = replaced(copy[first] ?? null, rest, by);
  return copy;
}

/** Only what cannot be taken for a number that the meter has shown: no reader could tell a digit that was changed. */
const MUTATIONS: readonly Mutation[] = [
  { name: 'a file is gone', change: (file) => rmSync(file) },
  { name: 'a file is empty', change: (file) => truncateSync(file, 0) },
  {
    name: 'a file is cut',
    change: (file, chance) => truncateSync(file, chance.whole(0, Math.max(0, statSync(file).size - 1))),
  },
  {
    name: 'a file is random bytes',
    change: (file, chance) => writeFileSync(file, chance.bytes(chance.whole(1, 4_000))),
  },
  {
    name: 'a file is zeros, as after a power failure',
    change: (file) => writeFileSync(file, Buffer.alloc(statSync(file).size)),
  },
  {
    name: 'a file is another JSON',
    change: (file, chance) => writeFileSync(file, JSON.stringify(chance.pick(ODD))),
  },
  {
    name: 'a value of another type',
    change: (file, chance) =>
      edited(file, (json) => replaced(json, chance.pick(places(json)), chance.pick(ODD))),
  },
  {
    name: 'a member is missing',
    change: (file, chance) => edited(file, (json) => replaced(json, chance.pick(places(json)), undefined)),
  },
  {
    name: 'many values of other types',
    change: (file, chance) =>
      edited(file, (json) => {
        let changed = json;
        for (let times = 0; times < 8; times++)
          changed = replaced(changed, chance.pick(places(changed)), chance.pick(ODD));
        return changed;
      }),
  },
];

export const filesPart: Part = {
  name: 'files',
  what: 'state files, damaged while the bridge did not run',
  async run(context) {
    const { tally } = context;
    const arena = new Arena({
      part: 'files',
      meters: [
        { model: '603', port: 'tcp', details: true },
        { model: '402', port: 'tcp' },
      ],
      ...context,
    });
    await arena.start();
    await arena.allFresh(performance.now(), STARTS_WITHIN);
    await inRounds(context, MUTATIONS, async (mutation, drawn) => {
      arena.suffers(mutation.name);
      await arena.bridge.end(drawn.pick(['SIGTERM', 'SIGKILL']));
      const files = filesBelow(arena.dataDir);
      for (const file of drawn.shuffled(files).slice(0, drawn.whole(1, 4))) {
        mutation.change(file, drawn);
        tally.row('files', mutation.name).struck++;
      }
      const since = performance.now();
      arena.bridge.start();
      tally.recovered('files', mutation.name, await arena.allFresh(since, RECOVERS_WITHIN), RECOVERS_WITHIN);
    });
    arena.suffers(CALM);
    await arena.stop();
  },
};

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => join(folder, name))
    .filter((name) => statSync(name).isFile());
}
