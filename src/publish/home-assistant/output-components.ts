import type { Topics } from '../../mqtt/topics.ts';
import type { Component } from './device-discovery.ts';
import type { Templates } from './templates.ts';

/** How people call the outputs; the keys are those of the configuration. */
const LABELS: Readonly<Record<string, string>> = {
  influxdb: 'InfluxDB',
  domoticz: 'Domoticz',
  metrics: 'Metrics',
  csv: 'CSV files',
  webhook: 'Webhook',
};

/** Whether each of the other outputs works, and what waits for it. */
export function outputComponents(
  bridgeId: string,
  names: readonly string[],
  topics: Topics,
  templates: Templates,
): Readonly<Record<string, Component>> {
  const entity = (platform: 'sensor' | 'binary_sensor', key: string, name: string) => ({
    platform,
    unique_id: `${bridgeId}_${key}`,
    default_entity_id: `${platform}.${bridgeId}_${key}`,
    name,
    entity_category: 'diagnostic' as const,
    availability: [{ topic: topics.bridgeState }],
    state_topic: topics.bridgeDiagnostics,
  });
  const components = names.flatMap((name): [string, Component][] => [
    [
      `${name}_problem`,
      {
        ...entity('binary_sensor', `${name}_problem`, LABELS[name] ?? name),
        device_class: 'problem',
        value_template: templates.nested(name, 'state'),
        payload_on: 'problem',
        payload_off: 'ok',
      },
    ],
    [
      `${name}_waiting`,
      {
        ...entity('sensor', `${name}_waiting`, `${LABELS[name] ?? name}, waiting`),
        state_class: 'measurement',
        suggested_display_precision: 0,
        value_template: templates.nested(name, 'waiting'),
      },
    ],
  ]);
  return Object.fromEntries(components);
}
