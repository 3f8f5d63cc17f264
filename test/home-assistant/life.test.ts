import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import type { Keys } from './support/bridge.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';

/** What a user may have changed, and what automations and dashboards name. */
interface Kept {
  readonly entity_id: string;
  readonly name: string | null;
  readonly icon: string | null;
  readonly disabled_by: string | null;
  readonly area_id: string | null;
}

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())(
  'what a user has in Home Assistant is still there',
  () => {
    const house = new Household();
    let heat: Meter;
    let other: Meter;
    let before: ReadonlyMap<string, Kept>;

    const keys = (more: Keys = {}, ofHeat: Keys = {}): Keys => ({
      meters: [Household.keys(heat, 'Heat meter', ofHeat), Household.keys(other, 'Other')],
      ...more,
    });

    const idOf = (meter: Meter, quantity: string): string => `multical2mqtt_${meter.serial}_${quantity}`;

    async function kept(): Promise<ReadonlyMap<string, Kept>> {
      const entities = await house.home.api.entities();
      return new Map(
        [...entities].map(([id, { entity_id, name, icon, disabled_by, area_id }]) => [
          id,
          { entity_id, name, icon, disabled_by, area_id },
        ]),
      );
    }

    /** Values come, each entity that was there is as it was, and nothing is said of us in the log. */
    async function everythingIsBack(): Promise<void> {
      const reads = async () => (await house.home.api.states()).get('sensor.my_heat')?.state;
      await house.eventually(async () => Number.isFinite(Number(await reads())));
      let now = await kept();
      await house.eventually(async () => {
        now = await kept();
        return [...before.keys()].every((id) => now.has(id));
      });
      for (const [id, was] of before) expect(now.get(id), id).toEqual(was);
      // Of the broker it may speak, and it says so of a device that has let go of all before its topic is emptied.
      const allowed = ['The connection was lost', 'No device components to cleanup'];
      expect(house.home.complaints.filter((line) => !allowed.some((each) => line.includes(each)))).toEqual(
        [],
      );
    }

    const heatIs = (state: string): Promise<unknown> =>
      house.eventually(async () => (await house.home.api.states()).get('sensor.my_heat')?.state === state);

    beforeAll(async () => {
      await house.start();
      heat = await house.meter('403');
      other = await house.meter('603');
      house.bridge.start(keys());
      for (const meter of [heat, other]) await house.knows(meter, 15);
      const { api } = house.home;
      const { area_id } = await api.ask<{ area_id: string }>('config/area_registry/create', {
        name: 'Cellar',
      });
      const entities = await api.entities();
      const change = (quantity: string, to: Keys) =>
        api.ask('config/entity_registry/update', {
          entity_id: entities.get(idOf(heat, quantity))?.entity_id,
          ...to,
        });
      await change('heat_energy', { new_entity_id: 'sensor.my_heat', name: 'My heat', area_id });
      await change('operating_hours', { new_entity_id: 'sensor.my_hours', icon: 'mdi:clock' });
      await change('problem_leakage', { new_entity_id: 'binary_sensor.my_leak' });
      await change('flow', { disabled_by: 'user' });
      before = await kept();
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
      house.bridge.start(keys());
      await everythingIsBack();
    });

    it('while a meter is silent, whose values become unavailable, and after it', async () => {
      await heat.unplug();
      await heatIs('unavailable');
      await heat.plugIn();
      await everythingIsBack();
    });

    it('with another name of the meter, and another language', async () => {
      await house.bridge.restart(keys({ language: 'da' }, { name: 'Cellar' }));
      await house.eventually(async () => {
        const devices = await house.home.api.devices();
        return devices.some(({ name, serial_number }) => name === 'Cellar' && serial_number === heat.serial);
      });
      await everythingIsBack();
      await house.bridge.restart(keys());
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
      const { api } = house.home;
      const device = (await api.devices()).find(({ serial_number }) => serial_number === other.serial);
      await api.ask('config/device_registry/remove', { device_id: device?.id });
      await house.home.stop();
      await house.home.start();
      await everythingIsBack();
    });

    it('by the other form of discovery, and back', async () => {
      for (const discovery of ['component', 'device']) {
        await house.bridge.restart(keys({ homeAssistant: { discovery } }));
        await house.knows(heat, 15);
        await everythingIsBack();
      }
    });
  },
);
