import { setTimeout as pause } from 'node:timers/promises';
import { Arena } from '../arena.ts';
import type { Chance } from '../chance.ts';
import { CALM } from '../judge.ts';
import { inRounds, type Part, RECOVERS_WITHIN, STARTS_WITHIN } from './part.ts';

interface BrokerFault {
  readonly name: string;
  /** Does it for as long as it takes, and makes good what does not mend itself. */
  readonly run: (arena: Arena, chance: Chance) => Promise<void>;
}

const lasting = (chance: Chance): Promise<void> => pause(chance.between(4_000, 12_000));

/** What networks and brokers do to a connection. */
const FAULTS: readonly BrokerFault[] = [
  {
    name: 'slow',
    run: async ({ brokerProxy }, chance) => {
      brokerProxy.suffer({ delay: (each) => each.between(0, 1_500) });
      await lasting(chance);
    },
  },
  {
    name: 'in pieces',
    run: async ({ brokerProxy }, chance) => {
      brokerProxy.suffer({ pieces: chance.whole(1, 40) });
      await lasting(chance);
    },
  },
  {
    name: 'cut in the middle of messages',
    run: async ({ brokerProxy }, chance) => {
      brokerProxy.suffer({ cut: 0.2 });
      await lasting(chance);
    },
  },
  {
    name: 'reset',
    run: async ({ brokerProxy }, chance) => {
      for (let times = chance.whole(1, 6); times > 0; times--) {
        brokerProxy.reset();
        await pause(chance.between(100, 2_500));
      }
    },
  },
  {
    name: 'refuses connections',
    run: async ({ brokerProxy }, chance) => {
      brokerProxy.suffer({ refuse: 'reset' });
      brokerProxy.reset();
      await lasting(chance);
    },
  },
  {
    name: 'takes connections without a word',
    run: async ({ brokerProxy }, chance) => {
      brokerProxy.suffer({ refuse: 'ignore' });
      brokerProxy.reset();
      await lasting(chance);
      brokerProxy.reset();
    },
  },
  {
    name: 'swallows everything, then resets',
    run: async ({ brokerProxy }, chance) => {
      brokerProxy.suffer({ swallow: 'both' });
      await lasting(chance);
      brokerProxy.reset();
    },
  },
  {
    name: 'swallows answers, then resets',
    run: async ({ brokerProxy }, chance) => {
      brokerProxy.suffer({ swallow: 'from-server' });
      await lasting(chance);
      brokerProxy.reset();
    },
  },
  {
    name: 'stands still',
    run: async ({ broker }, chance) => {
      broker.freeze(true);
      await lasting(chance);
      broker.freeze(false);
    },
  },
  {
    name: 'restarted',
    run: async ({ broker }, chance) => {
      await broker.stop();
      await pause(chance.between(0, 5_000));
      await broker.start();
    },
  },
  {
    name: 'killed, what it held is lost',
    run: async ({ broker }, chance) => {
      await broker.stop('SIGKILL');
      broker.forget();
      await pause(chance.between(0, 5_000));
      await broker.start();
    },
  },
];

export const brokerPart: Part = {
  name: 'broker',
  what: 'the broker',
  async run(context) {
    const { tally } = context;
    const arena = new Arena({
      part: 'broker',
      meters: [
        { model: '403', port: 'tcp' },
        { model: '21-litres', port: 'tcp' },
      ],
      discovery: 'component',
      ...context,
    });
    await arena.start();
    await arena.allFresh(performance.now(), STARTS_WITHIN);
    await inRounds(context, FAULTS, async (fault, drawn) => {
      arena.suffers(fault.name);
      const refused = arena.refused();
      const struck = arena.brokerProxy.struck;
      await fault.run(arena, drawn);
      arena.brokerProxy.suffer({});
      const row = tally.row('broker', fault.name);
      row.struck += Math.max(1, arena.brokerProxy.struck - struck);
      tally.recovered(
        'broker',
        fault.name,
        await arena.allFresh(performance.now(), RECOVERS_WITHIN),
        RECOVERS_WITHIN,
      );
      row.refused += Math.max(0, arena.refused() - refused);
      arena.suffers(CALM);
    });
    await arena.stop();
  },
};
