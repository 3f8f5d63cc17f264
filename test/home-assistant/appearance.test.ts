import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelName } from '../../src/simulator/models/models.ts';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import { freePort } from '../support/free-port.ts';
import type { Entity, State } from './support/api.ts';
import { ALREADY_GONE } from './support/belongings.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';

/** What a person expects of the main values: register that holds it, and what Home Assistant makes of it. */
interface Expected {
  readonly register: number;
  readonly unit: string;
  readonly deviceClass: string;
  readonly stateClass: string;
}

const total = (register: number, unit: string, deviceClass: string): Expected => ({
  register,
  unit,
  deviceClass,
  // The meter's own number: nothing resets it, and a correction downwards is none of a new meter.
  stateClass: 'total',
});
const now = (register: number, unit: string, deviceClass: string): Expected => ({
  register,
  unit,
  deviceClass,
  stateClass: 'measurement',
});

/** Registers by `kmp.md`: 74 flow, 80 power, 86 and 87 the two temperatures, 60 heat, 63 cooling, 68 volume. */
const LOOP = {
  flow: now(74, 'L/h', 'volume_flow_rate'),
  power: now(80, 'kW', 'power'),
  flow_temperature: now(86, '°C', 'temperature'),
  return_temperature: now(87, '°C', 'temperature'),
  volume: total(68, 'm³', 'volume'),
};

/** Of a sensor, in Home Assistant's registry. */
interface Digits {
  readonly suggested_display_precision?: number;
}

const PAGE = 'http://192.168.1.7:8099/heat/';

interface Kind {
  readonly name: string;
  readonly model: ModelName;
  /** Entities that are enabled at first. */
  readonly enabled: number;
  /** Registers that differ from the simulated model's. */
  readonly holds: Readonly<Record<number, number>>;
  readonly expected: Readonly<Record<string, Expected>>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'Heat meter',
    model: '403',
    enabled: 17,
    holds: {},
    expected: { ...LOOP, heat_energy: total(60, 'GJ', 'energy') },
  },
  {
    name: 'Cooling meter',
    model: '603',
    enabled: 18,
    holds: { 60: 0, 63: 12.345, 80: -3.2, 86: 7.21, 87: 13.05, 89: -5.84 },
    expected: { ...LOOP, cooling_energy: total(63, 'GJ', 'energy') },
  },
  {
    name: 'Water meter',
    model: 'flowiq-21xx',
    enabled: 15,
    holds: {},
    expected: { volume: total(68, 'm³', 'water'), flow: now(74, 'L/h', 'volume_flow_rate') },
  },
  {
    name: 'Electricity meter',
    model: 'omnipower',
    enabled: 21,
    holds: { 1: 7183 },
    expected: { active_energy_import: total(1, 'kWh', 'energy') },
  },
];

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('what appears in Home Assistant', () => {
  const house = new Household();
  const meters = new Map<Kind, Meter>();
  let entities: ReadonlyMap<string, Entity>;
  let states: ReadonlyMap<string, State>;

  beforeAll(async () => {
    await house.start();
    for (const kind of KINDS) {
      const meter = (await house.meter(kind.model)).freeze();
      for (const [id, value] of Object.entries(kind.holds)) meter.set(Number(id), value);
      meters.set(kind, meter);
    }
  });

  afterAll(() => house.remove());

  const meterOf = (kind: Kind): Meter => {
    const meter = meters.get(kind);
    if (meter === undefined) throw new Error(`there is no ${kind.name}`);
    return meter;
  };
  const entityOf = (kind: Kind, quantity: string): Entity | undefined =>
    entities.get(`multical2mqtt_${meterOf(kind).serial}_${quantity}`);
  const stateOf = (kind: Kind, quantity: string): State | undefined =>
    states.get(entityOf(kind, quantity)?.entity_id ?? '');

  describe.each(['device', 'component'])('by the discovery form "%s"', (discovery) => {
    beforeAll(async () => {
      const all = KINDS.map((kind) => Household.keys(meterOf(kind), kind.name));
      await house.bridge.restart({
        meters: all,
        homeAssistant: { discovery },
        web: { enabled: true, port: await freePort(), publicUrl: PAGE },
      });
      await house.isAnnouncedBy(discovery);
      // Every entity that is enabled comes to have a value, and those of the second, longer look are there as well.
      for (const kind of KINDS) await house.knows(meterOf(kind), kind.enabled);
      await house.eventually(async () => {
        entities = await house.home.api.entities();
        states = await house.home.api.states();
        return KINDS.every((kind) =>
          Object.keys(kind.expected).every((each) => Number.isFinite(Number(stateOf(kind, each)?.state))),
        );
      });
    });

    it.each(KINDS)('of the $name the main values are what its registers hold', (kind) => {
      for (const [quantity, { register, unit, deviceClass, stateClass }] of Object.entries(kind.expected)) {
        const state = stateOf(kind, quantity);
        expect(Number(state?.state), quantity).toBe(meterOf(kind).value(register));
        expect(state?.attributes, quantity).toMatchObject({
          unit_of_measurement: unit,
          device_class: deviceClass,
          state_class: stateClass,
        });
      }
    });

    it.each(KINDS)('of the $name each entity is what was announced', async (kind) => {
      const announced = [...house.announced(meterOf(kind))];
      expect(announced.length).toBeGreaterThan(kind.enabled);
      for (const [uniqueId, component] of announced) {
        const entity = entities.get(uniqueId);
        expect(entity?.entity_category, uniqueId).toBe(component.entity_category ?? null);
        expect(entity?.disabled_by, uniqueId).toBe(
          component.enabled_by_default === false ? 'integration' : null,
        );
        if (entity?.disabled_by !== null) continue;
        const { attributes } = states.get(entity.entity_id) ?? {};
        for (const each of ['unit_of_measurement', 'device_class', 'state_class'] as const)
          expect(attributes?.[each], `${uniqueId} ${each}`).toBe(component[each]);
        const { options } = await house.home.api.ask<{ options: Readonly<Record<string, Digits>> }>(
          'config/entity_registry/get',
          { entity_id: entity.entity_id },
        );
        expect(options.sensor?.suggested_display_precision, uniqueId).toBe(
          component.suggested_display_precision,
        );
      }
    });

    it.each(KINDS)('of the $name $enabled entities are enabled', async (kind) => {
      expect((await house.valuesOf(meterOf(kind))).enabled).toBe(kind.enabled);
    });

    it('the recorder and the Energy dashboard find no fault', async () => {
      const { api } = house.home;
      expect(await api.ask('recorder/validate_statistics')).toEqual({});
      const [heat, water] = [KINDS[0] as Kind, KINDS[2] as Kind];
      await api.ask('energy/save_prefs', {
        energy_sources: [
          { type: 'gas', stat_energy_from: entityOf(heat, 'heat_energy')?.entity_id },
          { type: 'water', stat_energy_from: entityOf(water, 'volume')?.entity_id },
        ],
        device_consumption: [],
      });
      const { energy_sources } = await api.ask<{ energy_sources: { type: string }[][] }>('energy/validate');
      const serious = energy_sources.flat().filter(({ type }) => type !== 'statistics_not_defined');
      expect(serious).toEqual([]);
    });

    it('a meter that tells its type number shows it', async () => {
      const devices = await house.home.api.devices();
      const numberOf = (kind: Kind) =>
        devices.find(({ serial_number }) => serial_number === meterOf(kind).serial)?.model_id;
      expect(numberOf(KINDS[1] as Kind)).toBe('603C219R0115');
      expect(numberOf(KINDS[3] as Kind)).toMatch(/^\d{6}/);
    });

    it('icons are those of heat and water', () => {
      const heat = KINDS[0] as Kind;
      // The other form has none, for Domoticz' sake; Home Assistant keeps what it had.
      for (const [quantity, icon] of Object.entries({ heat_energy: 'mdi:fire', volume: 'mdi:water' }))
        if (discovery === 'device') expect(stateOf(heat, quantity)?.attributes.icon, quantity).toBe(icon);
    });

    it('each device leads to the page of the bridge', async () => {
      const devices = await house.home.api.devices();
      const links = devices.map(({ configuration_url: url }) => url);
      expect(links).toEqual(Array(KINDS.length + 1).fill(PAGE));
    });

    it('a pressed button reads once', async () => {
      const [kind] = KINDS as readonly [Kind];
      const { simulator } = meterOf(kind);
      const button = entityOf(kind, 'read_now')?.entity_id ?? '';
      await house.bridge.restart({
        meters: KINDS.map((each) =>
          Household.keys(meterOf(each), each.name, {
            schedule: '0 0 1 1 *',
            readOnStart: false,
            // The last reading of the bridge before is just over.
            battery: { minSecondsBetween: 0 },
          }),
        ),
        homeAssistant: { discovery },
        // What the meter wrote down would be asked for after this reading.
        history: { meterLog: false },
      });
      const isOnline = () =>
        house.eventually(async () => (await house.home.api.states()).get(button)?.state !== 'unavailable');
      await isOnline();
      simulator.resetStatistics();
      const read = house.observer.of(`multical2mqtt/${meterOf(kind).serial}/state`).length;
      await house.home.api.call('button.press', button);
      await house.eventually(
        async () => house.observer.of(`multical2mqtt/${meterOf(kind).serial}/state`).length > read,
      );
      expect(simulator.statistics.requested).toHaveLength(1);
    });

    it('nothing is said of us in its log, and nothing is to be repaired', async () => {
      const { issues } = await house.home.api.ask<{ issues: { domain: string }[] }>('repairs/list_issues');
      expect(
        issues.filter(({ domain }) => ['mqtt', 'sensor', 'recorder', 'energy'].includes(domain)),
      ).toEqual([]);
      expect(house.home.complaints.filter((line) => !line.includes(ALREADY_GONE))).toEqual([]);
      const gone = discovery === 'device' ? 0 : KINDS.length + 1;
      expect(house.home.complaints.length).toBeLessThanOrEqual(gone);
    });
  });
});
