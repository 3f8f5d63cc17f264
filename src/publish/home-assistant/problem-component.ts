import type { Reading } from '../../readings/reading.ts';
import type { Component } from './device-discovery.ts';
import type { EntityNaming } from './entity-naming.ts';

/** Only large plants have this sensor. */
const DISABLED: ReadonlySet<string> = new Set(['problem_temperature_3_sensor']);

/** Whether something is the matter with the meter. */
export function problemComponent({ quantity, label }: Reading, naming: EntityNaming): Component {
  return {
    platform: 'binary_sensor',
    unique_id: `${naming.deviceId}_${quantity}`,
    default_entity_id: `binary_sensor.${naming.slug}_${quantity}`,
    name: label,
    state_topic: naming.stateTopic,
    ...naming.templates.flag(quantity),
    device_class: 'problem',
    entity_category: 'diagnostic',
    ...(DISABLED.has(quantity) && { enabled_by_default: false as const }),
  };
}
