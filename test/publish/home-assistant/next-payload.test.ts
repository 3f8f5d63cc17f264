import { expect, it } from 'vitest';
import type { DeviceDiscovery } from '../../../src/publish/home-assistant/device-discovery.ts';
import { nextPayload } from '../../../src/publish/home-assistant/next-payload.ts';

const WANTED: DeviceDiscovery = {
  device: { identifiers: ['x'], name: 'x', manufacturer: 'x' },
  origin: { name: 'x', sw_version: '1' },
  components: {},
};

it.each([
  ['a platform that is no text', '{"components":{"x":{"a":1,"platform":[[1]]}}}'],
  ['a very deep one', `{"components":{"x":{"a":1,"platform":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}`],
  ['components that are no objects', '{"components":{"x":7}}'],
  ['no JSON', '{'],
])('whatever the broker holds, such as %s, ours is published', (_, held) => {
  expect(nextPayload(held, WANTED)).toBe(JSON.stringify(WANTED));
});
