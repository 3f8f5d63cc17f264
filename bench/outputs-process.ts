import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../src/shared/clock.ts';
import { METER, sampleReadings } from './sample-readings.ts';
import { silentLogger } from './simulated-meter.ts';

/**
 * Outputs in a process of their own, so that its processor time and memory are theirs:
 *
 *     outputs-process.js cost NAME PORT FOLDER COUNT    what a reading costs; of metrics, with one page fetched for each
 *     outputs-process.js fill|drain NAME PORT FOLDER COUNT
 */
const { loadOutputs, makeOutputs } = await import('../src/app/outputs.ts');
const { demoConfig } = await import('../src/cli/commands/demo.ts');
const [task = '', name = '', port = '', folder = '', count = '1000'] = process.argv.slice(2);

const url = `http://127.0.0.1:${port}`;
const base = demoConfig({
  port: 'tcp://127.0.0.1:9',
  mqttUrl: 'mqtt://127.0.0.1:9',
  dataDir: folder,
  pause: 30,
});
const devices = ['heat_energy', 'flow_temperature', 'return_temperature', 'flow'].map((quantity, index) => ({
  meter: null,
  quantity,
  index: index + 1,
  type: 'value' as const,
}));
const config = {
  ...base,
  influxdb: { ...base.influxdb, enabled: name === 'influxdb', url, database: 'bench' },
  webhook: { ...base.webhook, enabled: name === 'webhook', url, secret: 'a secret' },
  domoticz: { ...base.domoticz, enabled: name === 'domoticz', url, devices },
  csv: { enabled: name === 'csv', directory: folder },
  metrics: { ...base.metrics, enabled: name === 'metrics', port: 19_464 },
};
const [output] = makeOutputs(await loadOutputs(config), config, {
  version: 'bench',
  connection: undefined,
  clock: systemClock,
  random: Math.random,
  logger: silentLogger,
  stuck: () => [],
  notReady: () => [],
  changed: () => {},
});
if (output === undefined) throw new Error(`there is no output "${name}"`);

const readings = Number(count);
const start = 1_700_000_000_000;
const rss = (): number => process.memoryUsage().rss;
const delivered = async (): Promise<void> => {
  while (output.health.waiting > 0) await pause(1);
};

if (task === 'fill') {
  // Not started: what is put in only waits. In parts, because what is not on disk yet waits in memory, which has a limit.
  for (let done = 0; done < readings; done++) {
    output.readingTaken(METER, sampleReadings(start + done), []);
    if (done % 2_000 === 1_999) await pause(100);
  }
  await output.stop();
  process.send?.({});
} else if (task === 'drain') {
  const before = rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, rss());
  }, 10);
  const begin = performance.now();
  output.start();
  while (output.health.delivered < readings) await pause(2);
  const took = performance.now() - begin;
  clearInterval(watch);
  process.send?.({ took, before, most });
  await output.stop();
} else {
  output.start();
  // The first one loads and connects.
  output.readingTaken(METER, sampleReadings(start), sampleReadings(start));
  await pause(500);
  let blocked = 0;
  const before = process.cpuUsage();
  for (let done = 1; done <= readings; done++) {
    const fresh = sampleReadings(start + done * 1_000);
    const begin = performance.now();
    output.readingTaken(METER, fresh, fresh);
    blocked += performance.now() - begin;
    if (name === 'metrics') await (await fetch('http://127.0.0.1:19464/metrics')).text();
    await delivered();
  }
  const { user, system } = process.cpuUsage(before);
  process.send?.({ blocked: blocked / readings, processor: (user + system) / 1_000 / readings });
  await output.stop();
}
process.disconnect?.();
