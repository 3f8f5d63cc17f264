import { batteryComponents } from './battery-components.ts';
import type { Component } from './device-discovery.ts';
import type { EntityNaming } from './entity-naming.ts';

export interface DiagnosticTopics {
  readonly bridgeState: string;
  readonly availability: string;
  readonly diagnostics: string;
  readonly read: string;
}

/**
 * What the bridge itself knows of a meter. Available with the bridge alone: they are of most use while the meter is silent.
 */
export function diagnosticComponents(
  naming: EntityNaming,
  topics: DiagnosticTopics,
): Readonly<Record<string, Component>> {
  const entity = (platform: Component['platform'], key: string, name: string) => ({
    platform,
    unique_id: `${naming.deviceId}_${key}`,
    default_entity_id: `${platform}.${naming.slug}_${key}`,
    name,
    availability: [{ topic: topics.bridgeState }],
  });
  const sensor = (key: string, name: string) => ({
    ...entity('sensor', key, name),
    entity_category: 'diagnostic' as const,
    state_topic: topics.diagnostics,
    value_template: naming.templates.value(key),
  });
  const counter = (key: string, name: string) => ({
    ...sensor(key, name),
    // Anew from 0 with each start of the bridge.
    state_class: 'total_increasing' as const,
    suggested_display_precision: 0,
  });
  return {
    last_successful_reading: {
      ...sensor('last_successful_reading', 'Last successful reading'),
      device_class: 'timestamp',
    },
    failed_readings: counter('failed_readings', 'Failed readings'),
    last_error: {
      ...sensor('last_error', 'Last error'),
      value_template: naming.templates.text('last_error'),
    },
    connectivity: {
      ...entity('binary_sensor', 'connectivity', 'Connection'),
      entity_category: 'diagnostic',
      device_class: 'connectivity',
      state_topic: topics.availability,
      payload_on: 'online',
      payload_off: 'offline',
    },
    wake_ups: { ...counter('wake_ups', 'Wake-ups'), enabled_by_default: false },
    transactions: { ...counter('transactions', 'Transactions'), enabled_by_default: false },
    ...batteryComponents(sensor, naming.templates),
    checksum_errors: { ...counter('checksum_errors', 'Checksum errors'), enabled_by_default: false },
    read_now: {
      ...entity('button', 'read_now', 'Read now'),
      command_topic: topics.read,
      payload_press: 'READ',
    },
  };
}
