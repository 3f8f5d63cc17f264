import { describe, expect, it } from 'vitest';
import { type AlignmentVerdict, AlignmentWindow, alignmentAdvice } from '../../src/link/alignment.ts';
import { NOTHING_SEEN, type Observation } from '../../src/link/exchange.ts';
import type { SeenTry } from '../../src/link/session.ts';

function seen(observation: Partial<Observation>, turnaround: number | null = null): SeenTry {
  return { observation: { ...NOTHING_SEEN, ...observation }, turnaround };
}

const ANSWER = seen({ bytes: 10 }, 21);
const ECHO = seen({ bytes: 6, echoes: 1 });
const SILENCE = seen({});
const DAMAGED = seen({ bytes: 9, damagedReplies: 1, discardedBytes: 9 });

function windowOf(tries: readonly SeenTry[], every = 500): AlignmentWindow {
  const window = new AlignmentWindow();
  for (const [index, each] of tries.entries()) window.add(each, index * every);
  return window;
}

describe('how well the head sits', () => {
  it.each<[AlignmentVerdict, string, readonly SeenTry[]]>([
    ['good', 'Fix it just as it is', Array.from({ length: 10 }, () => ANSWER)],
    ['hold-still', 'hold the head still', [ANSWER, ANSWER]],
    ['unsteady', 'a millimetre at a time', [ANSWER, SILENCE, ANSWER, ANSWER]],
    ['unsteady', 'a millimetre at a time', [...Array.from({ length: 15 }, () => ANSWER), DAMAGED]],
    ['damaged', 'arrive damaged', [SILENCE, DAMAGED]],
    ['foreign', 'another program', [seen({ bytes: 10, foreignFrames: 1 })]],
    ['echo-only', 'Your own light comes back but the meter does not answer: press a button', [ECHO, ECHO]],
    ['noise', 'bright light', [seen({ bytes: 3, discardedBytes: 3 })]],
    ['nothing', 'Nothing comes back', [SILENCE, SILENCE]],
  ])('is %s, and the advice says "%s"', (verdict, words, tries) => {
    const view = windowOf(tries).view((tries.length - 1) * 500);
    expect(view.verdict).toBe(verdict);
    expect(alignmentAdvice(view)).toContain(words);
  });

  it('counts what the last ten seconds showed, and nothing older', () => {
    const window = windowOf(
      [DAMAGED, ECHO, seen({ bytes: 16, echoes: 1 }, 30), seen({ bytes: 10 }, 20)],
      3_000,
    );
    expect(window.view(9_500)).toMatchObject({ asked: 4, answered: 2, damagedReplies: 1, discardedBytes: 9 });
    expect(window.view(10_500)).toMatchObject({
      asked: 3,
      answered: 2,
      echoSeen: true,
      damagedReplies: 0,
      discardedBytes: 0,
      turnaround: 30,
    });
    expect(window.view(60_000)).toMatchObject({ asked: 0, echoSeen: false, turnaround: null });
  });

  it('says that it only begins before the first try', () => {
    expect(alignmentAdvice(new AlignmentWindow().view(0))).toBe('Asking the meter for the first time.');
  });
});
