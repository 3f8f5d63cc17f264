import { expect, it } from 'vitest';
import { revisionOfEdition } from '../../src/meter/software-edition.ts';

it.each([
  ['14540201', 'B1', 'TD403 p. 68'],
  ['13570301', 'C1', 'TD403 p. 68'],
  ['53011401', 'N1', 'the 382J clone of mushorg/conpot'],
  ['1680701', 'G1', 'a leading zero of the program is lost'],
  ['0', null, 'never set'],
  ['14540001', null, 'no letter'],
  [undefined, null, 'no such register'],
])('%s is %s (%s)', (edition, revision, _source) => {
  expect(revisionOfEdition(edition)).toBe(revision);
});
