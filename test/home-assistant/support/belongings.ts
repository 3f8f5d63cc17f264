import { expect } from 'vitest';
import type { Entity } from './api.ts';
import type { Household } from './household.ts';
import type { Meter } from './meter.ts';

/** What a user may have changed, and what automations and dashboards name. */
type Kept = Pick<Entity, 'entity_id' | 'name' | 'icon' | 'disabled_by' | 'area_id'>;

const AWAY = 'unavailable';
/** In the recorder; null where the entity was let go of. */
type State = string | null;
const isGone = (state: State | undefined): boolean => state === AWAY || state === null;
/** A broker that is away may be spoken of. */
const OF_THE_BROKER = 'The connection was lost';
/** Home Assistant says it once of each device that it has let go of before its topic is emptied. */
export const ALREADY_GONE = 'No device components to cleanup';

/** What a user has of the meters in Home Assistant: it is noted once, and has to be there after whatever happens. */
export class Belongings {
  private readonly house: Household;
  private noted: ReadonlyMap<string, Kept> = new Map();
  private watchedSince = new Date();
  /** Complaints of Home Assistant that were looked at. */
  private heard = 0;

  constructor(house: Household) {
    this.house = house;
  }

  async note(): Promise<void> {
    this.noted = await this.now();
    this.watchedSince = new Date();
  }

  /** As users do it: ids, names, icons, an area, one that they do not want. */
  async personalise({ serial }: Meter): Promise<void> {
    const { api } = this.house.home;
    const { area_id } = await api.ask<{ area_id: string }>('config/area_registry/create', { name: 'Cellar' });
    const change = async (quantity: string, to: Readonly<Record<string, unknown>>) => {
      const id = `multical2mqtt_${serial}_${quantity}`;
      const { entity_id } = await this.house.eventually(async () => (await api.entities()).get(id));
      await api.ask('config/entity_registry/update', { entity_id, ...to });
    };
    await change('heat_energy', { new_entity_id: 'sensor.my_heat', name: 'My heat', area_id });
    await change('operating_hours', { new_entity_id: 'sensor.my_hours', icon: 'mdi:clock' });
    await change('problem_leakage', { new_entity_id: 'binary_sensor.my_leak' });
    await change('flow', { disabled_by: 'user' });
  }

  /** Each entity that was noted comes to be there, as it was. `but`: of a meter that is gone. */
  async areThere(but?: Meter): Promise<void> {
    const wanted = [...this.noted].filter(([id]) => !id.startsWith(`multical2mqtt_${but?.serial}_`));
    let now = await this.now();
    await this.house.eventually(async () => {
      now = await this.now();
      return wanted.every(([id]) => now.has(id));
    });
    for (const [id, was] of wanted) expect(now.get(id), id).toEqual(was);
  }

  /** Since it was looked at last, Home Assistant has said nothing about us. `gone`: devices whose topic was emptied. */
  nothingIsSaidOfUs(gone = 0): void {
    const { complaints } = this.house.home;
    const fresh = complaints.slice(this.heard).filter((line) => !line.includes(OF_THE_BROKER));
    this.heard = complaints.length;
    expect(fresh.filter((line) => !line.includes(ALREADY_GONE))).toEqual([]);
    expect(fresh.length).toBeLessThanOrEqual(gone);
  }

  /**
   * Since the last time, no value has gone and come back more often than this: what was restarted is away for one stretch,
   * and what is announced in another form for one more.
   */
  async nothingFlickered(stretches = 1): Promise<void> {
    const { api } = this.house.home;
    const ids = [...(await api.entities()).values()]
      .filter(({ disabled_by, entity_id }) => disabled_by === null && entity_id.startsWith('sensor.'))
      .map(({ entity_id }) => entity_id);
    // What is still away would be counted with whatever comes next.
    await this.house.eventually(async () => {
      const states = await api.states();
      return ids.every((id) => states.get(id)?.state !== AWAY);
    });
    const since = this.watchedSince;
    this.watchedSince = new Date();
    for (const [id, course] of Object.entries(await this.recorded(ids, since))) {
      const returns = course.filter((state, index) => !isGone(state) && isGone(course[index - 1]));
      expect(returns.length, `${id}: ${course.join(', ')}`).toBeLessThanOrEqual(stretches);
    }
  }

  /** The states since then of each that had any, when the recorder, which writes once a second, has come up to now. */
  private async recorded(ids: readonly string[], since: Date): Promise<Readonly<Record<string, State[]>>> {
    const { api } = this.house.home;
    return this.house.eventually(async () => {
      const states = await api.states();
      const recorded = await api.ask<Record<string, { s: State }[]>>('history/history_during_period', {
        start_time: since.toISOString(),
        entity_ids: ids,
        minimal_response: true,
        no_attributes: true,
        include_start_time_state: true,
      });
      const courses = Object.entries(recorded).map(([id, course]) => [id, course.map(({ s }) => s)] as const);
      const isUpToNow = courses.every(([id, course]) => course.at(-1) === (states.get(id)?.state ?? null));
      return isUpToNow ? Object.fromEntries(courses) : undefined;
    });
  }

  private async now(): Promise<ReadonlyMap<string, Kept>> {
    const entities = await this.house.home.api.entities();
    return new Map(
      [...entities].map(([id, { entity_id, name, icon, disabled_by, area_id }]) => [
        id,
        { entity_id, name, icon, disabled_by, area_id },
      ]),
    );
  }
}
