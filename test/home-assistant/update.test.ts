import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import { Belongings } from './support/belongings.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';

/** All that 0.1.0 left at the broker when it was stopped, of the MULTICAL 403 that the simulator has. */
const RETAINED: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('../fixtures/retained-0.1.0.json', import.meta.url), 'utf8'),
);

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('an update from 0.1.0 in Home Assistant', () => {
  const house = new Household();
  const belongings = new Belongings(house);
  let meter: Meter;
  const keys = () => ({ meters: [Household.keys(meter, 'Heat meter')] });

  beforeAll(async () => {
    await house.start();
    meter = await house.meter('403');
    for (const [topic, payload] of Object.entries(RETAINED))
      await house.observer.publish(topic, payload, true);
    const announced = RETAINED[`homeassistant/device/multical2mqtt_${meter.serial}/config`] ?? '{}';
    const { components } = JSON.parse(announced) as { components: object };
    const least = Object.keys(components).length;
    await house.eventually(async () => (await house.home.api.entities()).size > least);
    await belongings.personalise(meter);
    await belongings.note();
  });

  afterAll(() => house.remove());

  it('leaves ids, names and what is enabled as they were, without a word in its log', async () => {
    house.bridge.start(keys());
    await house.eventually(async () => (await house.stateOf(meter, 'problem'))?.state === 'off');
    await house.knows(meter, 25);
    await belongings.areThere();
    belongings.nothingIsSaidOfUs();
    // Names of today, of entities that the user has given none.
    const entities = await house.home.api.entities();
    const named = entities.get(`multical2mqtt_${meter.serial}_problem_flow_sensor`);
    expect(named?.original_name).toBe('Flow sensor fault');
  });

  it('also in its next run, which is an ordinary one', async () => {
    await house.bridge.restart(keys());
    await house.knows(meter, 25);
    await belongings.areThere();
    belongings.nothingIsSaidOfUs();
  });
});
