import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/catalogue/families.ts';
import { explainSilence, NOTHING_SEEN } from '../../src/link/exchange.ts';
import { wholeSentences } from '../../src/meter/health.ts';

const NOTHING = NOTHING_SEEN;
const ECHO = { ...NOTHING_SEEN, bytes: 22, echoes: 1 };
const ADVICES = [undefined, ...Object.values(PROFILES).map(({ eye }) => eye.advice)];

describe('what Home Assistant has no room for', () => {
  it('leaves a short text as it is', () => {
    expect(wholeSentences('There is no such port; plug it in')).toBe('There is no such port; plug it in');
  });

  it('is left out from the end of a sentence, or of a part of it, on', () => {
    const long = `${'a'.repeat(200)}: do this; ${'b'.repeat(100)}.`;
    expect(wholeSentences(long)).toBe(`${'a'.repeat(200)}: do this.`);
    expect(wholeSentences(`What? ${'b'.repeat(300)}`)).toBe('What.');
  });

  it('is cut off where the text has no end', () => {
    expect(wholeSentences('c'.repeat(300))).toBe(`${'c'.repeat(254)}…`);
  });

  it.each(ADVICES)('leaves what was seen, and what to do first: %s', (advice) => {
    for (const [seen, first] of [
      [NOTHING, 'where the head sits.'],
      [ECHO, 'turn the head.'],
    ] as const) {
      const shown = wholeSentences(explainSilence(seen, advice));
      expect(shown.length).toBeLessThanOrEqual(255);
      expect(shown).toContain(first);
      // At least which eye it is about, and what wakes it.
      expect(shown.length).toBeGreaterThan(shown.indexOf(first) + first.length + 60);
    }
  });
});
