import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import type { Keys } from './support/bridge.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';

const HEAT = 'sensor.heat_meter_heat_energy';
const WATER = 'sensor.water_meter_volume';
/** As somebody makes them in Settings, Devices & services, Helpers. */
const HEAT_PRICE = 'input_number.heat_price';
const EUR_PER_GJ = 36.5;
const EUR_PER_M3 = 4;
/** Registers by `kmp.md`. */
const HEAT_REGISTER = 60;
const VOLUME_REGISTER = 68;

interface Validation {
  readonly energy_sources: readonly (readonly { type: string }[])[];
  readonly device_consumption: readonly (readonly { type: string }[])[];
  readonly device_consumption_water: readonly (readonly { type: string }[])[];
}

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('the Energy dashboard', () => {
  const house = new Household();
  let heat: Meter;
  let water: Meter;

  const keys = (ofHeat: Keys = {}, ofWater: Keys = {}): Keys => ({
    meters: [Household.keys(heat, 'Heat meter', ofHeat), Household.keys(water, 'Water meter', ofWater)],
  });
  const numberOf = async (id: string): Promise<number> =>
    Number((await house.home.api.states()).get(id)?.state ?? Number.NaN);
  /** The bridge's number is that of the register, in this unit. */
  const shows = (id: string, amount: number, unit: string): Promise<unknown> =>
    house.eventually(async () => {
      const state = (await house.home.api.states()).get(id);
      return (
        state?.attributes.unit_of_measurement === unit &&
        Math.abs(Number(state.state) - amount) < 0.001 * amount
      );
    });
  /** Home Assistant's own: a total that is published in kWh has a digit that is worth a cent. */
  const costs = (id: string, amount: number): Promise<unknown> =>
    house.eventually(async () => Math.abs((await numberOf(`${id}_cost`)) - amount) < 0.05);

  beforeAll(async () => {
    const price = `{name: Heat price, min: 0, max: 1000, step: 0.01, initial: ${EUR_PER_GJ}, unit_of_measurement: EUR/GJ}`;
    house.home.settings.push('input_number:', `  heat_price: ${price}`);
    await house.start();
    heat = (await house.meter('403')).freeze();
    water = (await house.meter('flowiq-21xx')).freeze();
    house.bridge.start(keys());
    await house.knows(heat);
    await house.knows(water);
    const { api } = house.home;
    await api.ask('config/core/update', { currency: 'EUR' });
    const source = { stat_cost: null, entity_energy_price: null, number_energy_price: null };
    await api.ask('energy/save_prefs', {
      energy_sources: [
        { ...source, type: 'gas', stat_energy_from: HEAT, name: 'Heat', entity_energy_price: HEAT_PRICE },
        { ...source, type: 'water', stat_energy_from: WATER, number_energy_price: EUR_PER_M3 },
      ],
      device_consumption: [{ stat_consumption: HEAT, stat_rate: 'sensor.heat_meter_power' }],
      device_consumption_water: [{ stat_consumption: WATER }],
    });
    for (const id of [HEAT, WATER]) await costs(id, 0);
  });

  afterAll(() => house.remove());

  it('takes heat in the place of gas and as a device, and water, without an issue', async () => {
    const issues = await house.home.api.ask<Validation>('energy/validate');
    const kinds = Object.values(issues)
      .flat(2)
      .map(({ type }) => type);
    // Until the recorder's first run, five minutes after the entity was there.
    expect(kinds.filter((type) => type !== 'statistics_not_defined')).toEqual([]);
  });

  it('counts what heat costs, by the unit of its price, in whichever unit the heat is published', async () => {
    const begin = heat.value(HEAT_REGISTER);
    heat.set(HEAT_REGISTER, begin + 0.02);
    await costs(HEAT, 0.02 * EUR_PER_GJ);
    await house.bridge.restart(keys({ units: { heat_energy: 'kWh' } }));
    await shows(HEAT, (begin + 0.02) / 0.0036, 'kWh');
    heat.set(HEAT_REGISTER, begin + 0.05);
    await costs(HEAT, 0.05 * EUR_PER_GJ);
    await house.bridge.restart(keys({ units: { heat_energy: 'MWh' } }));
    await shows(HEAT, (begin + 0.05) / 3.6, 'MWh');
    heat.set(HEAT_REGISTER, begin + 0.09);
    await costs(HEAT, 0.09 * EUR_PER_GJ);
    expect(house.bridge.log).toContain('a unit such as EUR/GJ: such a price is converted');
  });

  it('converts even a fixed price of water', async () => {
    const begin = water.value(VOLUME_REGISTER);
    water.set(VOLUME_REGISTER, begin + 0.05);
    await costs(WATER, 0.05 * EUR_PER_M3);
    await house.bridge.restart(keys({}, { units: { volume: 'l' } }));
    await shows(WATER, (begin + 0.05) * 1000, 'L');
    water.set(VOLUME_REGISTER, begin + 0.1);
    await costs(WATER, 0.1 * EUR_PER_M3);
  });

  it('multiplies the costs of heat where the price is a fixed one, as the bridge warns', async () => {
    const { api } = house.home;
    const prefs = await api.ask<{ energy_sources: Keys[] }>('energy/get_prefs');
    const energy_sources = prefs.energy_sources.map((source) =>
      source.type === 'gas'
        ? { ...source, entity_energy_price: null, number_energy_price: EUR_PER_GJ }
        : source,
    );
    await api.ask('energy/save_prefs', { energy_sources });
    await house.bridge.restart(keys({ units: { heat_energy: 'GJ' } }));
    const begin = heat.value(HEAT_REGISTER);
    await shows(HEAT, begin, 'GJ');
    const before = await numberOf(`${HEAT}_cost`);
    heat.set(HEAT_REGISTER, begin + 0.02);
    await costs(HEAT, before + 0.02 * EUR_PER_GJ);
    await house.bridge.restart(keys({ units: { heat_energy: 'kWh' } }));
    await shows(HEAT, (begin + 0.02) / 0.0036, 'kWh');
    expect(house.bridge.log).toContain('Multiply it by 0.0036, or the costs will be 277.78 times');
    const between = await numberOf(`${HEAT}_cost`);
    heat.set(HEAT_REGISTER, begin + 0.04);
    await house.eventually(async () => (await numberOf(`${HEAT}_cost`)) - between > 250 * 0.02 * EUR_PER_GJ);
  });

  it('says nothing of us in the log', () => expect(house.home.complaints).toEqual([]));
});
