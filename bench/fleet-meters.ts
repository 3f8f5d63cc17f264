import { systemClock } from '../src/shared/clock.ts';
import { Simulator } from '../src/simulator/simulator.ts';
import { serveTcp } from '../src/simulator/tcp-server.ts';
import { silentLogger } from './simulated-meter.ts';

/** Simulated meters in a process of their own, each on a port of its own; says their ports. */
const [count, first] = process.argv.slice(2).map(Number);
const ports = await Promise.all(
  Array.from({ length: count ?? 0 }, async (_, index) => {
    const meter = { model: '403' as const, serialNumber: (first ?? 0) + index };
    const line = new Simulator({
      meters: [meter],
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
    });
    const { port } = await serveTcp({ line, port: 0, logger: silentLogger });
    return port;
  }),
);
process.send?.(ports);
process.once('disconnect', () => process.exit());
