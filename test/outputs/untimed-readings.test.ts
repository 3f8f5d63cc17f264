import { beforeEach, describe, expect, it } from 'vitest';
import { UntimedReadings } from '../../src/outputs/untimed-readings.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { CredibleClock } from '../../src/shared/credible-clock.ts';
import { noDeliveries } from '../../src/shared/delivery.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { HEAT_ENERGY, METER } from './support/meter-readings.ts';

const RELEASE = Date.UTC(2026, 10, 28);
const RIGHT = Date.UTC(2026, 11, 24, 18);
const HOUR = 3_600_000;
const HEALTH = { ...noDeliveries(), waiting: 0, problem: null };

let fake: FakeClock;
let clock: CredibleClock;
let logger: CollectingLogger;
let delivered: number[];
let untimed: UntimedReadings;

beforeEach(() => {
  fake = new FakeClock(0);
  clock = new CredibleClock(fake, RELEASE);
  logger = new CollectingLogger();
  delivered = [];
  untimed = new UntimedReadings('InfluxDB', { clock, logger, changed: () => {} }, (_, [first]) => {
    if (first !== undefined) delivered.push(first.readAt);
  });
});

const now = (): Reading => ({ ...HEAT_ENERGY, readAt: clock.now() });

async function takeHourly(count: number): Promise<void> {
  for (let reading = 0; reading < count; reading++) {
    untimed.take(METER, [now()], [now()]);
    await fake.advance(HOUR);
  }
}

describe('a reading whose time is not known yet', () => {
  it('waits until the clock is set, and then goes on with the time at which it was taken', async () => {
    await takeHourly(3);
    expect(delivered).toEqual([]);
    fake.setWallClock(RIGHT);
    await fake.advance(10_000);
    expect(delivered).toEqual([RIGHT - 3 * HOUR, RIGHT - 2 * HOUR, RIGHT - HOUR]);
    expect(fake.pendingTimers).toBe(0);
  });

  it('goes before the next one', async () => {
    await takeHourly(1);
    fake.setWallClock(RIGHT);
    untimed.take(METER, [now()], []);
    expect(delivered).toEqual([RIGHT - HOUR, RIGHT]);
  });

  it('is a trouble of the output while it waits, and none afterwards', async () => {
    expect(untimed.addTo(HEALTH)).toEqual(HEALTH);
    await takeHourly(2);
    expect(untimed.addTo(HEALTH)).toMatchObject({
      waiting: 2,
      problem: 'The clock of this computer is not set: 2 readings wait for it',
    });
    expect(untimed.addTo({ ...HEALTH, waiting: 3, problem: 'no server' })).toMatchObject({
      waiting: 5,
      problem: 'no server',
    });
    fake.setWallClock(RIGHT);
    await fake.advance(10_000);
    expect(untimed.addTo(HEALTH)).toEqual(HEALTH);
  });

  it('is given up, with a line, where the clock is never set', async () => {
    await takeHourly(2);
    untimed.stop();
    expect(fake.pendingTimers).toBe(0);
    expect(logger.said('warn')).toEqual([
      'InfluxDB: 2 readings are lost, because the clock of this computer was not set, and nobody knows when they were taken',
    ]);
  });

  it('does not fill the memory: the oldest of more than a thousand are given up', async () => {
    for (let reading = 0; reading < 1_010; reading++) untimed.take(METER, [now()], []);
    expect(untimed.addTo(HEALTH)).toMatchObject({ waiting: 1_000, lost: 10 });
    fake.setWallClock(RIGHT);
    await fake.advance(10_000);
    expect(delivered).toHaveLength(1_000);
  });

  it('loses what an earlier run has read at a time that nobody knows, and not the rest', () => {
    fake.setWallClock(RIGHT);
    untimed.take(METER, [{ ...HEAT_ENERGY, readAt: 0 }, now()], []);
    expect(delivered).toEqual([RIGHT]);
  });
});

it('a reading with its time goes on at once', () => {
  fake.setWallClock(RIGHT);
  untimed.take(METER, [now()], []);
  expect(delivered).toEqual([RIGHT]);
  expect(fake.pendingTimers).toBe(0);
  untimed.stop();
  expect(logger.lines).toEqual([]);
});
