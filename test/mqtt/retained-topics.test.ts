import { describe, expect, it } from 'vitest';
import { RetainedTopics, type Send } from '../../src/mqtt/retained-topics.ts';

/** A broker that takes its time: nothing is confirmed before the test says so. */
function slowBroker(): { send: Send; sent: string[]; confirm(error?: unknown): void } {
  const sent: string[] = [];
  const waiting: ((error: unknown) => void)[] = [];
  return {
    sent,
    send: (topic, payload, done) => {
      sent.push(`${topic}=${payload}`);
      waiting.push(done);
    },
    confirm: (error) => waiting.shift()?.(error),
  };
}

describe('RetainedTopics', () => {
  it('has one message a topic on its way, and only the newest behind it', () => {
    const topics = new RetainedTopics();
    const broker = slowBroker();
    topics.opened(broker.send);
    for (const payload of ['1', '2', '3']) topics.set('a', payload);
    topics.set('b', '1');
    expect(broker.sent).toEqual(['a=1', 'b=1']);
    broker.confirm();
    expect(broker.sent).toEqual(['a=1', 'b=1', 'a=3']);
  });

  it('does not send what is the same again by the time the first is confirmed', () => {
    const topics = new RetainedTopics();
    const broker = slowBroker();
    topics.opened(broker.send);
    for (const payload of ['1', '2', '1']) topics.set('a', payload);
    broker.confirm();
    expect(broker.sent).toEqual(['a=1']);
  });

  it('is not delivered while somebody still has to find out what is to be sent', () => {
    const topics = new RetainedTopics();
    const broker = slowBroker();
    topics.opened(broker.send);
    const [first, second] = [topics.awaitMore(), topics.awaitMore()];
    let delivered = 0;
    topics.onceDelivered(() => delivered++);
    first();
    first();
    topics.set('a', '');
    second();
    expect(delivered).toBe(0);
    broker.confirm();
    expect(delivered).toBe(1);
  });

  it('remembers an empty payload until the broker has taken it', () => {
    const topics = new RetainedTopics();
    const [first, second, third] = [slowBroker(), slowBroker(), slowBroker()];
    topics.set('a', '');
    topics.opened(first.send);
    topics.closed();
    first.confirm();
    topics.opened(second.send);
    second.confirm();
    topics.closed();
    topics.opened(third.send);
    expect([first.sent, second.sent, third.sent]).toEqual([['a='], ['a='], []]);
  });

  it('sends what comes after an empty payload', () => {
    const topics = new RetainedTopics();
    const broker = slowBroker();
    topics.opened(broker.send);
    topics.set('a', '');
    topics.set('a', '1');
    broker.confirm();
    expect(broker.sent).toEqual(['a=', 'a=1']);
  });

  it('does not insist on what the broker refuses', () => {
    const topics = new RetainedTopics();
    const broker = slowBroker();
    topics.opened(broker.send);
    topics.set('a', '1');
    broker.confirm('not allowed');
    expect(broker.sent).toHaveLength(1);
  });
});
