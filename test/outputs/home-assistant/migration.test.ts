import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscoveryForm } from '../../../src/outputs/home-assistant/discovery.ts';
import { hasMosquitto, Mosquitto } from '../../mqtt/support/mosquitto.ts';
import { eventually } from '../../support/eventually.ts';
import { HEAT_ENERGY, METER, PEAK_DATE } from '../support/meter-readings.ts';
import { DiscoveredEntities } from './support/discovered-entities.ts';
import { METER_TOPIC, PublishingHome, STATUS } from './support/publishing-home.ts';
import { WatchedEntities } from './support/watched-entities.ts';

const OTHER: Readonly<Record<DiscoveryForm, DiscoveryForm>> = { device: 'component', component: 'device' };
/** What follows what, when the broker holds the other form: the last two in one burst. */
const STEPS: Readonly<Record<DiscoveryForm, readonly string[]>> = {
  component: ['device let go', 'device emptied', 'components announced'],
  device: ['components let go', 'components emptied', 'device announced'],
};

let home: PublishingHome;
let watched: WatchedEntities;

afterEach(() => home.stop());

describe.each<DiscoveryForm>(['component', 'device'])('from the other form to %s', (form) => {
  beforeEach(async () => {
    home = await new PublishingHome().start();
    watched = new WatchedEntities(home);
  });

  async function announcedBefore(): Promise<number> {
    await home.run(OTHER[form]);
    await home.settled();
    watched.expectMoved(OTHER[form]);
    return home.ofMeter().length;
  }

  it('goes by the steps of Home Assistant, five seconds apart', async () => {
    const from = await announcedBefore();
    await home.run(form);
    for (const done of [1, 3]) {
      expect(watched.bursts(from)).toEqual(STEPS[form].slice(0, done));
      await home.clock.advance(4_900);
      await home.quiet();
      expect(watched.bursts(from)).toEqual(STEPS[form].slice(0, done));
      await home.clock.advance(100);
      await home.quiet();
    }
    await home.settled();
    expect(watched.bursts(from)).toEqual(STEPS[form]);
    watched.expectMoved(form);
  });

  it.each([1, 2])('goes on where a run ended after step %i', async (done) => {
    await announcedBefore();
    await home.run(form);
    for (let step = 1; step < done; step++) await home.nextBurst();
    const from = home.ofMeter().length;
    await home.run(form);
    await home.settled();
    expect(watched.bursts(from)).toEqual([[], STEPS[form].slice(1), []][done]);
    watched.expectMoved(form);
  });

  it.each([1, 2])('goes back where the wish changed after step %i', async (done) => {
    await announcedBefore();
    await home.run(form);
    for (let step = 1; step < done; step++) await home.nextBurst();
    await home.run(OTHER[form]);
    await home.settled();
    watched.expectMoved(OTHER[form]);
  });

  it.each([1, 2])('goes on where the connection was lost after step %i', async (done) => {
    await announcedBefore();
    await home.run(form);
    for (let step = 1; step < done; step++) await home.nextBurst();
    const handedOut = home.handedOut();
    home.broker.cutAll();
    await eventually(() => !home.connection.connected);
    await handedOut;
    // The observer was cut off too, and hears once more what the broker holds.
    await home.quiet();
    await home.clock.advance(1_000);
    await home.settled();
    watched.expectMoved(form);
  });

  it('moves on the remains of the other form, though the wanted one is there', async () => {
    await announcedBefore();
    const remains = home.ofMeter().slice();
    await home.run(form);
    await home.settled();
    await home.connection.stop();
    const wanted = home
      .ofMeter()
      .slice(-1 - watched.keys.length)
      .filter(({ topic, payload }) => payload !== '' && (topic === METER_TOPIC) === (form === 'device'));
    const from = home.ofMeter().length + remains.length;
    for (const { topic, payload } of remains) await home.observer.publish(topic, payload, true);
    await eventually(() => home.ofMeter().length === from);
    await home.run(form);
    await home.settled();
    expect(watched.bursts(from)).toEqual(STEPS[form]);
    watched.expectMoved(form);
    // Started meanwhile, Home Assistant may have heard the remains first, and ignored the wanted form.
    const restarted = new DiscoveredEntities();
    for (const { topic, payload } of [...remains, ...wanted, ...home.ofMeter().slice(from)])
      restarted.hear(topic, payload);
    expect(restarted.lost).toEqual([]);
    expect([...restarted.owners].sort()).toEqual([...watched.heard().owners].sort());
  });

  it('is silent from then on', async () => {
    await announcedBefore();
    await home.run(form);
    await home.settled();
    const from = home.ofMeter().length;
    await home.run(form);
    await home.settled();
    await home.observer.publish(STATUS, 'online');
    await eventually(() => home.clock.pendingTimers === 1);
    await home.clock.advance(10_000);
    await home.settled();
    expect(watched.bursts(from)).toEqual([]);
  });

  it('takes back on the way what is not wanted any more', async () => {
    await home.run(OTHER[form], [HEAT_ENERGY, PEAK_DATE]);
    await home.settled();
    await home.run(form, [HEAT_ENERGY]);
    await home.settled();
    const { owners, lost, released } = watched.heard();
    expect(lost).toEqual(['max_power_year_date']);
    expect([...released]).toEqual([]);
    expect(owners.has('heat_energy')).toBe(true);
  });
});

describe.skipIf(!hasMosquitto())('at a real Mosquitto', () => {
  it('goes there and back', async () => {
    const mosquitto = await new Mosquitto().start();
    home = await new PublishingHome(mosquitto).start();
    watched = new WatchedEntities(home);
    for (const form of ['device', 'component', 'device'] as const) {
      const from = home.ofMeter().length;
      await home.run(form);
      await home.settled();
      expect(watched.bursts(from)).toEqual(from === 0 ? ['device announced'] : STEPS[form]);
      watched.expectMoved(form);
    }
    await home.connection.stop();
    await home.observer.end();
    await mosquitto.remove();
  });
});

describe.each<DiscoveryForm>(['component', 'device'])('with the memory lost, to %s', (form) => {
  it('takes along what is not read yet, and removes it when the meter is known to lack it', async () => {
    home = await new PublishingHome().start();
    watched = new WatchedEntities(home);
    await home.run(OTHER[form]);
    await home.settled();
    await home.run(form, [HEAT_ENERGY], 'anything');
    await home.settled();
    watched.expectMoved(form);
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY], new Set(['volume']));
    await home.settled();
    const { owners, lost } = watched.heard();
    expect(lost.sort()).toEqual(['flow_temperature', 'max_power_year_date']);
    expect([...owners.keys()]).toContain('volume');
  });
});
