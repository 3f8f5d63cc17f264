/** What Home Assistant's device-based discovery takes. The root refuses any other key. */
export interface DeviceDiscovery {
  readonly device: DeviceInfo;
  readonly origin: Origin;
  readonly availability?: readonly Availability[];
  readonly availability_mode?: 'all';
  /** The keys are for ever: another key is another entity. */
  readonly components: Readonly<Record<string, Component>>;
}

export interface DeviceInfo {
  readonly identifiers: readonly string[];
  readonly name: string;
  readonly manufacturer: string;
  readonly model?: string;
  readonly serial_number?: string;
  readonly sw_version?: string;
  readonly via_device?: string;
}

export interface Origin {
  readonly name: string;
  readonly sw_version: string;
}

export interface Availability {
  readonly topic: string;
}

export interface Component {
  readonly platform: 'sensor' | 'binary_sensor' | 'button';
  readonly unique_id: string;
  readonly default_entity_id: string;
  readonly name: string;
  readonly state_topic?: string;
  readonly value_template?: string;
  readonly command_topic?: string;
  readonly payload_press?: string;
  readonly payload_on?: string;
  readonly payload_off?: string;
  readonly device_class?: string;
  readonly unit_of_measurement?: string;
  readonly state_class?: StateClass;
  readonly suggested_display_precision?: number;
  readonly entity_category?: 'diagnostic';
  /** Left out for true, Home Assistant's default. */
  readonly enabled_by_default?: false;
  readonly availability?: readonly Availability[];
}

export type StateClass = 'measurement' | 'total' | 'total_increasing';
