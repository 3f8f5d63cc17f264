import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { InMemoryMeterStore } from '../../src/meter/meter-store.ts';
import { CsvOutput } from '../../src/outputs/csv/output.ts';
import { diagnosticsJson } from '../../src/outputs/mqtt/diagnostics.ts';
import { type Reading, stateJson } from '../../src/readings/reading.ts';
import { isWallTime } from '../../src/shared/credible-clock.ts';
import { outputParts } from '../outputs/support/output-parts.ts';
import { eventually } from '../support/eventually.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR = 3_600_000;
const RELEASE = Date.UTC(2026, 10, 28);
const RIGHT = Date.UTC(2026, 11, 24, 18);
const BOOT = 20_000;

let home: PolledLine;
afterEach(async () => {
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

/** A bridge on a computer that has just begun in 1970. */
async function bootIn1970(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine({ timezone: 'UTC', now: BOOT, credibleFrom: RELEASE, ...options });
  await home.firstReading();
}

/** The network tells the computer the time. */
function setClock(time = RIGHT): void {
  home.clock.setWallClock(time);
}

async function hourly(): Promise<void> {
  await home.clock.advance(HOUR);
  await home.tick('hourly');
}

const last = () => home.publisher.readings.at(-1);
const latest = (quantity: string): Reading | undefined =>
  last()?.latest.find((reading) => reading.quantity === quantity);

describe('while the clock is not set', () => {
  it('values are published, without a time that is wrong', async () => {
    await bootIn1970();
    expect(latest('heat_energy')?.value.kind).toBe('number');
    const { fresh = [], latest: all = [] } = last() ?? {};
    expect(JSON.parse(stateJson(all, fresh[0]?.readAt ?? RIGHT))).toMatchObject({ read_at: null });
    const [diagnostics] = home.publisher.diagnostics.slice(-1);
    expect(diagnostics?.readings).toBe(1);
    expect(diagnostics && JSON.parse(diagnosticsJson(diagnostics)).last_successful_reading).toBeNull();
  });

  it('there are no figures of a day or a month, least of all 0.000', async () => {
    await bootIn1970();
    await hourly();
    for (const quantity of ['heat_energy_day', 'heat_energy_month', 'volume_day', 'volume_month'])
      expect(latest(quantity)).toBeUndefined();
  });

  it('the meter’s clock has no drift', async () => {
    await bootIn1970();
    expect(latest('clock_drift')?.value).toMatchObject({ kind: 'unknown' });
  });

  it('a whole night of it changes nothing', async () => {
    await bootIn1970();
    await home.clock.advance(25 * HOUR);
    await hourly();
    expect(
      home.publisher.readings.flatMap(({ fresh }) => fresh).every(({ readAt }) => !isWallTime(readAt)),
    ).toBe(true);
  });
});

describe('once the clock is set', () => {
  it('values have the times at which they were read, also those from before', async () => {
    await bootIn1970({ detailSchedule: 'never' });
    const readAt = latest('heat_energy')?.readAt ?? 0;
    const ago = home.believed.now() - readAt;
    setClock();
    expect(home.meter.status.latest.every((reading) => isWallTime(reading.readAt))).toBe(true);
    expect(home.meter.status.diagnostics.lastSuccessfulReading).toBe(RIGHT - ago);
    await hourly();
    expect(latest('heat_energy')?.readAt).toBeGreaterThan(RIGHT + HOUR);
  });

  it('the CSV files get everything with the time at which it was read', async () => {
    await bootIn1970();
    const directory = temporaryFolder();
    const { logger } = home;
    const output = new CsvOutput({ enabled: true, directory }, outputParts({ clock: home.believed, logger }));
    output.start();
    onTestFinished(() => output.stop());
    for (const { meter, fresh } of home.publisher.readings) output.readingTaken(meter, fresh);
    expect(output.health.problem).toContain('The clock of this computer is not set');
    await home.clock.advance(HOUR);
    expect(readdirSync(directory)).toEqual([]);
    setClock();
    await home.clock.advance(10_000);
    expect(output.health.problem).toBeNull();
    await eventually(() => output.health.delivered > 50 && output.health.waiting === 0);
    const [name = '', ...others] = readdirSync(directory);
    expect(others).toEqual([]);
    const times = readFileSync(join(directory, name), 'utf8').split('\n').slice(1, -1);
    expect(times.length).toBeGreaterThan(50);
    for (const time of times.map((row) => Date.parse(row.split(',')[0] ?? ''))) {
      expect(time).toBeGreaterThan(RIGHT - 2 * HOUR);
      expect(time).toBeLessThan(RIGHT - HOUR + 10_000);
    }
  });

  it('the month that had begun before goes on', async () => {
    const memory = new InMemoryMeterStore();
    home = new PolledLine({
      timezone: 'UTC',
      now: Date.UTC(2026, 11, 1, 0, 5),
      credibleFrom: RELEASE,
      memory,
    });
    await home.firstReading();
    expect(latest('heat_energy_month')?.value.kind).toBe('number');
    await home.stop();
    await bootIn1970({ memory });
    expect(latest('heat_energy_month')?.value).toMatchObject({ kind: 'unknown' });
    setClock();
    await hourly();
    expect(latest('heat_energy_month')?.value.kind).toBe('number');
    expect(latest('heat_energy_day')?.value).toMatchObject({ kind: 'unknown' });
  });

  it('a meter that went on counting while the computer was off is believed', async () => {
    const memory = new InMemoryMeterStore();
    home = new PolledLine({ timezone: 'UTC', now: RIGHT, memory, meters: [{ model: '403', speed: 1 }] });
    await home.firstReading();
    await home.stop();
    const [meter] = memory.all();
    // As if it had stood 40 kWh lower: what a house takes in some hours.
    memory.remember({
      ...(meter as NonNullable<typeof meter>),
      latest: (meter?.latest ?? []).map((reading) =>
        reading.quantity === 'heat_energy' && reading.value.kind === 'number'
          ? { ...reading, value: { ...reading.value, value: reading.value.value.minus('0.144') } }
          : reading,
      ),
    });
    await bootIn1970({ memory });
    expect(home.logger.said('warn').filter((line) => line.includes('held back'))).toEqual([]);
  });
});

describe('the limit of readings a day', () => {
  const LIMIT = { maxReadingsPerDay: 3, detailSchedule: 'never' } as const;
  const left = (): number | null | undefined => home.publisher.diagnostics.at(-1)?.battery.readingsLeftToday;

  it('holds without a clock, over restarts too', async () => {
    const memory = new InMemoryMeterStore();
    await bootIn1970({ ...LIMIT, memory });
    await hourly();
    expect(left()).toBe(1);
    await home.stop();
    await bootIn1970({ ...LIMIT, memory });
    expect(left()).toBe(0);
    const { requests } = home.simulator.statistics;
    await hourly();
    expect(home.simulator.statistics.requests).toBe(requests);
  });

  it('goes on with what was read without a clock, as readings of today', async () => {
    await bootIn1970(LIMIT);
    await hourly();
    setClock();
    await hourly();
    expect(left()).toBe(0);
    expect(home.publisher.diagnostics.at(-1)?.battery.today.readings).toBe(3);
    await hourly();
    expect(home.publisher.diagnostics.at(-1)?.battery.today.readings).toBe(3);
    await home.clock.advance(24 * HOUR);
    await home.tick('hourly');
    expect(left()).toBe(2);
  });

  it('is not given anew by a power cut', async () => {
    const memory = new InMemoryMeterStore();
    home = new PolledLine({ ...LIMIT, timezone: 'UTC', now: RIGHT, credibleFrom: RELEASE, memory });
    await home.firstReading();
    await hourly();
    await hourly();
    await home.stop();
    await bootIn1970({ ...LIMIT, memory });
    expect(home.simulator.statistics.requests).toBe(0);
  });

  it('is not undone by days in the future, which are dropped with a line', async () => {
    const memory = new InMemoryMeterStore();
    home = new PolledLine({ ...LIMIT, timezone: 'UTC', now: RIGHT, memory });
    await home.firstReading();
    await home.stop();
    const [meter] = memory.all();
    const use = { readings: 3, transactions: 3, wakeUps: 3, bytes: 300, awakeTime: 3_000 };
    const days = Object.fromEntries(
      Array.from({ length: 14 }, (_, day) => [`2027-05-${String(day + 10)}`, use]),
    );
    memory.remember({
      ...(meter as NonNullable<typeof meter>),
      account: { since: Date.UTC(2027, 4, 10), days },
    });
    home = new PolledLine({ ...LIMIT, timezone: 'UTC', now: RIGHT, memory });
    await home.firstReading();
    for (let reading = 0; reading < 5; reading++) await home.tick('hourly');
    expect(left()).toBe(0);
    expect(home.publisher.diagnostics.at(-1)?.battery).toMatchObject({
      today: { readings: 3 },
      lastSevenDays: { readings: 3 },
      ratio: 3 / 24,
    });
    const told = home.logger.said('warn').filter((line) => line.includes('days in the future'));
    expect(told).toEqual([
      expect.stringMatching(
        /^Heating: .* \(2027-05-10, .*2027-05-23\), from a clock that was ahead; they are dropped$/,
      ),
    ]);
  });
});
