import { describe, expect, test } from 'vitest';
import {
  addObservations,
  explainSilence,
  NOTHING_SEEN,
  type Observation,
} from '../../src/meter/observation.ts';

function seen(some: Partial<Observation>): Observation {
  return { ...NOTHING_SEEN, ...some };
}

describe('what silence means', () => {
  test('nothing at all: cable, port, head or a sleeping eye', () => {
    const text = explainSilence(NOTHING_SEEN);
    expect(text).toMatch(/^Nothing at all was received/);
    expect(text).toMatch(/cable.*port.*head/);
    expect(text).toMatch(/402 or 303 .*button.*403, 603 or 803 .*magnet/);
  });

  test('only our own echo: the head works, the meter does not see it', () => {
    const text = explainSilence(seen({ bytes: 22, echoes: 1 }));
    expect(text).toMatch(/^Only the echo of our own request/);
    expect(text).toMatch(/button.*magnet/);
  });

  test('wrong checksums: the head is slightly off, or there is light', () => {
    const text = explainSilence(seen({ bytes: 90, echoes: 1, damagedReplies: 1, discardedBytes: 68 }));
    expect(text).toMatch(/damaged.*move the head.*light/);
  });

  test('valid frames of others: somebody else is on the line', () => {
    const text = explainSilence(seen({ bytes: 70, foreignFrames: 1 }));
    expect(text).toMatch(/another program or another meter/);
  });

  test('bytes that are no frame: noise, or the wrong port', () => {
    const text = explainSilence(seen({ bytes: 30, echoes: 1, discardedBytes: 8 }));
    expect(text).toMatch(/no reply of a meter.*right port/);
  });

  test('a damaged reply says more than a foreign one, because it came from the meter', () => {
    const text = explainSilence(seen({ bytes: 90, damagedReplies: 1, foreignFrames: 1 }));
    expect(text).toMatch(/damaged/);
  });
});

test('the observations of several tries add up', () => {
  const first = {
    bytes: 1,
    echoes: 2,
    damagedReplies: 3,
    discardedBytes: 4,
    foreignFrames: 5,
    earlyReplies: 6,
  };
  const second = {
    bytes: 10,
    echoes: 20,
    damagedReplies: 30,
    discardedBytes: 40,
    foreignFrames: 50,
    earlyReplies: 60,
  };
  expect(addObservations(first, second)).toEqual({
    bytes: 11,
    echoes: 22,
    damagedReplies: 33,
    discardedBytes: 44,
    foreignFrames: 55,
    earlyReplies: 66,
  });
});

test('replies that came too soon are explained by the speed of the line', () => {
  const seen = { ...NOTHING_SEEN, bytes: 30, earlyReplies: 2, foreignFrames: 1 };
  expect(explainSilence(seen)).toMatch(/sooner than this line speed allows.*1200 baud/);
});
