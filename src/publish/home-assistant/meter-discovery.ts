import type { Topics } from '../../mqtt/topics.ts';
import type { Reading } from '../../readings/reading.ts';
import type { MeterIdentity } from '../publisher.ts';
import type { Component, DeviceDiscovery, Origin } from './device-discovery.ts';
import { bridgeDeviceId, meterDeviceId } from './device-ids.ts';
import { diagnosticComponents } from './diagnostic-components.ts';
import { quantityComponent } from './quantity-component.ts';
import { slug } from './slug.ts';
import { TEMPLATES, type Templates } from './templates.ts';

/** One meter as a device, with an entity for each of `latest` and for what the bridge knows of its own work. */
export function meterDiscovery(
  meter: MeterIdentity,
  latest: readonly Reading[],
  topics: Topics,
  origin: Origin,
  templates: Templates = TEMPLATES.device,
): DeviceDiscovery {
  const { serialNumber } = meter;
  const deviceId = meterDeviceId(serialNumber);
  const naming = {
    deviceId,
    slug: slug(meter.name) || deviceId,
    stateTopic: topics.state(serialNumber),
    templates,
    kind: meter.kind,
  };
  const quantities = latest.map((reading): [string, Component] => [
    reading.quantity,
    quantityComponent(reading, naming),
  ]);
  return {
    device: {
      identifiers: [deviceId],
      name: meter.name,
      manufacturer: 'Kamstrup',
      serial_number: serialNumber,
      ...(meter.model !== null && { model: meter.model }),
      ...(meter.softwareRevision !== null && { sw_version: meter.softwareRevision }),
      via_device: bridgeDeviceId(topics.base),
    },
    origin,
    availability: [{ topic: topics.bridgeState }, { topic: topics.availability(serialNumber) }],
    availability_mode: 'all',
    components: {
      // In a fixed order, so that the same set of quantities is the same payload.
      ...Object.fromEntries(quantities.sort(([a], [b]) => (a < b ? -1 : 1))),
      ...diagnosticComponents(naming, {
        bridgeState: topics.bridgeState,
        availability: topics.availability(serialNumber),
        diagnostics: topics.diagnostics(serialNumber),
        read: topics.read(serialNumber),
      }),
    },
  };
}
