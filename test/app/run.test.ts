import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { exampleAdvice, isExample } from '../../src/app/run.ts';

it('the port of config.json as it comes is named as what it is', () => {
  const { meters } = JSON.parse(readFileSync(new URL('../../config.json', import.meta.url), 'utf8'));
  expect(isExample(meters[0].port)).toBe(true);
  expect(exampleAdvice(meters[0].port)).toMatch(/only the example.*multical2mqtt ports/);
  expect(isExample('/dev/ttyUSB0')).toBe(false);
});
