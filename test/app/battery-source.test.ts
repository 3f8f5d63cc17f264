import { describe, expect, it } from 'vitest';
import { BridgeBatteries } from '../../src/app/battery-source.ts';
import { batteryRoutes } from '../../src/web/routes/battery.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';
import { bridgeConfig } from '../support/running-bridge.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DAY = 86_400_000;

function batteryOf(polled: PolledLine, keys: Record<string, unknown> = {}) {
  const { meters } = bridgeConfig(
    { meters: [{ name: 'House', port: '/dev/none', ...keys }] },
    temporaryFolder(),
  );
  const bridge = {
    meters: [polled.meter.status],
    meterAt: (index: number) => (index === 0 ? polled.meter : undefined),
  };
  return new BridgeBatteries(bridge, meters);
}

async function readAWhile(days: number, options: PolledLineOptions = {}): Promise<PolledLine> {
  const polled = new PolledLine({ now: Date.UTC(2026, 0, 15, 9, 0), timezone: 'UTC', ...options });
  await polled.firstReading();
  for (let day = 0; day < days; day++) {
    await polled.clock.advance(DAY);
    await polled.tick('hourly');
  }
  return polled;
}

describe('the battery on the page', () => {
  it('has what readings of each day have cost, for four weeks, oldest first', async () => {
    const polled = await readAWhile(40);
    const battery = batteryOf(polled).battery('House');
    expect(battery?.days).toHaveLength(28);
    expect(battery?.days.map(({ date }) => date).at(-1)).toBe('2026-02-24');
    expect(battery?.days[0]).toEqual({
      date: '2026-01-28',
      readings: 1,
      awakeTime: expect.any(Number),
      bytes: expect.any(Number),
    });
    expect(battery?.days[0]?.awakeTime).toBeGreaterThan(0);
    expect(battery).toMatchObject({ readingsToday: 1, readingsLeftToday: null, mainsPowered: false });
    await polled.stop();
  });

  it('has a day without a reading among others, and nothing before the first', async () => {
    const polled = await readAWhile(1);
    await polled.clock.advance(2 * DAY);
    const days = batteryOf(polled).battery('House')?.days;
    expect(days?.map(({ date, readings }) => [date, readings])).toEqual([
      ['2026-01-15', 1],
      ['2026-01-16', 1],
      ['2026-01-17', 0],
      ['2026-01-18', 0],
    ]);
    await polled.stop();
  });

  it('is not judged by what was read on the first two days', async () => {
    const polled = await readAWhile(1);
    expect(batteryOf(polled).battery('House')?.isJudged).toBe(false);
    await polled.clock.advance(DAY);
    expect(batteryOf(polled).battery('House')?.isJudged).toBe(true);
    await polled.stop();
  });

  it('has no days while nobody knows which day it is', async () => {
    const polled = await readAWhile(0, { now: 0, credibleFrom: Date.UTC(2026, 0, 1) });
    expect(batteryOf(polled).battery('House')).toMatchObject({ days: [], readingsToday: 1 });
    await polled.stop();
  });

  it('has what each preset would cost, with the details, and which is ours', () => {
    const polled = new PolledLine();
    const presets = batteryOf(polled, { schedule: 'saver' }).battery('House')?.presets;
    expect(presets?.map(({ name, readingsADay, isOurs }) => [name, readingsADay, isOurs])).toEqual([
      ['hourly', 25, false],
      ['saver', 25, true],
      ['balanced', 97, false],
      ['keep-awake', 73, false],
      ['daily', 2, false],
    ]);
    expect(presets?.[2]?.ratio).toBeCloseTo(97 / 24);
    expect(presets?.[1]?.words).toBe('every hour at minute 59');
  });

  it('shows a schedule of its own first, and no more readings than a day may have', () => {
    const keys = {
      schedule: ['*/10 * * * *', 'daily'],
      detailSchedule: 'never',
      battery: { maxReadingsPerDay: 30 },
    };
    const presets = batteryOf(new PolledLine(), keys).battery('House')?.presets;
    expect(presets?.[0]).toMatchObject({
      name: '*/10 * * * *; daily: 0 6 * * *',
      isOurs: true,
      readingsADay: 30,
    });
    expect(presets?.filter(({ isOurs }) => isOurs)).toHaveLength(1);
    expect(presets?.[1]).toMatchObject({ name: 'hourly', readingsADay: 24, ratio: 1 });
  });

  it('takes the name of the configuration, and an unknown one is no meter', async () => {
    const [route] = batteryRoutes(batteryOf(new PolledLine({ now: new FakeClock().now() })));
    const asked = { language: 'en', query: new URLSearchParams(), body: undefined } as const;
    const gone = new AbortController().signal;
    const handle = (name: string) => route?.handle({ ...asked, gone, parameters: { name } });
    expect(handle('House')).toMatchObject({ json: { assumedReadingsADay: 24, readingsToday: 0 } });
    expect(() => handle('Nowhere')).toThrow('No meter is called "Nowhere".');
  });
});
