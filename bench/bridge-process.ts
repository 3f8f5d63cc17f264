import { silentLogger } from './simulated-meter.ts';

/** A bridge in a process of its own, loaded as the program loads it; says how much memory it holds when it is asked. */
const { Bridge } = await import('../src/app/bridge.ts');
await import('../src/cli/program.ts');
const [config = '', baudRate] = process.argv.slice(2);
const bridge = await Bridge.make({
  config: JSON.parse(config),
  version: 'bench',
  logger: silentLogger,
  baudRate: Number(baudRate),
});
process.on('message', () => process.send?.(process.memoryUsage().rss));
bridge.start();
