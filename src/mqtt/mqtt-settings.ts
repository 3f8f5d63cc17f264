export interface MqttSettings {
  /** `mqtt://host:1883`, `mqtts://host:8883`, `ws://` or `wss://`; without credentials. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Empty: a name of our own with eight random hex digits, anew at each start. */
  readonly clientId: string;
  readonly protocolVersion: 4 | 5;
  /** Paths of PEM files; empty for none. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly rejectUnauthorized: boolean;
}
