import { EVENT_TYPES } from '../event-json.ts';
import type { Component, EntityNaming } from './discovery.ts';
import { EVENT_KEY, entityNames } from './entity-names.ts';
import { iconOf } from './icons.ts';

/**
 * Tells what happened at the meter: automations need no templates for it. It is never unavailable with the bridge: what
 * happened last stays true, and an entity that comes back would start them once more.
 */
export function eventComponent(naming: EntityNaming, topic: string): Component {
  const { deviceId, templates } = naming;
  return {
    platform: 'event',
    unique_id: `${deviceId}_${EVENT_KEY}`,
    ...entityNames(naming, 'event', EVENT_KEY, 'Event'),
    ...iconOf(EVENT_KEY, templates),
    availability: [],
    state_topic: topic,
    event_types: Object.values(EVENT_TYPES),
    qos: 1,
  };
}
