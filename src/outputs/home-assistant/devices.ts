import type { MeterIdentity } from '../../meter/publisher.ts';
import type { Topics } from '../../mqtt/topics.ts';
import type { Reading } from '../../readings/reading.ts';
import type { OutputDefinition } from '../output.ts';
import {
  bridgeDeviceId,
  type Component,
  type DeviceDiscovery,
  type EntityNaming,
  meterDeviceId,
  type Origin,
  slug,
  TEMPLATES,
  type Templates,
} from './discovery.ts';
import { quantityComponent } from './quantity-entity.ts';

/** What the readings of a day or a week are counted in: the key in the diagnostics, its name, its traits. */
const COUNTED: readonly (readonly [key: string, name: string, traits: Partial<Component>])[] = [
  ['readings', 'Readings', { suggested_display_precision: 0 }],
  ['transactions', 'Transactions', { suggested_display_precision: 0 }],
  ['wake_ups', 'Wake-ups', { suggested_display_precision: 0 }],
  ['bytes', 'Bytes', { unit_of_measurement: 'B', suggested_display_precision: 0 }],
  [
    'seconds_awake',
    'Time awake',
    { device_class: 'duration', unit_of_measurement: 's', suggested_display_precision: 0 },
  ],
];
/** What a household looks at; the rest is a click away. */
const SHOWN: readonly string[] = ['readings_today'];

/** What the meter's battery was asked for. Figures, not problems: how much is too much is for its owner to say. */
function batteryComponents(
  sensor: (key: string, name: string) => Component,
  templates: Templates,
): Readonly<Record<string, Component>> {
  const components = COUNTED.flatMap(([counted, name, traits]) => [
    // Anew from 0 each midnight.
    of('today', `${counted}_today`, `${name} today`, { ...traits, state_class: 'total_increasing' }),
    of('last_7_days', `${counted}_last_7_days`, `${name} in the last 7 days`, {
      ...traits,
      state_class: 'measurement',
    }),
  ]);
  return {
    battery_ratio: {
      ...sensor('battery_ratio', 'Battery use ratio'),
      state_class: 'measurement',
      suggested_display_precision: 2,
    },
    ...Object.fromEntries(components),
    readings_left_today: {
      ...sensor('readings_left_today', 'Readings left today'),
      state_class: 'measurement',
      suggested_display_precision: 0,
      enabled_by_default: false,
    },
  };

  function of(
    period: 'today' | 'last_7_days',
    key: string,
    name: string,
    traits: Partial<Component>,
  ): [string, Component] {
    const field = key.slice(0, -period.length - 1);
    return [
      key,
      {
        ...sensor(key, name),
        value_template: templates.nested(period, field),
        ...traits,
        ...(!SHOWN.includes(key) && { enabled_by_default: false as const }),
      },
    ];
  }
}

/** Whether each of the other outputs works, and what waits for it. */
function outputComponents(
  bridgeId: string,
  outputs: readonly OutputDefinition[],
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
  const components = outputs.flatMap(({ name, label, entityLabel = label }): [string, Component][] => [
    [
      `${name}_problem`,
      {
        ...entity('binary_sensor', `${name}_problem`, entityLabel),
        device_class: 'problem',
        value_template: templates.nested(name, 'state'),
        payload_on: 'problem',
        payload_off: 'ok',
      },
    ],
    [
      `${name}_waiting`,
      {
        ...entity('sensor', `${name}_waiting`, `${entityLabel}, waiting`),
        state_class: 'measurement',
        suggested_display_precision: 0,
        value_template: templates.nested(name, 'waiting'),
      },
    ],
  ]);
  return Object.fromEntries(components);
}

/** The bridge as a device of its own, above its meters. Its connection has no availability: it says just that. */
export function bridgeDiscovery(
  topics: Topics,
  origin: Origin,
  outputs: readonly OutputDefinition[] = [],
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
      ...outputComponents(id, outputs, topics, templates),
    },
  };
}

interface DiagnosticTopics {
  readonly bridgeState: string;
  readonly availability: string;
  readonly diagnostics: string;
  readonly read: string;
}

/**
 * What the bridge itself knows of a meter. Available with the bridge alone: they are of most use while the meter is silent.
 */
function diagnosticComponents(
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
