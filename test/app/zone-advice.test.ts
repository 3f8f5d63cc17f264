import { expect, it } from 'vitest';
import { zoneAdvice } from '../../src/app/run.ts';
import type { Config } from '../../src/config/keys.ts';

const config = (timezone: string, ofLog = timezone) =>
  ({ meters: [{ timezone }], log: { timezone: ofLog } }) as unknown as Config;

it.each([
  ['a container without TZ', config(''), undefined, 'UTC', true],
  ['one whose log alone has a zone', config('', 'Europe/Berlin'), undefined, 'Etc/UTC', true],
  ['who says that UTC is meant', config(''), 'UTC', 'UTC', false],
  ['a machine with a zone', config(''), undefined, 'Europe/Berlin', false],
  ['a configuration that has all zones', config('Europe/Berlin'), undefined, 'UTC', false],
])('%s', (_, settings, told, system, isTold) => {
  expect(zoneAdvice(settings, told, system) !== undefined).toBe(isTold);
});
