/** Where readings go besides MQTT and Home Assistant. docs/outputs.md says what each one does. */
export interface OutputsConfig {
  readonly waiting: WaitingConfig;
  readonly influxdb: InfluxdbConfig;
  readonly domoticz: DomoticzConfig;
  readonly metrics: MetricsConfig;
  readonly csv: CsvConfig;
  readonly webhook: WebhookConfig;
}

/** How much each output may keep on disk while its server is away. */
export interface WaitingConfig {
  readonly maxMegabytes: number;
  readonly maxDays: number;
}

/** A server that is reached over HTTP. */
interface ServerConfig {
  readonly url: string;
  /** Path of a PEM file with a certificate authority; empty: those that Node knows. */
  readonly ca: string;
  readonly rejectUnauthorized: boolean;
}

export interface InfluxdbConfig extends ServerConfig {
  readonly enabled: boolean;
  /** Of InfluxDB 1.x; empty where `bucket` is set. */
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly org: string;
  /** Of InfluxDB 2.x and 3.x; empty where `database` is set. */
  readonly bucket: string;
  readonly token: string;
  readonly measurement: string;
  readonly tags: readonly InfluxdbTag[];
  /** `published`: the meter's, or those of its `units`. `common`: the same for all meters. */
  readonly units: 'published' | 'common';
}

export const METER_TAGS = ['serial_number', 'name', 'model'] as const;

/** What the meter says, or a text of the user's own. */
export type InfluxdbTag =
  | { readonly key: (typeof METER_TAGS)[number] }
  | { readonly key: string; readonly value: string };

export interface DomoticzConfig extends ServerConfig {
  readonly enabled: boolean;
  /** Where Domoticz listens at the broker; not used where `url` is set. */
  readonly topic: string;
  readonly username: string;
  readonly password: string;
  readonly devices: readonly DomoticzDevice[];
}

/**
 * What a Domoticz device takes as its value:
 *
 * | type      | value |
 * | --------- | --- |
 * | value     | the quantity as it is published: custom sensor, temperature, text, percentage |
 * | counter   | a whole number that Domoticz divides by 1000: Wh of energy, litres of water |
 * | kwh       | W and Wh at once (Electric, instant and counter) |
 * | usage     | W |
 * | waterflow | litres a minute |
 */
export type DomoticzType = (typeof DOMOTICZ_TYPES)[number];

export const DOMOTICZ_TYPES = ['value', 'counter', 'kwh', 'usage', 'waterflow'] as const;

export interface DomoticzDevice {
  /** The meter's name; null: the only one. */
  readonly meter: string | null;
  readonly quantity: string;
  /** The number of the device in Domoticz. */
  readonly index: number;
  readonly type: DomoticzType;
}

export interface MetricsConfig {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
}

export interface CsvConfig {
  readonly enabled: boolean;
  readonly directory: string;
}

export interface WebhookConfig extends ServerConfig {
  readonly enabled: boolean;
  readonly secret: string;
}
