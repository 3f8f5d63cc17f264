import { describe, expect, it } from 'vitest';
import { Subscriptions } from '../../src/mqtt/subscriptions.ts';

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
