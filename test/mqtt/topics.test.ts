import { describe, expect, it } from 'vitest';
import { Subscriptions } from '../../src/mqtt/subscriptions.ts';
import { topicsBelow } from '../../src/mqtt/topics.ts';

describe('topics', () => {
  it('names every topic below the base topic', () => {
    const topics = topicsBelow('/home/heat/');
    expect([
      topics.base,
      topics.bridgeState,
      topics.availability('123'),
      topics.state('123'),
      topics.diagnostics('123'),
      topics.read('123'),
      topics.log('123'),
      topics.logGet('123'),
    ]).toEqual([
      'home/heat',
      'home/heat/bridge/state',
      'home/heat/123/availability',
      'home/heat/123/state',
      'home/heat/123/diagnostics',
      'home/heat/123/read',
      'home/heat/123/log',
      'home/heat/123/log/get',
    ]);
  });
});

describe('subscriptions', () => {
  function heardBy(filters: readonly string[], topic: string): readonly string[] {
    const heard: string[] = [];
    const subscriptions = new Subscriptions();
    for (const filter of filters)
      subscriptions.add(filter, (payload, retained, of) =>
        heard.push(`${filter}: ${payload} ${retained} ${of}`),
      );
    subscriptions.deliver(topic, 'x', true, () => {});
    return heard;
  }

  describe('Subscriptions', () => {
    it.each([
      ['a/b', 'a/b'],
      ['a/+', 'a/b'],
      ['+/+', 'a/b'],
      ['a/+/c', 'a//c'],
      ['+/b/+/d', 'a/b/c/d'],
    ])('%s hears %s', (filter, topic) => {
      expect(heardBy([filter], topic)).toEqual([`${filter}: x true ${topic}`]);
    });

    it.each([
      ['a/+', 'a'],
      ['a/+', 'a/b/c'],
      ['a/+', 'b/b'],
      ['+', 'a/b'],
      ['a', 'a/b'],
      ['a+', 'ab'],
    ])('%s does not hear %s', (filter, topic) => {
      expect(heardBy([filter], topic)).toEqual([]);
    });

    it('each filter that fits hears a message', () => {
      expect(heardBy(['a/b', 'a/+', 'a/c'], 'a/b')).toEqual(['a/b: x true a/b', 'a/+: x true a/b']);
    });
  });
});
