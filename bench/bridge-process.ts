import { readFileSync } from 'node:fs';
import { silentLogger } from './simulated-meter.ts';

/**
 * A bridge in a process of its own, loaded as the program loads it; says what it has used when it is asked. Asked to
 * watch its turns, it also says how long it worked at most (in milliseconds of the processor's time, which no other
 * program can make longer) before it looked again at what comes next: so late a reading's next step may be.
 */
const { Bridge } = await import('../src/app/bridge.ts');
await import('../src/cli/program.ts');
const [file = '', baudRate] = process.argv.slice(2);
const bridge = await Bridge.make({
  config: JSON.parse(readFileSync(file, 'utf8')),
  version: 'bench',
  logger: silentLogger,
  baudRate: Number(baudRate),
});
let longestTurn = 0;
process.on('message', (asked) => {
  process.send?.({ rss: process.memoryUsage().rss, processor: processorTime(), longestTurn });
  if (asked === 'watch turns') watchTurns();
});

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function watchTurns(): void {
  longestTurn = 0;
  let before = processorTime();
  setInterval(() => {
    const now = processorTime();
    longestTurn = Math.max(longestTurn, (now - before) / 1000);
    before = now;
  }, 1).unref();
}

process.once('SIGTERM', () => void bridge.stop().then(() => process.exit()));
bridge.start();
