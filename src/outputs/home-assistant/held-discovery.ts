import { isQuantity } from '../../catalogue/quantities.ts';
import type { Awaited } from '../../meter/publisher.ts';
import { type Fields, fieldsOf, isInteger, isObject } from '../../shared/stored.ts';
import { readDiscovery } from './abbreviations.ts';
import type { Component, DeviceDiscovery, DiscoveryTopics, EntityNaming } from './discovery.ts';
import { templatesFor } from './domoticz.ts';
import { iconOf } from './icons.ts';

/** What the broker holds of one device, whichever form it was announced in. Anybody may have written it. */
export interface HeldDevice {
  readonly device: Fields;
  /** By key. */
  readonly components: ReadonlyMap<string, Fields>;
  /** What the broker did not take in one message, in this run or an earlier one. */
  readonly refusedBytes?: number | undefined;
}

export const NOTHING_HELD: HeldDevice = { device: {}, components: new Map() };

/** `held`: topic and payload of both forms. */
export function heldDevice(held: ReadonlyMap<string, string>, topics: DiscoveryTopics): HeldDevice {
  const components = new Map<string, Fields>();
  let device: Fields = {};
  let refusedBytes: number | undefined;
  for (const [topic, payload] of held) {
    const content = readDiscovery(payload);
    if (isObject(content.device)) device = content.device;
    if (topic === topics.device) {
      for (const [key, component] of Object.entries(fieldsOf(content.components)))
        components.set(key, fieldsOf(component));
    } else {
      const { device: _, origin: __, availability: ___, availability_mode: ____, ...entity } = content;
      const { refused_bytes, ...component } = entity;
      if (isInteger(refused_bytes, 1)) refusedBytes = refused_bytes;
      const [key, platform] = topics.entityOf(topic);
      components.set(key, { platform, ...component });
    }
  }
  // What was let go of, or is about to be removed, says nothing of the entity.
  const whole = Array.from(components).filter(([, { unique_id }]) => typeof unique_id === 'string');
  return { device, components: new Map(whole), refusedBytes };
}

/** Entities stay under the name of the meter that they were announced with first; undefined where nothing is held. */
export function heldSlug({ components }: HeldDevice): string | undefined {
  const counts = new Map<string, number>();
  for (const [key, { platform, default_entity_id: id }] of components) {
    const [start, end] = [`${platform}.`, `_${key}`];
    if (typeof id !== 'string' || !id.startsWith(start) || !id.endsWith(end)) continue;
    const slug = id.slice(start.length, id.length - end.length);
    if (slug !== '') counts.set(slug, (counts.get(slug) ?? 0) + 1);
  }
  return Array.from(counts).sort(([, a], [, b]) => b - a)[0]?.[0];
}

/**
 * Entities that are announced and of which no value is known: they stay as they are until it is certain that none comes.
 * Home Assistant would give them other ids when they come back.
 */
export function keptComponents(
  { components }: HeldDevice,
  known: ReadonlySet<string>,
  awaited: Awaited,
  { deviceId, stateTopic, templates }: EntityNaming,
): readonly (readonly [string, Component])[] {
  return Array.from(components).flatMap(([key, held]): [string, Component][] => {
    const isAwaited = awaited === 'anything' ? isQuantity(key) : awaited.has(key);
    if (!isAwaited || known.has(key) || held.unique_id !== `${deviceId}_${key}`) return [];
    const { platform } = held;
    if (platform !== 'sensor' && platform !== 'binary_sensor') return [];
    const unit = String(held.unit_of_measurement ?? '');
    const value =
      platform === 'binary_sensor'
        ? templates.flag(key)
        : { value_template: templatesFor({ key, unit }, templates).value(key) };
    // Where its state is found is ours to say: base topic and form may be others now.
    const { icon: _, ...plain } = held;
    const icon = iconOf(key, templates);
    // It may be announced in the other form now.
    const same = (icon.icon === undefined ? plain : held) as unknown as Component;
    return [[key, { ...same, ...icon, platform, state_topic: stateTopic, ...value }]];
  });
}

/**
 * An entity that comes back gets its default id from Home Assistant: it stays what it was. What was announced as enabled
 * is not disabled by what a newer version thinks of it: Domoticz would no longer hear of it.
 */
export function asHeld(discovery: DeviceDiscovery, { components: held }: HeldDevice): DeviceDiscovery {
  const components = Object.entries(discovery.components).map(([key, component]): [string, Component] => {
    const { platform, unique_id, default_entity_id: id, enabled_by_default: enabled } = held.get(key) ?? {};
    if (platform !== component.platform || unique_id !== component.unique_id) return [key, component];
    const { enabled_by_default: wanted, ...rest } = component;
    const isDisabled = wanted === false && enabled === false;
    return [
      key,
      {
        ...rest,
        ...(isEntityId(id, platform) && { default_entity_id: id }),
        ...(isDisabled && { enabled_by_default: wanted }),
      },
    ];
  });
  return { ...discovery, components: Object.fromEntries(components) };
}

function isEntityId(id: unknown, platform: unknown): id is string {
  return typeof id === 'string' && id.startsWith(`${platform}.`) && /^[a-z_]+\.[a-z0-9_]+$/.test(id);
}
