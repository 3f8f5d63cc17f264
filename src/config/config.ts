import type { MeterModelName } from '../shared/model-names.ts';
import type { OutputsConfig } from './output-config.ts';

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

export interface BatteryConfig {
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

export interface HomeAssistantConfig {
  readonly enabled: boolean;
  readonly discoveryPrefix: string;
  readonly discovery: 'device' | 'component';
  readonly statusTopic: string;
}

export interface CompatibilityConfig {
  /** Topic of matthijsvisser/kamstrup-402-mqtt; empty: none. */
  readonly valuesTopic: string;
}

export interface LogConfig {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'text' | 'json';
}

/** The status page. */
export interface WebConfig {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
}
