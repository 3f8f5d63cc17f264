import { silentLogger } from './simulated-meter.ts';

/** A bridge in a process of its own, loaded as the program loads it; says what it has used when it is asked. */
const { Bridge } = await import('../src/app/bridge.ts');
await import('../src/cli/program.ts');
const [config = '', baudRate] = process.argv.slice(2);
const bridge = await Bridge.make({
  config: JSON.parse(config),
  version: 'bench',
  logger: silentLogger,
  baudRate: Number(baudRate),
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ rss: process.memoryUsage().rss, processor: user + system });
});
process.once('SIGTERM', () => void bridge.stop().then(() => process.exit()));
bridge.start();
