import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Observer } from '../../mqtt/support/observer.ts';
import { eventually } from '../../support/eventually.ts';
import { FEW, FLOW_TEMPERATURE, METER } from '../support/meter-readings.ts';
import { BRIDGE_TOPIC, METER_TOPIC, PublishingHome, STATUS } from './support/publishing-home.ts';

let home: PublishingHome;

beforeEach(async () => {
  home = await new PublishingHome().start();
});

afterEach(() => home.stop());

describe('discovery that the broker holds', () => {
  async function known(): Promise<void> {
    await home.connected();
    home.publisher.meterIdentified(METER);
    await home.scanned();
    home.publisher.readingTaken(METER, [], FEW);
    await eventually(() => home.keySets().length === 1);
    await eventually(() => home.observer.latest(BRIDGE_TOPIC));
    await home.clock.advance(5_000);
  }

  it('is not sent again after a restart of the bridge', async () => {
    await known();
    await home.restart();
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, [], FEW);
    await home.connected();
    await home.clock.advance(10_000);
    await home.quiet();
    expect(home.observer.of(METER_TOPIC)).toHaveLength(1);
    expect(home.observer.of(BRIDGE_TOPIC)).toHaveLength(1);
  });

  it('is replaced when it is not ours', async () => {
    await home.observer.publish(METER_TOPIC, 'not even JSON', true);
    await home.observer.publish(BRIDGE_TOPIC, '{"components":{"odd":7}}', true);
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, [], FEW);
    await home.connected();
    await eventually(
      () => home.observer.of(METER_TOPIC).length === 2 && home.observer.of(BRIDGE_TOPIC).length === 2,
    );
  });

  it('is sent again when it was left out and is worth another try', async () => {
    await known();
    home.connection.refusals.worthATry('homeassistant/device/another/config');
    home.connection.refusals.worthATry(METER_TOPIC);
    await eventually(() => home.observer.of(METER_TOPIC).length === 2);
    await home.quiet();
    expect(home.observer.of(BRIDGE_TOPIC)).toHaveLength(1);
  });

  it('is compared again after what never came back to us', async () => {
    await known();
    home.broker.throwsAway.add(METER_TOPIC);
    home.connection.refusals.worthATry(METER_TOPIC);
    await home.quiet();
    home.broker.throwsAway.clear();
    await home.clock.advance(5_000);
    home.connection.refusals.worthATry(METER_TOPIC);
    await eventually(() => home.observer.of(METER_TOPIC).length === 2);
    await home.observer.publish(METER_TOPIC, '', true);
    await home.quiet();
    await home.observer.publish(STATUS, 'online');
    await home.quiet();
    await home.clock.advance(10_000);
    await eventually(() => home.observer.of(METER_TOPIC).length === 4);
  });

  it('is restored at the next connection when the broker has lost it', async () => {
    await known();
    await home.broker.goAway();
    await eventually(() => !home.connection.connected);
    await home.broker.comeBack();
    await eventually(() => home.connection.connected);
    await home.quiet();
    await home.clock.advance(1_000);
    const late = await Observer.connect(home.broker.url);
    await eventually(() => late.latest(METER_TOPIC) && late.latest(BRIDGE_TOPIC));
    await late.end();
  });

  it('is restored on Home Assistant’s birth when somebody deleted the device there', async () => {
    await known();
    await home.observer.publish(METER_TOPIC, '', true);
    home.publisher.readingTaken(METER, [], FEW);
    await home.clock.advance(60_000);
    await home.quiet();
    expect(home.keySets()).toHaveLength(2);
    await home.observer.publish(STATUS, 'online');
    await eventually(() => home.clock.pendingTimers === 1);
    await home.clock.advance(5_000);
    await eventually(() => home.keySets().length === 3);
    await home.quiet();
    expect(home.keySets()).toHaveLength(3);
    expect(home.observer.of(BRIDGE_TOPIC)).toHaveLength(1);
  });

  it('is followed on birth by all states, once and after a delay', async () => {
    await known();
    home.connection.publish('multical2mqtt/6655443/state', '{}');
    await home.observer.sees('multical2mqtt/6655443/state', '{}');
    await home.observer.publish(STATUS, 'offline');
    await home.observer.publish(STATUS, 'online');
    await home.observer.publish(STATUS, 'online');
    await home.quiet();
    expect(home.clock.pendingTimers).toBe(1);
    await home.clock.advance(4_999);
    await home.quiet();
    expect(home.observer.of('multical2mqtt/6655443/state')).toHaveLength(1);
    await home.clock.advance(1);
    await eventually(() => home.observer.of('multical2mqtt/6655443/state').length === 2);
    await home.clock.advance(60_000);
    await home.quiet();
    expect(home.observer.of('multical2mqtt/6655443/state')).toHaveLength(2);
    expect(home.observer.of(METER_TOPIC)).toHaveLength(1);
  });

  it('is not sent again for a birth message from before we came', async () => {
    await home.observer.publish(STATUS, 'online', true);
    await home.connected();
    await home.quiet();
    // Only the pause after the bridge's own payload.
    expect(home.clock.pendingTimers).toBe(1);
    await home.clock.advance(5_000);
    expect(home.clock.pendingTimers).toBe(0);
  });

  it('is emptied when the meter has left', async () => {
    await known();
    home.publisher.meterForgotten(METER.serialNumber);
    home.publisher.meterForgotten('1111111');
    await eventually(() => home.observer.of(METER_TOPIC).at(-1) === '');
    home.publisher.readingTaken(METER, [], [FLOW_TEMPERATURE]);
    await home.clock.advance(60_000);
    await home.quiet();
    expect(home.keySets()).toHaveLength(2);
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, [], FEW);
    await home.quiet();
    await home.clock.advance(1_000);
    await eventually(() => home.keySets().length === 3);
  });
});

describe('a meter that another bridge announces, below another base topic', () => {
  const told = /warn Meter 6655443 is read by another bridge too, which is online at other\/bridge\/state/;

  async function announcedAt(topic: string, payload: string): Promise<void> {
    await home.observer.publish(METER_TOPIC, JSON.stringify({ availability: [{ topic }] }), true);
    await home.observer.publish('other/bridge/state', payload, true);
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, [], FEW);
    await home.connected();
    await home.quiet();
    await home.clock.advance(1_000);
  }

  it('is told of as long as that bridge is alive, and once', async () => {
    await announcedAt('other/bridge/state', 'online');
    expect(home.logger.matching(told)).toHaveLength(1);
    expect(home.observer.latest(METER_TOPIC)).toContain('multical2mqtt/bridge/state');
  });

  it('is ours alone where we have moved from there, or that bridge is gone', async () => {
    await announcedAt('other/bridge/state', 'offline');
    expect(home.logger.said('warn')).toEqual([]);
  });

  it.each([
    '#',
    'other/+/state',
    'somebody/else',
    'multical2mqtt/bridge/0123abcd/state',
  ])('is not looked for at %s', async (topic) => {
    await announcedAt(topic, 'online');
    expect(home.logger.said('warn')).toEqual([]);
  });
});
