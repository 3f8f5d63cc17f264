import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Observer } from '../../mqtt/support/observer.ts';
import { TestBroker } from '../../mqtt/support/test-broker.ts';
import { eventually } from '../../support/eventually.ts';
import { METER } from '../support/meter-readings.ts';
import { SharingBridge } from './support/sharing-bridge.ts';

const STATE = 'base/bridge/state';

let broker: TestBroker;
let observer: Observer;
let bridges: SharingBridge[];

beforeEach(async () => {
  broker = await new TestBroker().start();
  observer = await Observer.connect(broker.url);
  bridges = [];
});

afterEach(async () => {
  for (const bridge of bridges) await bridge.stop();
  await observer.end();
  await broker.stop();
});

/** `guest`: what it was in the run before. */
function sharing(clientId: string, guest?: string): SharingBridge {
  const bridge = new SharingBridge({ broker, observer }, clientId, guest);
  bridges.push(bridge);
  return bridge;
}

async function owner(clientId: string): Promise<SharingBridge> {
  const bridge = await sharing(clientId).start();
  return bridge.settled();
}

it('a bridge that is alone speaks for all', async () => {
  const alone = await sharing('a').start();
  await alone.clock.advance(899);
  expect(alone.owned).toEqual([]);
  await alone.clock.advance(1);
  expect(alone.owned).toEqual([true]);
  expect(alone.neighbours.problem).toBeUndefined();
  expect(observer.latest(STATE)).toBe('online');
  await alone.quiet();
  expect(
    observer.messages.filter(({ topic }) => topic.startsWith('base/')).map(({ topic }) => topic),
  ).toEqual([STATE, 'base/bridge/hello']);
});

describe.each([
  ['a', 'b'],
  ['b', 'a'],
])('of two bridges, %s before %s', (one, two) => {
  let first: SharingBridge;
  let second: SharingBridge;

  beforeEach(async () => {
    first = await owner(one);
    second = await sharing(two).start();
    await eventually(() => second.owned.length > 0);
    await second.settled();
  });

  it('the second speaks at a topic of its own, and tells what to do about it', async () => {
    expect([first.owned, second.owned]).toEqual([[true], [false]]);
    expect(second.state).toMatch(/^base\/bridge\/[0-9a-f]{8}\/state$/);
    expect(second.guest).toBe(second.place.guest);
    await observer.sees(second.state, 'online');
    expect(observer.latest(STATE)).toBe('online');
    expect(second.neighbours.problem).toMatch(
      /on the machine of [ab], uses .* base too.* mqtt\.baseTopic, such as base-2/,
    );
    expect(second.logger.said('warn')).toEqual([second.neighbours.problem]);
    expect(first.logger.said('warn')).toEqual([]);
  });

  it('each dies by itself', async () => {
    second.proxy.cut();
    await observer.sees(second.state, 'offline');
    await first.quiet();
    expect(observer.latest(STATE)).toBe('online');
    second.proxy.mend();
    await observer.sees(second.state, 'online');
    first.proxy.cut();
    await observer.sees(STATE, 'offline');
    await second.quiet();
    expect(observer.latest(STATE)).toBe('offline');
    expect(observer.latest(second.state)).toBe('online');
    first.proxy.mend();
    await observer.sees(STATE, 'online');
    await first.quiet();
    expect([first.owned, second.owned]).toEqual([[true], [false]]);
  });

  it('each stops by itself', async () => {
    await second.connection.stop();
    await observer.sees(second.state, 'offline');
    await first.quiet();
    expect(observer.latest(STATE)).toBe('online');
    await first.connection.stop();
    await observer.sees(STATE, 'offline');
  });

  it('a new one speaks for all when the first is gone, whatever it left', async () => {
    first.proxy.cut();
    await observer.sees(STATE, 'offline');
    const third = await owner('c');
    expect(third.owned).toEqual([true]);
    expect(third.logger.said('warn')).toEqual([]);
    // The first comes back, and finds its place taken.
    first.proxy.mend();
    await eventually(() => first.owned.length + third.owned.length > 2);
    await first.quiet();
    await third.quiet();
    expect([first, third].filter(({ owned }) => owned.at(-1))).toHaveLength(1);
    for (const bridge of [first, third]) await observer.sees(bridge.state, 'online');
  });
});

it('of two that come at the same moment one gives way', async () => {
  const both = [sharing('a'), sharing('b')] as const;
  await Promise.all(both.map((bridge) => bridge.start()));
  await eventually(() => both[1].owned.length > 0);
  for (const bridge of both) await bridge.settled();
  expect(both.map(({ owned }) => owned)).toEqual([[true], [false]]);
});

it('of two that both think to be alone one gives way', async () => {
  const first = await owner('a');
  first.proxy.cut();
  await eventually(() => !first.connection.connected);
  const second = await owner('b');
  first.proxy.mend();
  await eventually(() => second.owned.length > 1);
  expect([first.owned, second.owned]).toEqual([[true], [true, false]]);
  await observer.sees(second.state, 'online');
});

describe('who was a guest', () => {
  const NAME = '12345678';
  const OWN = `base/bridge/${NAME}/state`;

  it('is one again, from the first word on', async () => {
    await owner('a');
    const said = observer.of(STATE).length;
    const second = await sharing('b', NAME).start();
    await eventually(() => second.owned.length > 0);
    await second.settled();
    expect(second.owned).toEqual([false]);
    expect(observer.of(STATE)).toHaveLength(said);
    expect(observer.latest(OWN)).toBe('online');
  });

  it('speaks for all when the other has taken leave, and leaves nothing behind', async () => {
    await observer.publish(STATE, 'offline', true);
    await observer.publish('base/111/availability', 'offline', true);
    await observer.publish('base/222/availability', 'online', true);
    const second = await sharing('b', NAME).start(['222']);
    await observer.sees(OWN, 'online');
    await second.settled();
    await eventually(() => second.owned.length > 0);
    expect(second.owned).toEqual([true]);
    expect(second.guest).toBeUndefined();
    await observer.sees(STATE, 'online');
    await eventually(() => observer.of(OWN).at(-1) === '');
    expect(second.logger.matching(/info No other bridge uses the topics below base any more/)).toHaveLength(
      1,
    );
  });

  it('does not bring to life the meters of another that is gone without a word', async () => {
    await observer.publish(STATE, 'offline', true);
    await observer.publish('base/111/availability', 'online', true);
    const second = await sharing('b', NAME).start(['222']);
    await second.settled();
    expect(second.owned).toEqual([]);
    expect(observer.latest(STATE)).toBe('offline');
    expect(second.logger.said('info').join()).toMatch(/gone without a word: meter 111/);
    // Nor does it object when the other comes back.
    const first = await owner('a');
    expect(first.owned).toEqual([true]);
  });
});

describe('a meter that two bridges read', () => {
  it('is told by both, once', async () => {
    const first = await owner('a');
    first.neighbours.availabilityChanged(METER, true);
    const second = await sharing('b').start();
    await eventually(() => second.owned.length > 0);
    await second.quiet();
    for (let reading = 0; reading < 2; reading++) {
      second.neighbours.availabilityChanged(METER, true);
      await second.clock.advance(2_000);
      await second.quiet();
    }
    const told = /Meter 6655443 is read by another bridge too, on the machine of/;
    await eventually(() => first.logger.matching(told).length > 0 && second.logger.matching(told).length > 0);
    expect([first, second].map(({ logger }) => logger.matching(told).length)).toEqual([1, 1]);
  });

  it('fills no log, however many say that they read it', async () => {
    const first = await owner('a');
    first.neighbours.availabilityChanged(METER, true);
    for (let each = 0; each < 30; each++) {
      const hello = {
        bridge: `b${each}`,
        host: 'there',
        role: 'guest',
        meters: [METER.serialNumber],
        answer: true,
      };
      await observer.publish('base/bridge/hello', JSON.stringify(hello));
    }
    await first.quiet();
    await eventually(() => first.logger.matching(/is read by another bridge too/).length >= 10);
    await first.quiet();
    expect(first.logger.said('warn')).toHaveLength(10);
  });

  it('is not told of one that was read and is read no more', async () => {
    const first = await owner('a');
    first.neighbours.availabilityChanged(METER, true);
    first.neighbours.availabilityChanged(METER, false);
    const second = await sharing('b').start();
    await eventually(() => second.owned.length > 0);
    second.neighbours.availabilityChanged(METER, true);
    await second.settled();
    await second.settled();
    await second.quiet();
    expect(second.logger.matching(/Meter 6655443/)).toEqual([]);
    second.neighbours.meterForgotten(METER.serialNumber);
  });
});

it.each([
  'no JSON',
  '{"bridge":7,"role":"owner"}',
  '{"bridge":"x","role":"king"}',
])('what else is said there counts for nothing: %s', async (text) => {
  await observer.publish('base/bridge/hello', '{"bridge":"a","role":"owner"}', true);
  const bridge = await sharing('b').start();
  await observer.publish('base/bridge/hello', text);
  await bridge.quiet();
  await bridge.settled();
  expect(bridge.owned).toEqual([true]);
});
