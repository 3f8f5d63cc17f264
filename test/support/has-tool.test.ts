import { expect, it } from 'vitest';
import { hasTool } from './has-tool.ts';

it('a program that is there is no reason to skip anything', () => {
  const said: string[] = [];
  expect(hasTool('node', (line) => said.push(line))).toBe(true);
  expect(said).toEqual([]);
});

it('tests that are skipped for want of a program say which one', () => {
  const said: string[] = [];
  expect(hasTool('mosquitto-of-another-world', (line) => said.push(line))).toBe(false);
  expect(said).toEqual([
    'SKIPPED: tests that need mosquitto-of-another-world, because it is not installed here\n',
  ]);
});
