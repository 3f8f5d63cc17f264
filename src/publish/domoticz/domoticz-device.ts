/** One device in Domoticz, and what it shows. The types are those of `domoticz.devices` in the configuration. */
export interface DomoticzDevice {
  /** The meter's name; null: the only one. */
  readonly meter: string | null;
  readonly quantity: string;
  /** Its number in Domoticz. */
  readonly index: number;
  readonly type: 'value' | 'counter' | 'kwh' | 'usage' | 'waterflow';
}

/** As the configuration names it: `power`, or `Cabin/power`. */
export function deviceKey({ meter, quantity }: DomoticzDevice): string {
  return meter === null ? quantity : `${meter}/${quantity}`;
}
