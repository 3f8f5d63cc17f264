import { expect, it } from 'vitest';
import { paintFor } from '../../src/shared/paint.ts';

const TERMINAL = { isTTY: true };
const PIPE = {};

it.each([
  ['a terminal', TERMINAL, {}, true],
  ['a pipe or a file', PIPE, {}, false],
  ['a terminal of somebody who wants none', TERMINAL, { NO_COLOR: '1' }, false],
  ['NO_COLOR without a value, which says nothing', TERMINAL, { NO_COLOR: '' }, true],
  ["Node's own word for it", TERMINAL, { NODE_DISABLE_COLORS: '1' }, false],
  ['a terminal that has none', TERMINAL, { TERM: 'dumb' }, false],
  ['a pipe to something that shows them', PIPE, { FORCE_COLOR: '1', TERM: 'dumb', NO_COLOR: '1' }, true],
  ['a terminal that is forced to have none', TERMINAL, { FORCE_COLOR: '0' }, false],
])('%s', (_, stream, environment, has) => {
  expect(paintFor(stream, environment)('red', 'no')).toBe(has ? '\x1b[31mno\x1b[39m' : 'no');
});
