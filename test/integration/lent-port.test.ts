import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Bridge } from '../../src/app/bridge.ts';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { PortDesk } from '../../src/app/port-desk.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { BatteryAccount } from '../../src/meter/battery-account.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { localDay } from '../../src/shared/zoned-time.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { FAST, servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NEVER = '0 0 1 1 *';
const EACH_SECOND = '* * * * * *';
const SERIAL = '84968362';

/** A bridge that has read its meter, with its desk. */
async function atHome(schedule = NEVER) {
  const meter = await servedMeter();
  const folder = temporaryFolder();
  const settings = { name: 'Heating', port: meter.port, schedule, detailSchedule: 'never', registers: [60] };
  const csv = { enabled: true, directory: join(folder, 'csv') };
  const config = bridgeConfig({ meters: [settings], mqtt: { enabled: false }, csv }, folder);
  const { bridge, logger } = await runningBridge(config);
  const desk = new PortDesk({ dataDir: folder, lender: bridge, clock: systemClock, logger });
  await desk.start();
  onTestFinished(() => desk.stop());
  await eventually(() => readingsOf(bridge) > 0);
  await bridge.idle();
  const command = (...words: readonly string[]): Promise<CliRun> =>
    runCli([...words, '--config', join(folder, 'bridge.json'), '--baud-rate', String(FAST)]);
  return { ...meter, folder, bridge, desk, logger, command };
}

function readingsOf(bridge: Bridge): number {
  return bridge.meters[0]?.diagnostics.readings ?? 0;
}

/** What is on the account of the meter's battery in the last days. */
function booked(folder: string): { readings: number; transactions: number; bytes: number } {
  const memory = new StoredMeterMemory(new StateStore(folder, new CollectingLogger()));
  return new BatteryAccount(memory.recall(SERIAL)?.account).weekTo(localDay(Date.now(), '').date);
}

describe('a command, while a bridge reads the meter', () => {
  it.each([
    ['read', /^Heat energy +84\.817 +GJ +60$/m],
    ['identify', /serial number +84968362/],
    ['probe', /The meter has \d+ of \d+ known registers/],
    ['history --logger month', /^ended +row +heat_energy \(GJ\)/],
    ['align --seconds 2', /\d of \d answers of meter 84968362/],
  ])('%s is on the account of its battery, with all that it asked', async (words, expected) => {
    const { command, folder, simulator } = await atHome();
    const before = booked(folder);
    const { requests } = simulator.statistics;
    expect(await command(...words.split(' '))).toMatchObject({
      code: 0,
      out: expect.stringMatching(expected),
    });
    const cost = simulator.statistics.requests - requests;
    await eventually(() => booked(folder).readings === before.readings + 1);
    expect(booked(folder).transactions).toBe(before.transactions + cost);
    expect(booked(folder).bytes).toBeGreaterThan(before.bytes);
  });

  it('has the port alone, and the bridge reads on afterwards', async () => {
    const { bridge, command, logger } = await atHome(EACH_SECOND);
    for (const word of ['read', 'probe']) {
      const { code, err } = await command(word, '--json');
      expect([code, err.replace(/^The bridge will know.*\n/, '')]).toEqual([0, '']);
      const before = readingsOf(bridge);
      await eventually(() => readingsOf(bridge) > before);
    }
    expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(bridge.meters[0]?.diagnostics.failedReadings).toBe(0);
  });

  it('gets the port for a port that was named, too', async () => {
    const { command, logger, port } = await atHome();
    expect((await command('read', '60', '--port', port)).code).toBe(0);
    expect(logger.lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/is lent to a command, and read on when that has ended/),
    );
  });
});
