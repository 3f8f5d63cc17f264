import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Arena } from '../arena.ts';
import { CALM } from '../judge.ts';
import { inRounds, type Part, type PartContext, RECOVERS_WITHIN, STARTS_WITHIN } from './part.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

interface Jump {
  readonly name: string;
  /** Milliseconds by which the clock is ahead of the true time from now on. */
  readonly offset: (now: number) => number;
  /** Whether the program is started anew with it, as at boot. */
  readonly restarts?: boolean;
}

/** A moment of this year's change to summer or winter time in the bridge's zone. */
const shortlyBefore = (moment: string) => (now: number) => Date.parse(moment) - 8 * SECOND - now;

/** Each followed by the true time again. */
const JUMPS: readonly Jump[] = [
  { name: 'an hour ahead', offset: () => HOUR },
  { name: 'an hour behind', offset: () => -HOUR },
  { name: 'a day ahead', offset: () => DAY },
  { name: 'a day behind', offset: () => -DAY },
  { name: '400 days ahead', offset: () => 400 * DAY },
  { name: '400 days behind', offset: () => -400 * DAY },
  { name: 'three seconds ahead', offset: () => 3 * SECOND },
  { name: 'three seconds behind', offset: () => -3 * SECOND },
  { name: 'summer time begins', offset: shortlyBefore('2027-03-28T01:00:00Z') },
  { name: 'summer time ends', offset: shortlyBefore('2027-10-31T01:00:00Z') },
  { name: 'started in 1970', offset: (now) => 60 * SECOND - now, restarts: true },
];

const LIBRARY = 'libfaketimeMT.so.1';
/** Of one processor, from the jump until all is well: more would be a loop. */
const MOST_BUSY = 0.7;
const WATCHED = 10 * SECOND;
/** No point and no row may have a time before the program was made. */
const MADE = Date.UTC(2025, 0, 1);

export const clockPart: Part = {
  name: 'clock',
  what: "the machine's clock",
  told: `${JUMPS.map(({ name }) => name).join('; ')}; after each, right again`,
  async run(context) {
    const { tally, folder } = context;
    const library = fakeClock();
    if (library === undefined)
      return tally.skip('clock', 'libfaketime is not installed (apt-get install faketime)');
    const file = join(folder, 'offset');
    const offsets = new Set<number>([0]);
    const setClock = (offset: number): void => {
      offsets.add(offset);
      writeFileSync(file, `${offset < 0 ? '-' : '+'}${(Math.abs(offset) / SECOND).toFixed(3)}`);
    };
    setClock(0);
    const arena = new Arena({
      part: 'clock',
      meters: [{ model: '403', port: 'tcp', details: true }],
      ...context,
      latePosts: 'posts to the webhook whose order by a clock that jumps cannot be told',
      moments: (time) => [...offsets].map((offset) => time - offset),
      environment: {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        NO_FAKE_STAT: '1',
      },
    });
    await arena.start();
    await arena.allFresh(performance.now(), STARTS_WITHIN);
    await inRounds(context, JUMPS, async (jump) => {
      await there(arena, jump, setClock, context);
      await back(arena, jump, setClock);
    });
    arena.suffers(CALM);
    await arena.stop();
    const tooOld = [...arena.points, ...arena.rows].filter((each) => Number(each.split(' ')[1]) < MADE);
    if (tooOld.some((each) => Number(each.split(' ')[1]) < DAY * 365))
      tally.found('clock', 'started in 1970', 'a point or a row of 1970', tooOld.slice(0, 3).join(', '));
  },
};

async function there(
  arena: Arena,
  { name, offset, restarts = false }: Jump,
  setClock: (offset: number) => void,
  { chance }: PartContext,
): Promise<void> {
  arena.suffers(name);
  await pause(chance.between(0, 3_000));
  if (restarts) await arena.bridge.end('SIGTERM');
  setClock(offset(Date.now()));
  if (restarts) arena.bridge.start();
  await jumped(arena, name, !restarts);
  // Long enough for a clock that stands shortly before a change.
  await pause(4_000);
}

async function back(arena: Arena, { name }: Jump, setClock: (offset: number) => void): Promise<void> {
  const label = `${name}, and right again`;
  arena.suffers(label);
  setClock(0);
  await jumped(arena, label, true);
}

async function jumped(arena: Arena, name: string, isWatched: boolean): Promise<void> {
  const { tally, bridge } = arena;
  tally.row('clock', name).struck++;
  const since = performance.now();
  const before = bridge.processorTime();
  const busy = pause(WATCHED).then(() => (bridge.processorTime() - before) / (WATCHED / SECOND));
  tally.recovered('clock', name, await arena.allFresh(since, RECOVERS_WITHIN), RECOVERS_WITHIN);
  if (isWatched && (await busy) > MOST_BUSY)
    tally.found(
      'clock',
      name,
      'the processor is busy',
      `${Math.round((await busy) * 100)} % of one for 10 s`,
    );
}

function fakeClock(): string | undefined {
  for (const folder of ['/usr/lib', '/usr/local/lib']) {
    try {
      const found = readdirSync(folder, { withFileTypes: true })
        .flatMap(({ name }) => [join(folder, name, 'faketime')])
        .find((each) => readable(each));
      if (found !== undefined) return join(found, LIBRARY);
    } catch {
      // No such folder.
    }
  }
  return undefined;
}

function readable(folder: string): boolean {
  try {
    return readdirSync(folder).includes(LIBRARY);
  } catch {
    return false;
  }
}
