import { expect, it } from 'vitest';
import { ClockWatch } from '../../src/app/clock-watch.ts';
import { CredibleClock } from '../../src/shared/credible-clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';

const RELEASE = Date.UTC(2026, 10, 28);

it('a clock that is not set is told of once, and once when it is', async () => {
  const clock = new FakeClock(new Date(1970, 0, 1, 0, 0, 20).getTime());
  const logger = new CollectingLogger();
  const watch = new ClockWatch(new CredibleClock(clock, RELEASE), logger);
  watch.start();
  await clock.advance(3_600_000);
  expect(logger.lines).toHaveLength(1);
  expect(logger.said('warn')[0]).toMatch(
    /^The clock of this computer is not set: it says 1970-01-01 00:00, .* Set it, or wait .* network/,
  );
  expect(watch.problem).toContain('1970-01-01 01:00');
  clock.setWallClock(new Date(2026, 11, 24, 18, 30).getTime());
  await clock.advance(60_000);
  expect(logger.said('info')).toEqual(['The clock of this computer is set: it says 2026-12-24 18:30']);
  expect(watch.problem).toBeUndefined();
  watch.stop();
  expect(clock.pendingTimers).toBe(0);
});

it('nothing is said of a clock that is right', async () => {
  const clock = new FakeClock(Date.UTC(2026, 11, 24));
  const logger = new CollectingLogger();
  const watch = new ClockWatch(new CredibleClock(clock, RELEASE), logger);
  watch.start();
  await clock.advance(3_600_000);
  expect(logger.lines).toEqual([]);
  watch.stop();
});
