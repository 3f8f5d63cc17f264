import { expect, it } from 'vitest';
import { endsInOrder } from '../../src/cli/orderly-commands.ts';

it.each([
  [true, ''],
  [true, 'run'],
  [true, '--config bridge.json'],
  [true, '-c bridge.json'],
  [true, 'demo --cycles 1'],
  [true, 'simulate --tcp 0'],
  [true, 'align --port COM1'],
  [true, 'read --watch --port COM1'],
  [false, 'read --watch --help'],
  [false, 'read --port COM1'],
  [false, 'probe -p COM1'],
  [false, '--help'],
  [false, 'run --help'],
  [false, '--version'],
])('is %s for "%s"', (expected, words) => {
  expect(endsInOrder(words.split(' ').filter(Boolean))).toBe(expected);
});
