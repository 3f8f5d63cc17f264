import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { R } from '../../src/catalogue/register.ts';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import { Belongings } from './support/belongings.ts';
import type { Keys } from './support/bridge.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';
import { TimeLapse } from './support/time-lapse.ts';

/** What one register has counted, as a person would note it who stands before the meter. */
interface Count {
  readonly name: string;
  readonly meter: Meter;
  readonly register: number;
  readonly quantity: string;
  /** In the register's unit. */
  readonly each: number;
  entity: string;
  /** Since the first five minutes. */
  burnt: number;
}

/** Of an electricity meter. */
const ACTIVE_ENERGY_IMPORT = 1;
const OTHER_FORM = 'the other form of discovery';
const KWH_PER_GJ = 1 / 0.0036;
/** Of what has a last digit that is converted and rounded: a tenth of a kWh in GJ. */
const DIGITS = 3;

/** Keys of single meters, beside those of all. */
const MORE: Readonly<Record<string, (units: Keys) => Keys>> = {
  Converted: (units) => ({ units }),
  // Else it is read once a day, where a meter counts heat as well.
  Cooling: () => ({ registers: [R.coolingEnergy, R.volume, R.flow] }),
};

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('statistics in Home Assistant', () => {
  const house = new Household();
  const belongings = new Belongings(house);
  const lapse = new TimeLapse(house.home).install();
  const counts: Count[] = [];
  let units: Keys = {};
  let other: Keys = {};
  let atSwapped: Meter;

  const keys = (): Keys => ({
    meters: [
      ...counts.map(({ name, meter }) => Household.keys(meter, name, MORE[name]?.(units))),
      Household.keys(atSwapped, 'Swapped'),
    ],
    ...other,
  });

  const entityOf = async ({ serial }: Meter, quantity: string): Promise<string> =>
    (await house.home.api.entities()).get(`multical2mqtt_${serial}_${quantity}`)?.entity_id ?? '';

  const rowsOf = ({ entity, register }: Count, period: '5minute' | 'hour') =>
    lapse.rows(entity, period, register === ACTIVE_ENERGY_IMPORT ? 'kWh' : 'GJ');

  function burn(): void {
    for (const count of counts) {
      count.meter.set(count.register, count.meter.value(count.register) + count.each);
      count.burnt += count.each;
    }
  }

  /** All that was burnt has come to Home Assistant. */
  async function shown(): Promise<void> {
    await house.eventually(async () => {
      const states = await house.home.api.states();
      return counts.every(({ meter, register, entity }) => {
        const state = states.get(entity);
        const inKwh = state?.attributes.unit_of_measurement === 'kWh' && register === R.heatEnergy;
        const value = Number(state?.state) / (inKwh ? KWH_PER_GJ : 1);
        return Math.abs(value - meter.value(register)) < 10 ** -DIGITS / 2;
      });
    });
  }

  /** Five minutes pass, and each sum is then what was burnt. */
  async function isCounted(): Promise<void> {
    const start = await lapse.fiveMinutes();
    for (const count of counts) {
      const { name, burnt } = count;
      const rows = await rowsOf(count, '5minute');
      const row = rows.at(-1);
      expect(row?.start, name).toBe(start);
      expect(row?.sum, name).toBeCloseTo(burnt, DIGITS);
      expect(Math.min(...rows.map(({ change }) => change)), name).toBeGreaterThan(-(10 ** -DIGITS) / 2);
    }
  }

  beforeAll(async () => {
    await house.start();
    const count = async (
      name: string,
      [model, serialNumber]: Parameters<typeof meterOf>,
      [register, quantity, each]: readonly [register: number, quantity: string, each: number],
    ) => {
      const meter = await meterOf(model, serialNumber);
      counts.push({ name, meter, register, quantity, each, entity: '', burnt: 0 });
    };
    const meterOf = async (model: Parameters<Household['meter']>[0], serialNumber?: number) =>
      (await house.meter(model, serialNumber === undefined ? {} : { serialNumber })).freeze();
    await count('Heat', ['403'], [R.heatEnergy, 'heat_energy', 0.123]);
    await count('Converted', ['403', 71_000_001], [R.heatEnergy, 'heat_energy', 0.217]);
    await count('Cooling', ['603'], [R.coolingEnergy, 'cooling_energy', 0.045]);
    await count('Water', ['flowiq-21xx'], [R.volume, 'volume', 0.031]);
    await count('Electricity', ['omnipower'], [ACTIVE_ENERGY_IMPORT, 'active_energy_import', 2]);
    for (const { meter, register } of counts) if (meter.value(register) === 0) meter.set(register, 12);
    atSwapped = await meterOf('403', 72_000_001);
    house.bridge.start(keys());
    for (const { meter } of counts) await house.knows(meter);
    await house.knows(atSwapped);
    for (const each of counts) each.entity = await entityOf(each.meter, each.quantity);
    await shown();
    await isCounted();
  });

  afterAll(() => house.remove());

  afterEach(async ({ task }) => {
    expect(await house.home.api.ask('recorder/validate_statistics')).toEqual({});
    // The meters, the one that is swapped later, and the bridge.
    belongings.nothingIsSaidOfUs(task.name.includes(OTHER_FORM) ? counts.length + 2 : 0);
  });

  it('grow by what was burnt', async () => {
    for (let times = 0; times < 2; times++) {
      burn();
      await shown();
      await isCounted();
    }
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('over %s to the bridge', async (signal) => {
    await house.bridge.stop(signal);
    burn();
    house.bridge.start(keys());
    await shown();
    await isCounted();
  });

  it('over the loss of its folder', async () => {
    await house.bridge.stop();
    house.bridge.loseData();
    burn();
    house.bridge.start(keys());
    await shown();
    await isCounted();
  });

  it('over a gap, after which all of it is counted', async () => {
    await house.bridge.stop();
    const isAway = async ({ entity }: Count) =>
      (await house.home.api.states()).get(entity)?.state === 'unavailable';
    for (const each of counts) await house.eventually(() => isAway(each));
    await lapse.fiveMinutes();
    for (let times = 0; times < 2; times++) {
      burn();
      const start = await lapse.fiveMinutes();
      for (const { entity } of counts)
        expect((await lapse.rows(entity, '5minute')).at(-1)?.start).toBeLessThan(start);
    }
    house.bridge.start(keys());
    await shown();
    await isCounted();
  });

  it('over a restart of the broker', async () => {
    burn();
    await house.mosquitto.stop();
    await house.mosquitto.start();
    burn();
    await shown();
    await isCounted();
  });

  it('over a restart of Home Assistant', async () => {
    burn();
    await house.home.stop();
    burn();
    await house.home.start();
    await shown();
    await isCounted();
  });

  it('over another unit, and back', async () => {
    const converted = counts.find(({ name }) => name === 'Converted') as Count;
    for (const [unit, shownUnit] of [
      ['kWh', 'kWh'],
      [undefined, 'GJ'],
    ] as const) {
      units = unit === undefined ? {} : { heat_energy: unit };
      burn();
      await house.bridge.restart(keys());
      await house.eventually(async () => {
        const state = (await house.home.api.states()).get(converted.entity);
        return state?.attributes.unit_of_measurement === shownUnit;
      });
      for (let times = 0; times < 2; times++) {
        await shown();
        await isCounted();
        burn();
      }
    }
    await shown();
    await isCounted();
  });

  it.each<readonly [string, Keys]>([
    ['another language', { language: 'da' }],
    [OTHER_FORM, { homeAssistant: { discovery: 'component' } }],
  ])('over %s, and back', async (_, there) => {
    for (const keysOf of [there, {}]) {
      other = keysOf;
      burn();
      await house.bridge.restart(keys());
      await house.isAnnouncedBy(keysOf === there && 'homeAssistant' in there ? 'component' : 'device');
      await shown();
      await isCounted();
    }
  });

  it('of a swapped meter end, and those of the new one begin at nothing', async () => {
    const old = await entityOf(atSwapped, 'heat_energy');
    const before = (await lapse.rows(old, '5minute')).at(-1);
    await atSwapped.unplug();
    const next = (await house.meter('403', { serialNumber: 72_000_002 }, atSwapped)).freeze();
    next.set(R.heatEnergy, 1.5);
    await house.knows(next);
    const entity = await entityOf(next, 'heat_energy');
    expect(entity).not.toBe(old);
    await isCounted();
    next.set(R.heatEnergy, 1.75);
    await house.eventually(async () => (await house.stateOf(next, 'heat_energy'))?.state === '1.75');
    await isCounted();
    const sums = (await lapse.rows(entity, '5minute')).map(({ sum }) => sum);
    expect(sums).toHaveLength(2);
    expect(sums[0]).toBe(0);
    expect(sums[1]).toBeCloseTo(0.25, DIGITS);
    const last = (await lapse.rows(old, '5minute')).at(-1);
    expect(last).toMatchObject({ sum: before?.sum, state: before?.state });
  });

  it('by the hour are what was burnt in all', async () => {
    let start = 0;
    do {
      burn();
      await shown();
      start = await lapse.fiveMinutes();
    } while (new Date(start).getUTCMinutes() !== 55);
    for (const count of counts) {
      const { name, burnt } = count;
      const rows = await rowsOf(count, 'hour');
      expect(rows.length, name).toBeGreaterThan(1);
      expect(rows.at(-1)?.sum, name).toBeCloseTo(burnt, DIGITS);
      const all = rows.reduce((total, { change }) => total + change, 0);
      expect(all, name).toBeCloseTo(burnt, DIGITS);
      expect(Math.min(...rows.map(({ change }) => change)), name).toBeGreaterThanOrEqual(0);
    }
  });

  it('are taken by the Energy dashboard without an issue, and by the recorder', async () => {
    const { api } = house.home;
    await api.ask('energy/save_prefs', {
      energy_sources: counts.map(({ entity, quantity }) => ({
        type: quantity === 'volume' ? 'water' : 'gas',
        stat_energy_from: entity,
      })),
      device_consumption: [],
    });
    const issues = await api.ask<Readonly<Record<string, unknown[][]>>>('energy/validate');
    expect(Object.values(issues).flat(2)).toEqual([]);
    expect(await api.ask('recorder/validate_statistics')).toEqual({});
  });
});
