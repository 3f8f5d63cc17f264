import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Arena } from '../arena.ts';
import type { Chance } from '../chance.ts';
import { CALM } from '../judge.ts';
import type { LineEvent } from '../line/hostile-line.ts';
import { inRounds, type Part, RECOVERS_WITHIN, STARTS_WITHIN } from './part.ts';

interface Phase {
  readonly name: string;
  /** Resolves when the program is in that phase. */
  readonly reached: (arena: Arena, chance: Chance) => Promise<void>;
}

function event(arena: Arena, wanted: LineEvent): Promise<void> {
  return new Promise((resolve) => {
    const ends = arena.lines.map((line) =>
      line.onEvent((happened) => {
        if (happened !== wanted) return;
        for (const end of ends) end();
        resolve();
      }),
    );
  });
}

function published(arena: Arena): Promise<void> {
  return new Promise((resolve) => {
    const end = arena.observer.onState(() => {
      end();
      resolve();
    });
  });
}

/** Moments of a reading, and of the program's own life. */
const PHASES: readonly Phase[] = [
  { name: 'while it starts', reached: (_arena, chance) => pause(chance.between(0, 1_500)) },
  { name: 'when it asks', reached: (arena) => event(arena, 'request') },
  {
    name: 'while the meter answers',
    reached: async (arena, chance) => {
      await event(arena, 'reply-begins');
      await pause(chance.between(0, 600));
    },
  },
  {
    name: 'when the reply is complete',
    reached: async (arena, chance) => {
      await event(arena, 'reply-ends');
      await pause(chance.between(0, 40));
    },
  },
  { name: 'when it has published', reached: published },
  {
    name: 'while it writes its files',
    reached: async (arena, chance) => {
      await published(arena);
      await pause(chance.between(0, 120));
    },
  },
  {
    name: 'at any time',
    reached: (_arena, chance) => pause(chance.between(0, 10_000)),
  },
];

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGINT'] as const;

export const killPart: Part = {
  name: 'kill',
  what: 'the end of the program',
  told: `${[...new Set(SIGNALS)].join(', ')}, each ${PHASES.map(({ name }) => name).join(', ')}`,
  async run(context) {
    const { tally } = context;
    const arena = new Arena({
      part: 'kill',
      meters: [
        { model: '603', port: 'tcp', details: true },
        { model: '402', port: 'tcp' },
      ],
      protocolVersion: 5,
      ...context,
    });
    await arena.start();
    await arena.allFresh(performance.now(), STARTS_WITHIN);
    await inRounds(context, PHASES, (phase, drawn, round) =>
      oneKill(arena, phase, SIGNALS[(round - 1) % SIGNALS.length] ?? 'SIGKILL', drawn),
    );
    arena.suffers(CALM);
    await arena.stop();
    const left = leftOvers(arena.dataDir);
    if (left.length > 0) tally.found('kill', CALM, 'files that nobody needs any more', left.join(', '));
  },
};

async function oneKill(
  arena: Arena,
  phase: Phase,
  signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT',
  chance: Chance,
): Promise<void> {
  const { tally, bridge } = arena;
  const name = `${signal} ${phase.name}`;
  arena.suffers(name);
  if (phase.name === 'while it starts') {
    await bridge.end('SIGTERM');
    bridge.start();
  }
  await phase.reached(arena, chance);
  await bridge.end(signal);
  tally.row('kill', name).struck++;
  if (signal !== 'SIGKILL') await offline(arena);
  if (chance.happens(0.3)) await pause(chance.between(0, 3_000));
  const since = performance.now();
  bridge.start();
  tally.recovered('kill', name, await arena.allFresh(since, RECOVERS_WITHIN), RECOVERS_WITHIN);
}

/** After a clean end, the broker says so. */
async function offline(arena: Arena): Promise<void> {
  await pause(300);
  if (arena.observer.bridgeOnline) arena.found('still online after it ended in order', arena.folder);
}

function leftOvers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.json\.\d+$/.test(name),
  );
}
