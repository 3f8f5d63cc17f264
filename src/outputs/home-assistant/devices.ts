import { labelIn } from '../../catalogue/labels/label-in.ts';
import type { Language } from '../../catalogue/texts/languages.ts';
import { type Awaited, type MeterIdentity, NOTHING_AWAITED } from '../../meter/publisher.ts';
import type { Topics } from '../../mqtt/topics.ts';
import type { Reading } from '../../readings/reading.ts';
import { type Figure, flatKey, inOrder, METER_FIGURES, OUTPUT_FIGURES } from '../diagnostics-figures.ts';
import type { OutputDefinition } from '../output.ts';
import {
  type Appearance,
  bridgeDeviceId,
  type Component,
  type DeviceDiscovery,
  type EntityNaming,
  meterDeviceId,
  type Origin,
  PLAIN,
  slug,
  TEMPLATES,
  type Templates,
} from './discovery.ts';
import { templatesFor } from './domoticz.ts';
import { EVENT_KEY, entityNames } from './entity-names.ts';
import { eventComponent } from './event-entity.ts';
import { type HeldDevice, heldSlug, keptComponents, NOTHING_HELD } from './held-discovery.ts';
import { iconOf } from './icons.ts';
import { meterDevice } from './meter-device.ts';
import { isAboveZero, quantityComponent } from './quantity-entity.ts';

/** The bridge as a device of its own, above its meters. Its connection has no availability: it says just that. */
export function bridgeDiscovery(
  topics: Topics,
  origin: Origin,
  outputs: readonly OutputDefinition[] = [],
  templates: Templates = TEMPLATES.device,
  { language, page }: Appearance = PLAIN,
): DeviceDiscovery {
  const id = bridgeDeviceId(topics.base);
  return {
    device: {
      identifiers: [id],
      name: topics.base === origin.name ? `${origin.name} bridge` : `${origin.name} bridge ${topics.base}`,
      manufacturer: origin.name,
      model: 'Bridge',
      sw_version: origin.sw_version,
      ...(page !== undefined && { configuration_url: page }),
    },
    origin,
    components: {
      connectivity: {
        platform: 'binary_sensor',
        unique_id: `${id}_connectivity`,
        default_entity_id: `binary_sensor.${id}_connectivity`,
        name: labelIn(language, 'connectivity', 'Connectivity'),
        device_class: 'connectivity',
        entity_category: 'diagnostic',
        state_topic: topics.bridgeState,
        payload_on: 'online',
        payload_off: 'offline',
      },
      ...outputComponents(id, outputs, topics, templates, language),
    },
  };
}

/** Two entities for each of the other outputs: its problem, and how much waits. */
function outputComponents(
  bridgeId: string,
  outputs: readonly OutputDefinition[],
  topics: Topics,
  templates: Templates,
  language: Language,
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
    ...OUTPUT_FIGURES.flatMap((figure): [string, Component][] => {
      const { key, entity: traits } = figure;
      if (traits === undefined) return [];
      return [
        [
          `${name}_${key}`,
          {
            ...entity('sensor', `${name}_${key}`, `${entityLabel}, ${labelIn(language, key, traits.name)}`),
            ...figureTraits(figure),
            value_template: templates.nested(name, key),
            ...(!traits.enabled && { enabled_by_default: false as const }),
          },
        ],
      ];
    }),
  ]);
  return Object.fromEntries(components);
}

/**
 * One meter as a device, with an entity for each of `latest`, for what the bridge knows of its own work, and for what is
 * `held` and still awaited.
 */
export function meterDiscovery(
  meter: MeterIdentity,
  latest: readonly Reading[],
  topics: Topics,
  origin: Origin,
  templates: Templates = TEMPLATES.device,
  held: HeldDevice = NOTHING_HELD,
  awaited: Awaited = NOTHING_AWAITED,
  { language, page }: Appearance = PLAIN,
): DeviceDiscovery {
  const { serialNumber } = meter;
  const deviceId = meterDeviceId(serialNumber);
  const naming = {
    deviceId,
    name: meter.name,
    slug: heldSlug(held) ?? (slug(meter.name) || deviceId),
    stateTopic: topics.state(serialNumber),
    templates,
    kind: meter.kind,
    language,
  };
  const counts = new Set(latest.filter(isAboveZero).map(({ quantity }) => quantity));
  const quantities = latest.map((reading): [string, Component] => [
    reading.quantity,
    quantityComponent(reading, naming, counts),
  ]);
  const kept = keptComponents(held, new Set(latest.map(({ quantity }) => quantity)), awaited, naming);
  // As long as the meter was not asked for all, who announced it may have known better.
  const before = awaited === 'anything' ? held.device : {};
  return {
    device: meterDevice(meter, latest, { before, page, bridge: bridgeDeviceId(topics.base) }),
    origin,
    availability: [{ topic: topics.bridgeState }, { topic: topics.availability(serialNumber) }],
    availability_mode: 'all',
    components: {
      // In a fixed order, so that the same set of quantities is the same payload.
      ...Object.fromEntries([...quantities, ...kept].sort(([a], [b]) => (a < b ? -1 : 1))),
      ...diagnosticComponents(naming, isOnBattery(meter), meter.model?.why, {
        bridgeState: topics.bridgeState,
        availability: topics.availability(serialNumber),
        diagnostics: topics.diagnostics(serialNumber),
        read: topics.read(serialNumber),
      }),
      [EVENT_KEY]: eventComponent(naming, topics.event(serialNumber)),
    },
  };
}

/** Electricity meters live on the mains that they count. */
function isOnBattery({ kind, mainsPowered = false }: MeterIdentity): boolean {
  return !mainsPowered && kind !== 'electricity';
}

interface DiagnosticTopics {
  readonly bridgeState: string;
  readonly availability: string;
  readonly diagnostics: string;
  readonly read: string;
}

// biome-ignore format: a table reads best in rows
/** Another order would be another payload, which Home Assistant would have to read for nothing. */
const PUBLISHED_ORDER = [
  'last_successful_reading', 'failed_readings', 'last_error', 'connectivity', 'wake_ups', 'transactions', 'battery_ratio',
  'readings_today', 'readings_last_7_days', 'transactions_today', 'transactions_last_7_days',
  'wake_ups_today', 'wake_ups_last_7_days', 'bytes_today', 'bytes_last_7_days',
  'seconds_awake_today', 'seconds_awake_last_7_days', 'readings_left_today', 'checksum_errors', 'read_now',
];

/** Details of the connection. A timestamp of its own would write a line into the activity list with each reading. */
function connectionDetails(recognised: string | undefined): string {
  const fixed = recognised === undefined ? '' : `,'model_recognised':${JSON.stringify(recognised)}`;
  return `{{{'last_successful_reading':value_json.get('last_successful_reading')${fixed}}|to_json}}`;
}

/**
 * Entities of the bridge's own figures about a meter. They are available with the bridge alone, because they are of most
 * use while the meter is silent.
 */
function diagnosticComponents(
  naming: EntityNaming,
  onBattery: boolean,
  recognised: string | undefined,
  topics: DiagnosticTopics,
): Readonly<Record<string, Component>> {
  const entity = (platform: Component['platform'], key: string, name: string) => ({
    platform,
    unique_id: `${naming.deviceId}_${key}`,
    ...entityNames(naming, platform, key, name),
    ...iconOf(key, naming.templates),
    availability: [{ topic: topics.bridgeState }],
  });
  const figures = METER_FIGURES.flatMap((figure): [string, Component][] => {
    const { key, period, kind, entity: traits } = figure;
    if (traits === undefined) return [];
    const templates = templatesFor({ key: flatKey(figure), unit: figure.unit }, naming.templates);
    const template = kind === 'text' ? templates.sentence(key) : templates.value(key);
    const component = {
      ...entity('sensor', flatKey(figure), traits.name),
      entity_category: 'diagnostic' as const,
      state_topic: topics.diagnostics,
      value_template: period === undefined ? template : templates.nested(period, key),
      ...figureTraits(figure),
      // The state says what is wrong, and not what to do: that is long.
      ...(kind === 'text' && {
        json_attributes_topic: topics.diagnostics,
        json_attributes_template: `{{{'details':value_json.get('${key}')}|to_json}}`,
      }),
      ...(!(traits.enabled === 'on battery' ? onBattery : traits.enabled) && {
        enabled_by_default: false as const,
      }),
    };
    return [[flatKey(figure), component]];
  });
  const others: [string, Component][] = [
    [
      'connectivity',
      {
        ...entity('binary_sensor', 'connectivity', 'Connectivity'),
        entity_category: 'diagnostic',
        device_class: 'connectivity',
        state_topic: topics.availability,
        payload_on: 'online',
        payload_off: 'offline',
        json_attributes_topic: topics.diagnostics,
        json_attributes_template: connectionDetails(recognised),
      },
    ],
    [
      'read_now',
      {
        ...entity('button', 'read_now', 'Read now'),
        command_topic: topics.read,
        payload_press: 'READ',
      },
    ],
  ];
  return Object.fromEntries(inOrder([...figures, ...others], PUBLISHED_ORDER));
}

/** Counters are `total_increasing`, because they begin anew with the bridge, or at midnight. */
function figureTraits({ kind, period, unit, decimals = 0 }: Figure<never>): Partial<Component> {
  if (kind === 'text') return {};
  if (kind === 'timestamp') return { device_class: 'timestamp' };
  const display = {
    ...(unit === 's' && { device_class: 'duration' }),
    ...(unit !== undefined && { unit_of_measurement: unit }),
    // Whole seconds are enough to look at.
    suggested_display_precision: unit === 's' ? 0 : decimals,
  };
  const state = { state_class: kind === 'counter' ? 'total_increasing' : 'measurement' } as const;
  // Another order of the members would be another payload.
  return period === undefined ? { ...state, ...display } : { ...display, ...state };
}
