import type { Topics } from '../../mqtt/topics.ts';
import type { DeviceDiscovery, Origin } from './device-discovery.ts';
import { bridgeDeviceId } from './device-ids.ts';
import { outputComponents } from './output-components.ts';
import { TEMPLATES, type Templates } from './templates.ts';

/** The bridge as a device of its own, above its meters. Its connection has no availability: it says just that. */
export function bridgeDiscovery(
  topics: Topics,
  origin: Origin,
  outputNames: readonly string[] = [],
  templates: Templates = TEMPLATES.device,
): DeviceDiscovery {
  const id = bridgeDeviceId(topics.base);
  return {
    device: {
      identifiers: [id],
      name: topics.base === origin.name ? `${origin.name} bridge` : `${origin.name} bridge ${topics.base}`,
      manufacturer: origin.name,
      model: 'Bridge',
      sw_version: origin.sw_version,
    },
    origin,
    components: {
      connectivity: {
        platform: 'binary_sensor',
        unique_id: `${id}_connectivity`,
        default_entity_id: `binary_sensor.${id}_connectivity`,
        name: 'Connection',
        device_class: 'connectivity',
        entity_category: 'diagnostic',
        state_topic: topics.bridgeState,
        payload_on: 'online',
        payload_off: 'offline',
      },
      ...outputComponents(id, outputNames, topics, templates),
    },
  };
}
