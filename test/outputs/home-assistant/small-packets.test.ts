import { afterEach, describe, expect, it } from 'vitest';
import { hasMosquitto, Mosquitto } from '../../mqtt/support/mosquitto.ts';
import { eventually } from '../../support/eventually.ts';
import { FEW, METER, reading } from '../support/meter-readings.ts';
import { METER_TOPIC, PublishingHome } from './support/publishing-home.ts';
import { WatchedEntities } from './support/watched-entities.ts';

const ENERGY = 'homeassistant/sensor/multical2mqtt_6655443/heat_energy/config';
/** With these a meter has more than ten thousand bytes. */
const MANY = [
  ...FEW,
  ...[61, 62, 63, 72, 74, 80, 84, 85, 87, 89, 97, 110].map((id) => reading({ id, unit: 51, integer: 1n })),
];

let mosquitto: Mosquitto;
let home: PublishingHome;
let watched: WatchedEntities;

async function startAt(limit: string, protocolVersion: 4 | 5): Promise<void> {
  mosquitto = new Mosquitto();
  mosquitto.settings.push(limit);
  await mosquitto.start();
  home = await new PublishingHome(mosquitto, protocolVersion).start();
  watched = new WatchedEntities(home);
}

const refusedBytes = () => JSON.parse(home.observer.latest(ENERGY) ?? '{}').refused_bytes;
const why = () => home.logger.said('info').filter((line) => line.includes('entity by entity'));
const announcedNow = () => new Set(watched.heard().owners.values());

/** The broker may end the connection on the way; at the next one it is looked anew at what it holds. */
async function untilRefused(): Promise<void> {
  await eventually(async () => {
    await home.clock.advance(1_000);
    return home.connection.connected && refusedBytes() !== undefined;
  });
  await home.settled();
}

describe.skipIf(!hasMosquitto())('a device that the broker does not take in one message', () => {
  afterEach(async () => {
    await home.stop();
    await mosquitto.remove();
  });

  it('is announced entity by entity at once, where the broker says what it takes', async () => {
    await startAt('max_packet_size 6000', 5);
    await home.run('device');
    await home.settled();
    expect(watched.bursts()).toEqual(['components announced']);
    watched.expectMoved('component');
    expect(home.logger.said('warn')).toEqual([]);
    expect(home.connection.state.problem).toBeUndefined();
    expect(why()).toEqual([
      expect.stringMatching(/^Fjernvarme Kælder .* takes at most 6000 bytes .* are \d{4}\./),
    ]);
    expect(refusedBytes()).toBeUndefined();
    await home.run('device');
    await home.settled();
    expect(watched.bursts()).toEqual(['components announced']);
  });

  it('is so from the moment on when it has become too long, and back when it is short again in another run', async () => {
    await startAt('max_packet_size 10000', 5);
    await home.run('device');
    await home.settled();
    watched.expectMoved('device');
    home.publisher.readingTaken(METER, [], MANY);
    await home.settled();
    expect(watched.heard().lost).toEqual([]);
    expect(announcedNow()).not.toContain(METER_TOPIC);
    expect(announcedNow().size).toBe(watched.keys.length + MANY.length - FEW.length);
    home.publisher.readingTaken(METER, [], FEW);
    await home.settled();
    expect(announcedNow()).not.toContain(METER_TOPIC);
    await home.run('device', FEW);
    await home.settled();
    expect([...announcedNow()]).toEqual([METER_TOPIC]);
  });

  it('that refuses it is asked once, and in later runs not at all', async () => {
    await startAt('message_size_limit 6000', 5);
    await refusedOnce();
  });

  it('that ends the connection over it neither', async () => {
    await startAt('max_packet_size 6000', 4);
    await refusedOnce();
  });

  async function refusedOnce(): Promise<void> {
    await home.run('device');
    await untilRefused();
    watched.expectMoved('component');
    expect(home.observer.of(METER_TOPIC)).toEqual([]);
    expect(home.connection.refusals.problem).toBeUndefined();
    expect(refusedBytes()).toBeGreaterThan(6_000);
    const published = home.ofMeter().length;
    await home.run('device');
    await home.settled();
    expect(home.ofMeter()).toHaveLength(published);
    expect(why()).toEqual([
      expect.stringMatching(/did not take \d{4} bytes in one message in an earlier run/),
    ]);
    expect(home.logger.said('warn')).toEqual([]);
  }

  it('keeps its entities where they were single ones before, and is tried again once the user wanted these', async () => {
    await startAt('message_size_limit 6000', 5);
    await home.run('component');
    await home.settled();
    await home.run('device');
    await untilRefused();
    watched.expectMoved('component');
    expect(refusedBytes()).toBeGreaterThan(6_000);
    await home.run('component');
    await home.settled();
    watched.expectMoved('component');
    expect(refusedBytes()).toBeUndefined();
  });
});
