import { expect, it } from 'vitest';
import { Refusals } from '../../src/mqtt/refusals.ts';
import { Suspects } from '../../src/mqtt/suspects.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';

const SENT = { act: 'publish', topic: 'base/1/state', size: 100 } as const;
const MINUTE = 60_000;

it('lets much be under way again when nobody publishes any more what was left out', async () => {
  const clock = new FakeClock();
  const suspects = new Suspects(new Refusals(new CollectingLogger(), ['base/#']), clock);
  for (let times = 0; times < 3; times++) {
    suspects.opened();
    suspects.closed([SENT], undefined);
  }
  expect(suspects.refusalOf(SENT)).toBeDefined();
  suspects.opened();
  await clock.advance(MINUTE);
  suspects.answered({ ...SENT, topic: 'base/2/state' }, true);
  expect(suspects.areSought).toBe(false);
  await clock.advance(suspects.againIn);
  suspects.tryAgain();
  expect(suspects.areSought).toBe(true);
  expect(suspects.refusalOf(SENT)).toBeUndefined();
  await clock.advance(10 * MINUTE);
  expect(suspects.areSought).toBe(false);
  expect(suspects.refusalOf(SENT)).toBeDefined();
});
