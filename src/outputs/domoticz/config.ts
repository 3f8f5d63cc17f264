import { defineOutput } from '../output.ts';

export interface DomoticzConfig {
  readonly enabled: boolean;
  /** Where Domoticz listens at the broker; not used where `url` is set. */
  readonly topic: string;
  /** Of Domoticz, with the path that it may be served below; empty: through the broker. */
  readonly url: string;
  /** Empty: Domoticz wants none from us. */
  readonly username: string;
  readonly password: string;
  readonly devices: readonly DomoticzDevice[];
  /** Path of a PEM file with a certificate authority; empty: those that Node knows. */
  readonly ca: string;
  readonly rejectUnauthorized: boolean;
}

/** One device in Domoticz, and what it shows. */
export interface DomoticzDevice {
  /** The meter's name; null: the only one. */
  readonly meter: string | null;
  readonly quantity: string;
  /** Its number in Domoticz. */
  readonly index: number;
  readonly type: 'value' | 'counter' | 'kwh' | 'usage' | 'waterflow';
}

export const domoticz = defineOutput({ name: 'domoticz', label: 'Domoticz', noun: 'value' });
