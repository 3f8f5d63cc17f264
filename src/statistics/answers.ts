import { type Fields, fieldsOf, isInteger, isObject, itemsOf } from '../shared/stored.ts';
import type { HourRow } from './hour-row.ts';

/**
 * Home Assistant's answers as what they should be, and undefined for anything else: of a row or an entity that is left out,
 * an import would be planned as if it were not there. What we make no use of is not looked at.
 */
export type Read<Answer> = (answer: unknown) => Answer | undefined;

/** An entity as its registry has it. */
export interface Entity {
  readonly entity_id: string;
  readonly unique_id: string;
  readonly platform: string;
  readonly disabled_by: string | null;
}

/** What a statistic is, as `recorder/get_statistics_metadata` says. */
export interface Metadata {
  readonly statistic_id: string;
  /** In which the rows are kept; what the entity shows may be another one. */
  readonly statistics_unit_of_measurement: string | null;
  readonly unit_class?: string | null;
  readonly mean_type?: number;
  readonly has_mean?: boolean;
  readonly has_sum: boolean;
  readonly name: string | null;
  readonly source: string;
}

/** Of a command that is only done. */
export const done: Read<true> = () => true;

/** How much the recorder has still to do, by `recorder/info`. */
export const backlogIn: Read<number> = (answer) => {
  const { backlog } = fieldsOf(answer);
  return isInteger(backlog, 0) ? backlog : undefined;
};

/** Those of the MQTT integration; a unique id of another one may be a number. */
export const mqttEntitiesIn: Read<readonly Entity[]> = (answer) =>
  listOf(answer, (item) => {
    const { platform, entity_id, unique_id, disabled_by } = fieldsOf(item);
    if (!isText(platform)) return undefined;
    if (platform !== 'mqtt') return [];
    const isOne = isText(entity_id) && isText(unique_id) && isTextOrNull(disabled_by);
    return isOne ? [{ platform, entity_id, unique_id, disabled_by }] : undefined;
  })?.flat();

export const metadataIn: Read<readonly Metadata[]> = (answer) =>
  listOf(answer, (item) => (isMetadata(item) ? item : undefined));

/** Of the statistic `id`; where it has none, it is not in the answer. */
export function rowsIn(id: string): Read<readonly HourRow[]> {
  return (answer) => {
    if (!isObject(answer)) return undefined;
    return id in answer ? listOf(answer[id], rowOf) : [];
  };
}

/** The statistic that counts what the total `id` costs, by `energy/info`. */
export function costStatisticIn(id: string): Read<{ readonly statistic: string | undefined }> {
  return (answer) => {
    const { cost_sensors } = fieldsOf(answer);
    if (!isObject(cost_sensors)) return undefined;
    const statistic = cost_sensors[id];
    return statistic === undefined || isText(statistic) ? { statistic } : undefined;
  };
}

/** What the Energy dashboard's settings say of the total `id`; null for no fixed price. */
export function fixedPriceIn(id: string): Read<{ readonly price: number | null; readonly isWater: boolean }> {
  return (answer) => {
    const sources = listOf(fieldsOf(answer).energy_sources, (item) => (isObject(item) ? item : undefined));
    if (sources === undefined) return undefined;
    const { type, number_energy_price: price = null } =
      sources.find(({ stat_energy_from }) => stat_energy_from === id) ?? {};
    return price === null || typeof price === 'number' ? { price, isWater: type === 'water' } : undefined;
  };
}

/** In which the entity `id` is shown, by `get_states`; empty for none. */
export function shownUnitIn(id: string): Read<string> {
  return (answer) => {
    const states = listOf(answer, (item) => (isText(fieldsOf(item).entity_id) ? fieldsOf(item) : undefined));
    if (states === undefined) return undefined;
    const { attributes = {} } = states.find(({ entity_id }) => entity_id === id) ?? {};
    if (!isObject(attributes)) return undefined;
    const unit = attributes.unit_of_measurement ?? '';
    return isText(unit) ? unit : undefined;
  };
}

function isMetadata(item: unknown): item is Metadata & Fields {
  const { statistic_id, statistics_unit_of_measurement: unit, unit_class } = fieldsOf(item);
  const { mean_type, has_mean, has_sum, name, source } = fieldsOf(item);
  const isClear = mean_type === undefined ? typeof has_mean === 'boolean' : typeof mean_type === 'number';
  const isNamed = isText(statistic_id) && isText(source) && isTextOrNull(name);
  const hasUnit = isTextOrNull(unit) && (unit_class === undefined || isTextOrNull(unit_class));
  return isClear && isNamed && hasUnit && typeof has_sum === 'boolean';
}

function rowOf(item: unknown): HourRow | undefined {
  const { start, state = null, sum = null, mean = null, min = null, max = null } = fieldsOf(item);
  const isRow = isNumberOrNull(state) && isNumberOrNull(sum) && isNumberOrNull(mean);
  return typeof start === 'number' && isRow && isNumberOrNull(min) && isNumberOrNull(max)
    ? { start, state, sum, mean, min, max }
    : undefined;
}

/** Undefined where one of the items is not understood. */
function listOf<Item>(answer: unknown, read: Read<Item>): readonly Item[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  const items = itemsOf(answer, read);
  return items.length === answer.length ? items : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isNumberOrNull(value: unknown): value is number | null {
  return value === null || typeof value === 'number';
}
