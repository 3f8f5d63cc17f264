import { expect, it } from 'vitest';
import { PROFILES } from '../../src/catalogue/families.ts';
import { explainSilence, NOTHING_SEEN } from '../../src/link/exchange.ts';

const NOTHING = NOTHING_SEEN;
const ECHO = { ...NOTHING_SEEN, bytes: 22, echoes: 1 };
const ADVICES = [undefined, ...Object.values(PROFILES).map(({ eye }) => eye.advice)];

it.each(ADVICES)('the first sentence of what is wrong fits into a state of Home Assistant: %s', (advice) => {
  for (const seen of [NOTHING, ECHO]) {
    const [first = ''] = explainSilence(seen, advice).split('. ');
    expect(first.length).toBeGreaterThan(10);
    expect(first.length).toBeLessThanOrEqual(255);
  }
});
