import { MeterClient } from '../src/link/client.ts';
import { MeterSession, newCounters } from '../src/link/session.ts';
import { lineTiming } from '../src/link/timing.ts';
import { systemClock } from '../src/shared/clock.ts';
import { channelFactory } from '../src/transport/open.ts';
import { type Figure, median } from './figure.ts';
import { silentLogger, simulatedMeter } from './simulated-meter.ts';

const MAIN = [60, 68, 74, 80, 86, 87, 89, 99];
const BAUD_RATE = 1200;
const BITS_PER_BYTE = 11;
const RUNS = 5;
/** Longer than the meter stays awake after its last reply. */
const SLEEP = 1700;

/** Readings at line speed, compared with the time that their bytes take on the wire. */
export async function readings(): Promise<Figure[]> {
  const meter = await simulatedMeter(BAUD_RATE);
  const channel = channelFactory(meter.port, BAUD_RATE)();
  const timing = lineTiming({ baudRate: BAUD_RATE, network: true });
  const session = new MeterSession(channel, timing, systemClock, silentLogger);
  const counters = newCounters();
  const client = new MeterClient({ destination: 0x3f, counters });
  await channel.open();
  const everything = meter.simulator.meters.flatMap(({ model }) => model.registers.map(([id]) => id));

  async function measure(ids: readonly number[], runs: number) {
    const ratios: number[] = [];
    const durations: number[] = [];
    let cost = { ...counters };
    let wakeUps = 0;
    for (let run = 0; run < runs; run++) {
      await new Promise((resolve) => setTimeout(resolve, SLEEP));
      const before = { ...counters };
      meter.simulator.resetStatistics();
      const begin = performance.now();
      for await (const _batch of client.registers(session, ids));
      const duration = performance.now() - begin;
      // As the meter itself has counted them.
      wakeUps = meter.simulator.statistics.wakeUps;
      cost = { ...counters };
      for (const key of Object.keys(cost) as Array<keyof typeof cost>) cost[key] -= before[key];
      const wire = ((cost.bytesSent + cost.bytesReceived) * BITS_PER_BYTE * 1000) / BAUD_RATE;
      durations.push(duration);
      ratios.push(duration / wire);
    }
    return { duration: median(durations), ratio: median(ratios), cost, wakeUps };
  }

  const main = await measure(MAIN, RUNS);
  const full = await measure(everything, 2);
  await channel.close();
  await meter.close();
  return [
    { name: 'eight registers', value: main.duration, unit: 'ms' },
    { name: 'eight registers / wire limit', value: main.ratio, unit: '', atMost: 1.01 },
    { name: 'eight registers, transactions', value: main.cost.transactions, unit: '', atMost: 1 },
    { name: 'eight registers, wake-ups', value: main.wakeUps, unit: '', atMost: 1 },
    {
      name: 'eight registers, bytes',
      value: main.cost.bytesSent + main.cost.bytesReceived,
      unit: '',
      atMost: 102,
    },
    { name: `full reading (${everything.length} registers)`, value: full.duration, unit: 'ms' },
    { name: 'full reading / wire limit', value: full.ratio, unit: '', atMost: 1.02 },
    { name: 'full reading, transactions', value: full.cost.transactions, unit: '' },
    { name: 'full reading, wake-ups', value: full.wakeUps, unit: '', atMost: 1 },
    { name: 'full reading, bytes', value: full.cost.bytesSent + full.cost.bytesReceived, unit: '' },
  ];
}
