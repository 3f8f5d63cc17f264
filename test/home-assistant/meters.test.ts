import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R } from '../../src/catalogue/register.ts';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import { Belongings } from './support/belongings.ts';
import type { Keys } from './support/bridge.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';

/** What a meter tells of its model. */
const TELLING = [R.softwareEdition, R.typeNumber];

/** At most: those of the meters, and the bridge. */
const DEVICES = 3;

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('meters that come and go in Home Assistant', () => {
  const house = new Household();
  const belongings = new Belongings(house);
  let heat: Meter;
  let other: Meter;

  const keysOf = (names: Readonly<Record<string, Meter>>, more: Keys = {}): Keys => ({
    meters: Object.entries(names).map(([name, meter]) => Household.keys(meter, name)),
    ...more,
  });

  const entitiesOf = async ({ serial }: Meter) =>
    [...(await house.home.api.entities()).values()].filter(({ unique_id }) =>
      unique_id.startsWith(`multical2mqtt_${serial}_`),
    );
  const isUnavailable = (meter: Meter) =>
    house.eventually(async () => (await house.stateOf(meter, 'volume'))?.state === 'unavailable');

  beforeAll(async () => {
    await house.start();
    heat = await house.meter('603');
    for (const each of TELLING) heat.lack(each);
    other = await house.meter('403');
    house.bridge.start(keysOf({ 'Heat meter': heat, Other: other }));
    for (const meter of [heat, other]) await house.knows(meter, 15);
    await belongings.personalise(heat);
    await belongings.note();
  });

  afterAll(() => house.remove());

  it('one whose model is learnt later has all that it had', async () => {
    expect((await house.deviceOf(heat))?.model).toMatch(/ or /);
    for (const each of TELLING) heat.restore(each);
    await house.bridge.stop();
    house.bridge.loseData();
    house.bridge.start(keysOf({ 'Heat meter': heat, Other: other }));
    await house.eventually(async () => (await house.deviceOf(heat))?.model === 'MULTICAL 603');
    await belongings.areThere();
    belongings.nothingIsSaidOfUs();
  });

  it.each([
    'device',
    'component',
  ])('one that left the configuration goes without a word although another is silent, by the form "%s"', async (discovery) => {
    const third = await house.meter('flowiq-21xx');
    const all = { 'Heat meter': heat, Other: other, Third: third };
    await house.bridge.restart(keysOf(all, { homeAssistant: { discovery } }));
    for (const meter of [heat, other, third]) await house.knows(meter, 15);
    await house.isAnnouncedBy(discovery);
    belongings.nothingIsSaidOfUs(DEVICES);
    await house.bridge.stop();
    await other.unplug();
    house.bridge.start(keysOf({ 'Heat meter': heat, Other: other }, { homeAssistant: { discovery } }));
    await isUnavailable(other);
    await house.eventually(async () => (await entitiesOf(third)).length === 0);
    expect(await house.deviceOf(third)).toBeUndefined();
    await house.eventually(async () => {
      const topics = new Set(house.observer.messages.map(({ topic }) => topic));
      const own = [...topics].filter((topic) => topic.includes(third.serial));
      return own.every((topic) => house.observer.latest(topic) === undefined);
    });
    await belongings.areThere();
    await other.plugIn();
    await house.knows(other, 15);
    // The change of form may be spoken of only now.
    belongings.nothingIsSaidOfUs(DEVICES);
  });

  it('another one behind the same port has a device of its own, and the log says what to do with the old one', async () => {
    await house.bridge.restart(keysOf({ 'Heat meter': heat, Other: other }));
    await house.isAnnouncedBy('device');
    belongings.nothingIsSaidOfUs(DEVICES);
    await other.unplug();
    const serialNumber = 70_000_001;
    const next = await house.meter('403', { serialNumber }, other);
    await house.knows(next, 15);
    const name = `Other ${serialNumber}`;
    await house.eventually(async () => (await house.deviceOf(next))?.name === name);
    expect((await house.deviceOf(other))?.name).toBe('Other');
    await isUnavailable(other);
    await belongings.areThere();
    expect(house.bridge.log).toMatch(
      new RegExp(`device of meter ${other.serial}.*meter ${serialNumber}.*delete it in Home Assistant`),
    );

    const ids = (await entitiesOf(next)).map(({ entity_id }) => entity_id);
    await house.bridge.restart(keysOf({ 'Heat meter': heat, Other: next }));
    await house.knows(next, 15);
    expect((await house.deviceOf(next))?.name).toBe(name);
    expect((await entitiesOf(next)).map(({ entity_id }) => entity_id)).toEqual(ids);
    await belongings.areThere();
    belongings.nothingIsSaidOfUs();
  });
});
