import type { MeterModelName } from '../catalogue/family.ts';

/** Where readings go besides MQTT and Home Assistant. docs/outputs.md says what each one does. */
interface OutputsConfig {
  readonly waiting: WaitingConfig;
  readonly influxdb: InfluxdbConfig;
  readonly domoticz: DomoticzConfig;
  readonly metrics: MetricsConfig;
  readonly csv: CsvConfig;
  readonly webhook: WebhookConfig;
}

/** How much each output may keep on disk while its server is away. */
interface WaitingConfig {
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

interface InfluxdbConfig extends ServerConfig {
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

interface DomoticzConfig extends ServerConfig {
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

interface MetricsConfig {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
}

interface CsvConfig {
  readonly enabled: boolean;
  readonly directory: string;
}

interface WebhookConfig extends ServerConfig {
  readonly enabled: boolean;
  readonly secret: string;
}

/** The effective configuration: every key has a valid value. docs/configuration.md says what each one means. */
export interface Config extends OutputsConfig {
  readonly meters: readonly MeterConfig[];
  readonly mqtt: MqttConfig;
  readonly homeAssistant: HomeAssistantConfig;
  readonly compatibility: CompatibilityConfig;
  /** Of what is said about the meter's info code. */
  readonly language: 'en' | 'da' | 'nl' | 'sv' | 'de';
  /** Folder for what survives a restart. */
  readonly dataDir: string;
  readonly log: LogConfig;
  readonly web: WebConfig;
}

export interface MeterConfig {
  readonly name: string;
  /** `auto`: what the meter answers decides. */
  readonly model: MeterModelName | 'auto';
  /** `/dev/...`, `COM3` or `tcp://host:port`. Need not exist now. */
  readonly port: string;
  /** Bits a second of the line to it. */
  readonly baudRate: 1200 | 9600;
  /** KMP destination address. */
  readonly address: number;
  /** Cron (five or six fields) or the name of a preset, or several of them; `cronsOf` gives the expressions. */
  readonly schedule: string | readonly string[];
  /** Cron, or `never`. */
  readonly detailSchedule: string;
  readonly readOnStart: boolean;
  /** IANA name for the two schedules; empty: the system's. */
  readonly timezone: string;
  readonly registers: 'auto' | readonly number[];
  /** High-resolution registers with every scheduled reading. */
  readonly fineEnergy: boolean;
  /** E8 and E9 with every scheduled reading. */
  readonly meanTemperatures: boolean;
  readonly heatEnergyInKwh: boolean;
  /** m³ of gas for a GJ; 0 for none. */
  readonly gasEquivalent: number;
  /** Quantity -> unit that it is published in. */
  readonly units: Readonly<Record<string, string>>;
  /** Milliseconds on top of the protocol's timeouts; null: the transport's own default. */
  readonly timeoutAllowance: number | null;
  /** What goes before a reading: nothing, or the old call at 300 baud. */
  readonly wakeUp: 'none' | 'preamble';
  /** Its reading costs no battery. */
  readonly mainsPowered: boolean;
  readonly battery: BatteryConfig;
  readonly burst: BurstConfig;
}

interface BatteryConfig {
  /** Null: no limit. */
  readonly maxReadingsPerDay: number | null;
}

/** Both as they were written (`2 kW`, `5 min`), or both null. */
export interface BurstConfig {
  readonly above: string | null;
  readonly every: string | null;
}

export interface MqttConfig {
  /** False: there is no broker, and Home Assistant is not told. */
  readonly enabled: boolean;
  /** Never holds credentials: they were moved to `username` and `password`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Empty: the MQTT layer makes one. */
  readonly clientId: string;
  readonly baseTopic: string;
  readonly protocolVersion: 4 | 5;
  /** Paths of PEM files; empty: none. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly rejectUnauthorized: boolean;
}

interface HomeAssistantConfig {
  readonly enabled: boolean;
  readonly discoveryPrefix: string;
  readonly discovery: 'device' | 'component';
  readonly statusTopic: string;
}

interface CompatibilityConfig {
  /** Topic of matthijsvisser/kamstrup-402-mqtt; empty: none. */
  readonly valuesTopic: string;
}

interface LogConfig {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'text' | 'json';
}

/** The status page. */
export interface WebConfig {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
}
