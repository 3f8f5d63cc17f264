import { setTimeout as pause } from 'node:timers/promises';
import { Arena, type MeterPlan } from '../arena.ts';
import { CALM } from '../judge.ts';
import { LINE_FAULTS } from '../line/all.ts';
import type { LineFault } from '../line/fault.ts';
import { type Part, type PartContext, RECOVERS_WITHIN, STARTS_WITHIN } from './part.ts';

/** Families, units and forms of values that differ; on both kinds of ports; some with details, some with `units`. */
const METERS: readonly MeterPlan[] = [
  { model: '403', port: 'pty', details: true },
  { model: '402', port: 'tcp' },
  { model: '601', port: 'pty', units: { heat_energy: 'kWh', volume: 'l' } },
  { model: '603', port: 'tcp', details: true },
  { model: '302-kwh', port: 'tcp' },
  { model: '21', port: 'pty' },
  { model: '803', port: 'tcp', units: { heat_energy: 'MWh' } },
  { model: '601-litres', port: 'tcp' },
];

export const linePart: Part = {
  name: 'line',
  what: 'line, adapter, head and meter',
  faults: LINE_FAULTS.map(({ name, what }) => [name, what]),
  async run(context) {
    const { tally, chance, until } = context;
    const arena = new Arena({ part: 'line', meters: METERS, ...context });
    await arena.start();
    const began = performance.now();
    const first = await arena.allFresh(began, STARTS_WITHIN);
    if (first === undefined)
      tally.found('line', CALM, 'no state of every meter after the start', arena.folder);
    // One deck for all lines: after the first round, every fault has been on some line.
    const deck = new Deck(chance.fork('deck').shuffled(LINE_FAULTS));
    await Promise.all(
      arena.lines.map(async (_line, index) => {
        for (let episode = 1; performance.now() < until; episode++)
          await oneEpisode(arena, index, deck, episode, context);
      }),
    );
    await arena.stop();
  },
};

const NOTHING: LineFault = { name: CALM, what: 'nothing' };

async function oneEpisode(
  arena: Arena,
  index: number,
  deck: Deck,
  episode: number,
  { tally, chance }: PartContext,
): Promise<void> {
  const line = arena.lines[index];
  const plan = METERS[index];
  if (line === undefined || plan === undefined) return;
  const drawn = chance.fork(`line ${index} episode ${episode}`);
  const fault = episode === 1 && index === 0 ? NOTHING : deck.deal(plan.port === 'tcp');
  const serials = [line.own, line.neighbour, line.stranger].map(({ serialNumber }) => String(serialNumber));
  const own = String(line.own.serialNumber);
  const refused = arena.refused(serials);
  arena.judge.setFault(serials, fault.name);
  const end = line.suffer(fault, drawn);
  await pause(drawn.between(12_000, 20_000));
  tally.row('line', fault.name).struck += end();
  tally.recovered(
    'line',
    fault.name,
    await arena.fresh(own, performance.now(), RECOVERS_WITHIN),
    RECOVERS_WITHIN,
  );
  // What was on its way when the state came.
  await pause(1_500);
  tally.row('line', fault.name).refused += Math.max(0, arena.refused(serials) - refused);
  arena.judge.setFault(serials, CALM);
}

/** Deals every fault once before any comes again. */
class Deck {
  private readonly faults: readonly LineFault[];
  private left: LineFault[] = [];

  constructor(faults: readonly LineFault[]) {
    this.faults = faults;
  }

  deal(isNetwork: boolean): LineFault {
    if (this.left.length === 0) this.left = [...this.faults];
    const index = this.left.findIndex(({ networkOnly }) => isNetwork || !networkOnly);
    const [dealt] = index === -1 ? [] : this.left.splice(index, 1);
    return dealt ?? NOTHING;
  }
}
