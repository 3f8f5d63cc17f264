import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import type { Entity } from './support/api.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';

/** More of them on a device page hide what matters. */
const MOST_DIAGNOSTICS = 12;
/** They are there, disabled, once the meter was asked for everything. */
const WAITING = ['cooling_energy', 'info_code', 'info_bits', 'last_successful_reading'];

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('names and enablement in Home Assistant', () => {
  const house = new Household();
  let meter: Meter;

  const entity = (entities: ReadonlyMap<string, Entity>, key: string): Entity | undefined =>
    entities.get(`multical2mqtt_${meter.serial}_${key}`);
  const speak = (language: string) =>
    house.bridge.restart({ meters: [Household.keys(meter, 'House')], language });
  /** What the user knows an entity by, and whether it is on. */
  const identities = (entities: ReadonlyMap<string, Entity>) =>
    new Map([...entities].map(([id, { entity_id, disabled_by }]) => [id, [entity_id, disabled_by]]));
  const called = (language: string, power: string) =>
    house
      .eventually(async () => {
        const entities = await house.home.api.entities();
        const isWhole = WAITING.every((key) => entity(entities, key) !== undefined);
        return isWhole && entity(entities, 'power')?.original_name === power ? entities : undefined;
      })
      .catch((error: unknown) => {
        throw new Error(`in ${language}: ${error}`);
      });

  beforeAll(async () => {
    await house.start();
    meter = (await house.meter('403')).freeze();
    meter.set(63, 0);
  });

  afterAll(() => house.remove());

  it('in Danish names are Danish and ids English, and few diagnostics are enabled', async () => {
    await speak('da');
    await house.knows(meter);
    const entities = await called('da', 'Effekt');
    expect(entity(entities, 'connectivity')).toMatchObject({
      entity_id: 'binary_sensor.house_connectivity',
      original_name: 'Forbindelse',
    });
    expect(entity(entities, 'problem')).toMatchObject({
      entity_id: 'binary_sensor.house_problem',
      disabled_by: null,
    });
    for (const [id, { entity_id }] of entities) {
      const key = id.replace(`multical2mqtt_${meter.serial}_`, '');
      if (key !== id) expect(entity_id).toMatch(new RegExp(`^[a-z_]+\\.house_${key}$`));
    }
    const enabled = [...entities.values()].filter(
      ({ unique_id, disabled_by, entity_category }) =>
        unique_id.includes(meter.serial) && disabled_by === null && entity_category === 'diagnostic',
    );
    expect(enabled.length).toBeLessThanOrEqual(MOST_DIAGNOSTICS);
    for (const key of WAITING) expect(entity(entities, key)?.disabled_by, key).toBe('integration');
    const states = await house.eventually(async () => {
      const now = await house.home.api.states();
      return now.get('binary_sensor.house_problem')?.state === 'off' ? now : undefined;
    });
    const { last_successful_reading } = states.get('binary_sensor.house_connectivity')?.attributes ?? {};
    expect(last_successful_reading).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('another language changes names alone, and a cooling that begins changes nothing', async () => {
    const before = identities(await house.home.api.entities());
    meter.set(63, 1.5);
    for (const [language, power] of [
      ['de', 'Leistung'],
      ['nl', 'Vermogen'],
      ['en', 'Power'],
    ] as const) {
      await speak(language);
      const now = identities(await called(language, power));
      for (const [id, identity] of before) expect(now.get(id), `${id} in ${language}`).toEqual(identity);
    }
    expect(house.home.complaints).toEqual([]);
  });
});
