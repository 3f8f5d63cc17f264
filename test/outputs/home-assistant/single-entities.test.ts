import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscoveryForm } from '../../../src/outputs/home-assistant/discovery.ts';
import { Observer } from '../../mqtt/support/observer.ts';
import { eventually } from '../../support/eventually.ts';
import { FEW, HEAT_ENERGY, METER, PEAK_DATE } from '../support/meter-readings.ts';
import { METER_TOPIC, PublishingHome, STATUS } from './support/publishing-home.ts';
import { WatchedEntities } from './support/watched-entities.ts';

let home: PublishingHome;
let watched: WatchedEntities;

afterEach(() => home.stop());

describe('the single form', () => {
  const PEAK = 'homeassistant/sensor/multical2mqtt_6655443/max_power_year_date/config';
  const USERS = 'homeassistant/sensor/multical2mqtt_6655443/of_the_user/config';

  beforeEach(async () => {
    home = await new PublishingHome().start();
    watched = new WatchedEntities(home);
  });

  it('is published where there was nothing, once', async () => {
    await home.run('component');
    await home.settled();
    expect(watched.bursts()).toEqual(['components announced']);
    watched.expectMoved('component');
    const late = await Observer.connect(home.broker.url);
    await eventually(() =>
      late.latest('homeassistant/binary_sensor/multical2mqtt_bridge/connectivity/config'),
    );
    await late.end();
  });

  it('takes back a quantity that is gone, and restores one that was deleted', async () => {
    await home.run('component', [HEAT_ENERGY, PEAK_DATE]);
    await home.settled();
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    await home.settled();
    expect(home.observer.of(PEAK).at(-1)).toBe('');
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    await home.settled();
    await home.observer.publish(PEAK, '', true);
    await home.quiet();
    await home.observer.publish(STATUS, 'online');
    await eventually(() => home.clock.pendingTimers === 1);
    const from = home.ofMeter().length;
    await home.clock.advance(5_000);
    await home.settled();
    expect(
      home
        .ofMeter()
        .slice(from)
        .map(({ topic }) => topic),
    ).toEqual([PEAK]);
    expect(home.observer.latest(PEAK)).toContain('multical2mqtt_6655443_max_power_year_date');
  });

  it.each<DiscoveryForm>([
    'component',
    'device',
  ])('leaves what a user hung on the device (%s)', async (form) => {
    await home.run('component');
    await home.settled();
    await home.observer.publish(USERS, '{"name":"Mine","origin":{"name":"me"}}', true);
    await home.run(form);
    await home.settled();
    home.publisher.meterForgotten(METER.serialNumber);
    await home.settled();
    expect(home.observer.of(USERS)).toHaveLength(1);
  });

  it.each<DiscoveryForm>([
    'component',
    'device',
  ])('is taken back with the meter, by a bridge that says %s', async (form) => {
    await home.run('component');
    await home.settled();
    home.form = form;
    await home.restart();
    await home.connected();
    const from = home.ofMeter().length;
    home.publisher.meterForgotten(METER.serialNumber);
    let takenBack = false;
    home.publisher.onceTakenBack(METER.serialNumber, () => {
      takenBack = true;
    });
    let delivered = false;
    home.connection.onceDelivered(() => {
      delivered = true;
    });
    await eventually(() => watched.heard().owners.size === 0);
    // There might be more to take back.
    expect([takenBack, delivered]).toEqual([false, false]);
    await home.clock.advance(1_000);
    await eventually(() => takenBack && delivered);
    // Home Assistant complains of each entity where the topic of the whole device is emptied though it held nothing.
    expect(home.observer.of(METER_TOPIC)).toEqual([]);
    expect(watched.bursts(from)).toEqual(['components emptied']);
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, [], FEW);
    await home.clock.advance(1_000);
    await home.settled();
    await eventually(() => watched.heard().owners.size === watched.keys.length);
  });

  it('is left for the next run to take back, where this one ends before all was found', async () => {
    await home.run('component');
    await home.settled();
    home.publisher.meterForgotten(METER.serialNumber);
    let delivered = false;
    home.connection.onceDelivered(() => {
      delivered = true;
    });
    home.publisher.stop();
    await home.quiet();
    expect(delivered).toBe(false);
  });

  it('comes back with a meter that comes back while it is taken away', async () => {
    await home.run('component');
    await home.settled();
    home.publisher.meterForgotten(METER.serialNumber);
    home.publisher.meterForgotten(METER.serialNumber);
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, [], FEW);
    let delivered = false;
    home.connection.onceDelivered(() => {
      delivered = true;
    });
    await home.quiet();
    await home.clock.advance(1_000);
    await home.settled();
    await eventually(() => delivered);
    const held = new Map(home.ofMeter().map(({ topic, payload }) => [topic, payload]));
    expect([...held.values()].filter((payload) => payload !== '')).toHaveLength(watched.keys.length);
  });
});
