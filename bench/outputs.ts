import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.ts';

const READINGS = 300;
const WAITING = 100_000;
const MEGABYTE = 1_000_000;

/** What a reading costs at each output, and what it takes to get rid of what has waited for long. */
export async function outputs(): Promise<Figure[]> {
  const sink = fork(join(import.meta.dirname, 'sink-process.js'));
  const [port] = await once(sink, 'message');
  try {
    const figures: Figure[] = [];
    for (const name of ['influxdb', 'webhook', 'domoticz', 'csv', 'metrics']) {
      const { blocked, processor } = await inFolder((folder) => run('cost', name, port, folder, READINGS));
      figures.push(
        { name: `${name}: a reading holds up others for`, value: blocked ?? 0, unit: 'ms', atMost: 5 },
        { name: `${name}: processor time a reading`, value: processor ?? 0, unit: 'ms' },
      );
    }
    return [...figures, ...(await draining(port))];
  } finally {
    sink.kill();
  }
}

/** Points for InfluxDB, once half as many: the memory must be the same. */
async function draining(port: number): Promise<Figure[]> {
  const measure = (count: number) =>
    inFolder(async (folder) => {
      await run('fill', 'influxdb', port, folder, count);
      return run('drain', 'influxdb', port, folder, count);
    });
  const few = await measure(WAITING / 2);
  const many = await measure(WAITING);
  const grown = (many.most ?? 0) - (few.most ?? 0);
  return [
    { name: `draining ${WAITING} waiting points`, value: (many.took ?? 0) / 1_000, unit: 's', atMost: 30 },
    { name: 'memory meanwhile', value: (many.most ?? 0) / MEGABYTE, unit: 'MB' },
    { name: 'more than with half of them', value: grown / MEGABYTE, unit: 'MB', atMost: 15 },
  ];
}

async function run(
  task: string,
  name: string,
  port: number,
  folder: string,
  count: number,
): Promise<Readonly<Record<string, number>>> {
  const file = join(import.meta.dirname, 'outputs-process.js');
  const child: ChildProcess = fork(file, [task, name, String(port), folder, String(count)]);
  const ended = once(child, 'exit');
  const [result] = await once(child, 'message');
  await ended;
  return result as Readonly<Record<string, number>>;
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'multical2mqtt-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
