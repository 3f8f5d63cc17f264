/** The effective configuration: every key has a valid value. docs/configuration.md says what each one means. */
export interface Config {
  readonly meters: readonly MeterConfig[];
  readonly mqtt: MqttConfig;
  readonly homeAssistant: HomeAssistantConfig;
  /** Folder for what survives a restart. */
  readonly dataDir: string;
  readonly log: LogConfig;
  readonly web: WebConfig;
}

export interface MeterConfig {
  readonly name: string;
  /** `/dev/...`, `COM3` or `tcp://host:port`. Need not exist now. */
  readonly port: string;
  /** KMP destination address. */
  readonly address: number;
  /** Cron, five or six fields. */
  readonly schedule: string;
  /** Cron, or `never`. */
  readonly detailSchedule: string;
  readonly readOnStart: boolean;
  /** IANA name for the two schedules; empty: the system's. */
  readonly timezone: string;
  readonly registers: 'auto' | readonly number[];
  /** Milliseconds on top of the protocol's timeouts; null: the transport's own default. */
  readonly timeoutAllowance: number | null;
}

export interface MqttConfig {
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
  readonly statusTopic: string;
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
