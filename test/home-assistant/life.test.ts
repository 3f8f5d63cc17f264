import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import { Belongings } from './support/belongings.ts';
import type { Keys } from './support/bridge.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';

/** Two meters, and the bridge. */
const DEVICES = 3;

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())(
  'what a user has in Home Assistant is still there',
  () => {
    const house = new Household();
    let heat: Meter;
    let other: Meter;
    const belongings = new Belongings(house);

    const keys = (more: Keys = {}, ofHeat: Keys = {}): Keys => ({
      meters: [Household.keys(heat, 'Heat meter', ofHeat), Household.keys(other, 'Other')],
      ...more,
    });

    /** Values come, each entity that was there is as it was, and nothing is said of us in the log. */
    async function everythingIsBack(gone?: number, stretches?: number): Promise<void> {
      const reads = async () => (await house.home.api.states()).get('sensor.my_heat')?.state;
      await house.eventually(async () => Number.isFinite(Number(await reads())));
      await belongings.areThere();
      await belongings.nothingFlickered(stretches);
      belongings.nothingIsSaidOfUs(gone);
    }

    const heatIs = (state: string): Promise<unknown> =>
      house.eventually(async () => (await house.home.api.states()).get('sensor.my_heat')?.state === state);

    beforeAll(async () => {
      await house.start();
      heat = await house.meter('403');
      other = await house.meter('603');
      house.bridge.start(keys());
      for (const meter of [heat, other]) await house.knows(meter, 15);
      await belongings.personalise(heat);
      await belongings.note();
    });

    afterAll(() => house.remove());

    it('after a restart of Home Assistant', async () => {
      await house.home.stop();
      await house.home.start();
      await everythingIsBack();
    });

    it('after a restart of the broker, which has forgotten all', async () => {
      await house.mosquitto.stop();
      await heatIs('unavailable');
      await house.mosquitto.start();
      await everythingIsBack();
    });

    it.each([
      'SIGTERM',
      'SIGKILL',
    ] as const)('after %s to the bridge, which is unavailable meanwhile', async (signal) => {
      await house.bridge.stop(signal);
      await heatIs('unavailable');
      house.bridge.start(keys());
      await everythingIsBack();
    });

    it('after the bridge has lost its folder', async () => {
      await house.bridge.stop();
      house.bridge.loseData();
      const before = house.bridge.log.length;
      house.bridge.start(keys());
      // What the broker holds is no reading: until one comes, the bridge does not know whose values these are.
      await house.eventually(async () => /Heat meter: \d/.test(house.bridge.log.slice(before)));
      await everythingIsBack();
    });

    it('while a meter is silent, whose values become unavailable, and after it', async () => {
      await heat.unplug();
      await heatIs('unavailable');
      await heat.plugIn();
      await everythingIsBack();
    });

    it('with another name of the meter, and another language', async () => {
      const nameOfPower = async () =>
        (await house.home.api.entities()).get(`multical2mqtt_${heat.serial}_power`)?.original_name;
      expect(await nameOfPower()).toBe('Power');
      await house.bridge.restart(keys({ language: 'da' }, { name: 'Cellar' }));
      await house.eventually(async () => (await house.deviceOf(heat))?.name === 'Cellar');
      await house.eventually(async () => (await nameOfPower()) === 'Effekt');
      await everythingIsBack();
      await house.bridge.restart(keys());
      await house.eventually(async () => (await nameOfPower()) === 'Power');
      await everythingIsBack();
    });

    it('in another unit, whatever the meter counts in', async () => {
      await house.bridge.restart(keys({}, { units: { heat_energy: 'kWh' } }));
      await house.eventually(async () => {
        const state = (await house.home.api.states()).get('sensor.my_heat');
        return state?.attributes.unit_of_measurement === 'kWh' && Number(state.state) > 20_000;
      });
      await everythingIsBack();
      await house.bridge.restart(keys());
      await house.eventually(
        async () =>
          (await house.home.api.states()).get('sensor.my_heat')?.attributes.unit_of_measurement === 'GJ',
      );
      await everythingIsBack();
    });

    it('after its device was deleted, and Home Assistant restarted: but for what goes with the device', async () => {
      const device = await house.deviceOf(other);
      await house.home.api.ask('config/device_registry/remove', { device_id: device?.id });
      await house.home.stop();
      await house.home.start();
      await house.knows(other, 15);
      // It says of each entity that its own page has deleted that it is gone.
      await everythingIsBack(Number.POSITIVE_INFINITY);
    });

    it('below another prefix, to which Home Assistant does not listen, and back', async () => {
      const topic = (prefix: string) => `${prefix}/device/multical2mqtt_${heat.serial}/config`;
      const goesFrom = (prefix: string) =>
        house.eventually(async () => house.observer.latest(topic(prefix)) === undefined);
      await house.bridge.restart(keys({ homeAssistant: { discoveryPrefix: 'elsewhere' } }));
      await goesFrom('homeassistant');
      expect(house.observer.latest(topic('elsewhere'))).toBeDefined();
      await belongings.nothingFlickered();
      await house.bridge.restart(keys());
      await goesFrom('elsewhere');
      await everythingIsBack(DEVICES);
    });

    it('by the other form of discovery, and back', async () => {
      // Once a device, of the topic that is emptied.
      for (const discovery of ['component', 'device']) {
        await house.bridge.restart(keys({ homeAssistant: { discovery } }));
        await house.isAnnouncedBy(discovery);
        // Away while the bridge is restarted, and while one form hands over to the other.
        await everythingIsBack(DEVICES, 2);
      }
    });
  },
);
