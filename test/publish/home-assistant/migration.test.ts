import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import type { DiscoveryForm } from '../../../src/publish/home-assistant/discovery-form.ts';
import { meterDiscovery } from '../../../src/publish/home-assistant/meter-discovery.ts';
import { hasMosquitto, Mosquitto } from '../../mqtt/support/mosquitto.ts';
import { Observer } from '../../mqtt/support/observer.ts';
import { eventually } from '../../support/eventually.ts';
import { FEW, HEAT_ENERGY, METER, PEAK_DATE } from '../support/meter-readings.ts';
import { DiscoveredEntities } from './support/discovered-entities.ts';
import { METER_TOPIC, PublishingHome, STATUS } from './support/publishing-home.ts';

const MARKER = '{"migrate_discovery":true}';
const KEYS = Object.keys(
  meterDiscovery(METER, FEW, topicsBelow('multical2mqtt'), { name: 'x', sw_version: '1' }).components,
);
const OTHER: Readonly<Record<DiscoveryForm, DiscoveryForm>> = { device: 'component', component: 'device' };
/** Which burst follows which, when the broker holds the other form. */
const STEPS: Readonly<Record<DiscoveryForm, readonly string[]>> = {
  component: ['device let go', 'components announced', 'device emptied'],
  device: ['components let go', 'device announced', 'components emptied'],
};

let home: PublishingHome;

afterEach(() => home.stop());

/** The bursts from the message `from` on; a burst of the single form has to have every entity of the meter. */
function bursts(from = 0): readonly string[] {
  const texts = home
    .ofMeter()
    .slice(from)
    .map(({ topic, payload }) => {
      const what = { '': 'emptied', [MARKER]: 'let go' }[payload] ?? 'announced';
      return `${topic === METER_TOPIC ? 'device' : 'components'} ${what}`;
    });
  const starts = texts.flatMap((text, at) => (text === texts[at - 1] ? [] : [at]));
  return starts.map((start, index) => {
    const length = (starts[index + 1] ?? texts.length) - start;
    const whole = texts[start]?.startsWith('device') ? 1 : KEYS.length;
    return length === whole ? `${texts[start]}` : `${texts[start]}: ${length} of ${whole}`;
  });
}

/** What Home Assistant has, if it heard everything so far. */
function entities(): DiscoveredEntities {
  const heard = new DiscoveredEntities();
  for (const { topic, payload } of home.ofMeter()) heard.hear(topic, payload);
  return heard;
}

/** All entities belong to the wanted form, none was lost on the way, and the broker holds nothing else. */
async function expectMoved(form: DiscoveryForm): Promise<void> {
  const { owners, lost } = entities();
  expect(lost).toEqual([]);
  expect([...owners.keys()].sort()).toEqual([...KEYS].sort());
  for (const owner of owners.values()) expect(owner === METER_TOPIC).toBe(form === 'device');
  const held = new Map(home.ofMeter().map(({ topic, payload }) => [topic, payload]));
  const left = [...held].filter(([, payload]) => payload !== '').map(([topic]) => topic);
  expect(left.sort()).toEqual([...new Set(owners.values())].sort());
}

describe.each<DiscoveryForm>(['component', 'device'])('from the other form to %s', (form) => {
  beforeEach(async () => {
    home = await new PublishingHome().start();
  });

  async function announcedBefore(): Promise<number> {
    await home.run(OTHER[form]);
    await home.settled();
    await expectMoved(OTHER[form]);
    return home.ofMeter().length;
  }

  it('goes by the steps of Home Assistant, five seconds apart', async () => {
    const from = await announcedBefore();
    await home.run(form);
    for (let done = 1; done <= 3; done++) {
      expect(bursts(from)).toEqual(STEPS[form].slice(0, done));
      await home.clock.advance(4_900);
      await home.quiet();
      expect(bursts(from)).toEqual(STEPS[form].slice(0, done));
      await home.clock.advance(100);
      await home.quiet();
    }
    await home.settled();
    expect(bursts(from)).toEqual(STEPS[form]);
    await expectMoved(form);
  });

  it.each([1, 2, 3])('goes on where a run ended after step %i', async (done) => {
    await announcedBefore();
    await home.run(form);
    for (let step = 1; step < done; step++) await home.nextBurst();
    const from = home.ofMeter().length;
    await home.run(form);
    await home.settled();
    // Whether the wanted form was announced before or after the other one let go, nobody can tell any more.
    expect(bursts(from)).toEqual([[], STEPS[form].slice(1), STEPS[form].slice(1), []][done]);
    await expectMoved(form);
  });

  it.each([1, 2, 3])('goes back where the wish changed after step %i', async (done) => {
    await announcedBefore();
    await home.run(form);
    for (let step = 1; step < done; step++) await home.nextBurst();
    await home.run(OTHER[form]);
    await home.settled();
    await expectMoved(OTHER[form]);
  });

  it.each([1, 2])('goes on where the connection was lost after step %i', async (done) => {
    await announcedBefore();
    await home.run(form);
    for (let step = 1; step < done; step++) await home.nextBurst();
    const from = home.ofMeter().length;
    const handedOut = home.handedOut();
    home.broker.cutAll();
    await eventually(() => !home.connection.connected);
    await handedOut;
    // The observer was cut off too, and hears once more what the broker holds.
    await home.quiet();
    await home.clock.advance(1_000);
    await home.settled();
    const sent = home
      .ofMeter()
      .slice(from)
      .filter(({ retained }) => !retained);
    expect(sent.at(-1)?.payload).toBe('');
    await expectMoved(form);
  });

  it('moves on the remains of the other form, though the wanted one is there', async () => {
    await announcedBefore();
    const remains = home.ofMeter().slice();
    await home.run(form);
    await home.settled();
    await home.connection.stop();
    const from = home.ofMeter().length + remains.length;
    for (const { topic, payload } of remains) await home.observer.publish(topic, payload, true);
    await eventually(() => home.ofMeter().length === from);
    await home.run(form);
    await home.settled();
    expect(bursts(from)).toEqual(STEPS[form]);
    await expectMoved(form);
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
    expect(bursts(from)).toEqual([]);
  });

  it('takes back on the way what is not wanted any more', async () => {
    await home.run(OTHER[form], [HEAT_ENERGY, PEAK_DATE]);
    await home.settled();
    await home.run(form, [HEAT_ENERGY]);
    await home.settled();
    const { owners, lost, released } = entities();
    expect(lost).toEqual(['max_power_year_date']);
    expect([...released]).toEqual([]);
    expect(owners.has('heat_energy')).toBe(true);
  });
});

describe('the single form', () => {
  const PEAK = 'homeassistant/sensor/multical2mqtt_6655443/max_power_year_date/config';
  const USERS = 'homeassistant/sensor/multical2mqtt_6655443/of_the_user/config';

  beforeEach(async () => {
    home = await new PublishingHome().start();
  });

  it('is published where there was nothing, once', async () => {
    await home.run('component');
    await home.settled();
    expect(bursts()).toEqual(['components announced']);
    await expectMoved('component');
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
    home.publisher.meterForgotten(METER.serialNumber);
    let delivered = false;
    home.connection.onceDelivered(() => {
      delivered = true;
    });
    await eventually(() => entities().owners.size === 0);
    // There might be more to take back.
    expect(delivered).toBe(false);
    await home.clock.advance(1_000);
    await eventually(() => delivered);
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, [], FEW);
    await home.clock.advance(1_000);
    await home.settled();
    await eventually(() => entities().owners.size === KEYS.length);
  });

  it('is taken back by the next run, where this one ends before it was found', async () => {
    await home.run('component');
    await home.settled();
    home.publisher.stop();
    await home.connection.stop();
    home.publisher.meterForgotten(METER.serialNumber);
    let delivered = false;
    home.connection.onceDelivered(() => {
      delivered = true;
    });
    home.publisher.stop();
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
    expect([...held.values()].filter((payload) => payload !== '')).toHaveLength(KEYS.length);
  });
});

describe.skipIf(!hasMosquitto())('at a real Mosquitto', () => {
  it('goes there and back', async () => {
    const mosquitto = await new Mosquitto().start();
    home = await new PublishingHome(mosquitto).start();
    for (const form of ['device', 'component', 'device'] as const) {
      const from = home.ofMeter().length;
      await home.run(form);
      await home.settled();
      expect(bursts(from)).toEqual(from === 0 ? ['device announced'] : STEPS[form]);
      await expectMoved(form);
    }
    await home.connection.stop();
    await home.observer.end();
    await mosquitto.remove();
  });
});
