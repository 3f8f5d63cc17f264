import { expect, it } from 'vitest';
import { topicsBelow } from '../../src/mqtt/topics.ts';

it('names every topic below the base topic', () => {
  const topics = topicsBelow('/home/heat/');
  expect([
    topics.base,
    topics.bridgeState,
    topics.availability('123'),
    topics.state('123'),
    topics.diagnostics('123'),
    topics.read('123'),
  ]).toEqual([
    'home/heat',
    'home/heat/bridge/state',
    'home/heat/123/availability',
    'home/heat/123/state',
    'home/heat/123/diagnostics',
    'home/heat/123/read',
  ]);
});
