import { certificateKeys, serverUrl } from '../../http/config.ts';
import { quantityFault } from '../../meter/validators.ts';
import { topic } from '../../mqtt/config.ts';
import { describeValue, example, type Fault, ref, text } from '../../schema/fault.ts';
import { type Infer, key, type Validator } from '../../schema/key.ts';
import { anyText, flag, type Pairs, pairsOf } from '../../schema/validators.ts';
import { type BesideOutputs, defineOutput } from '../output.ts';

/**
 * A Domoticz device takes one of these as its value:
 *
 * | type      | value |
 * | --------- | --- |
 * | value     | the quantity as it is published: custom sensor, temperature, text, percentage |
 * | counter   | a whole number that Domoticz divides by 1000: Wh of energy, litres of water |
 * | kwh       | W and Wh at once (Electric, instant and counter) |
 * | usage     | W |
 * | waterflow | litres a minute |
 */
const TYPES = ['value', 'counter', 'kwh', 'usage', 'waterflow'] as const;

/** One device in Domoticz, and what it shows. */
export interface DomoticzDevice {
  /** The meter's name; null: the only one. */
  readonly meter: string | null;
  readonly quantity: string;
  /** Its number in Domoticz. */
  readonly index: number;
  readonly type: (typeof TYPES)[number];
}

const FORM = /^\s*([1-9]\d{0,8})(?:\s+([a-z]+))?\s*$/i;

/** `{"heat_energy": 12, "power": "13 usage", "Cabin/power": 14}`, as text `heat_energy=12, power=13 usage`. */
const domoticzDevices: Validator<readonly DomoticzDevice[], Pairs> = {
  ...pairsOf<readonly DomoticzDevice[]>({
    what: text`the number of a device for each quantity, such as ${example('{"heat_energy": 12} (in an environment variable "heat_energy=12, power=13")', '"heat_energy=12, power=13 usage"')}`,
    skipsBlanks: true,
    faultOf: deviceFault,
    parse: (pairs) =>
      pairs.map(([name, device]) => {
        const [, index = '', type = 'value'] = FORM.exec(String(device)) ?? [];
        return {
          ...placeOf(name),
          index: Number(index),
          type: type.toLowerCase() as DomoticzDevice['type'],
        };
      }),
  }),
  print: (devices) =>
    Object.fromEntries(
      devices.map(({ meter, quantity, index, type }) => [
        meter === null ? quantity : `${meter}/${quantity}`,
        type === 'value' ? index : `${index} ${type}`,
      ]),
    ),
};

const keys = {
  enabled: key('Whether values are handed to Domoticz.', flag, false),
  /** Not used where there is a `url`. */
  topic: key('Where Domoticz listens at the broker.', topic, 'domoticz/in'),
  url: key('Address of Domoticz over HTTP; empty: over MQTT.', serverUrl, ''),
  username: key('User name at Domoticz, over HTTP.', anyText, ''),
  password: key('Password of that user.', anyText, '', { secret: true }),
  devices: key('Number (Idx) of the device for each quantity.', domoticzDevices, ''),
  ...certificateKeys,
};

export type DomoticzConfig = Infer<typeof keys>;

export const domoticz = defineOutput({
  name: 'domoticz',
  label: 'Domoticz',
  noun: 'value',
  keys,
  faults: domoticzFaults,
});

function domoticzFaults({ devices, url }: DomoticzConfig, { meters, mqtt }: BesideOutputs): readonly Fault[] {
  const faults: Fault[] = [];
  const unfit = (text: Fault['text']) => faults.push({ path: 'domoticz.devices', text });
  if (devices.length === 0)
    unfit(
      text`must name at least one device, such as ${example('{"heat_energy": 12}', '"heat_energy=12"')}, because ${ref('domoticz.enabled')} is true`,
    );
  if (!mqtt.enabled && url === '')
    faults.push({
      path: 'domoticz.url',
      text: text`must be set, because ${ref('mqtt.enabled')} is false: without a broker Domoticz is reached over HTTP`,
    });
  const indexes = devices.map(({ index }) => index);
  const twice = indexes.find((index, at) => indexes.indexOf(index) !== at);
  if (twice !== undefined)
    unfit(`device ${twice} stands there twice; a device shows one quantity, so give each its own`);
  const names = meters.map(({ name }) => name);
  for (const { meter, quantity } of devices) {
    if (meter === null && names.length > 1)
      unfit(
        `"${quantity}" must name its meter, such as "${names[0]}/${quantity}", because there are several`,
      );
    // Faults of meters are told by the meters themselves.
    if (meter !== null && names.length > 0 && !names.includes(meter))
      unfit(
        `there is no meter "${meter}"; there ${names.length === 1 ? 'is' : 'are'} ${names.map((name) => `"${name}"`).join(', ')}`,
      );
  }
  return faults;
}

function deviceFault(name: string, device: unknown): string | null {
  const fault = quantityFault(placeOf(name).quantity);
  if (fault !== null) return fault;
  const type = FORM.exec(String(device))?.[2]?.toLowerCase() ?? 'value';
  const known: readonly string[] = TYPES;
  if (FORM.test(String(device)) && known.includes(type)) return null;
  return `the device of ${describeValue(name)} must be its number in Domoticz, such as 12, with what it takes where that is not the value itself, such as "12 counter" (${known.join(', ')}), not ${describeValue(device)}`;
}

/** `Cabin/power` is the power of the meter "Cabin". */
function placeOf(name: string): Pick<DomoticzDevice, 'meter' | 'quantity'> {
  const slash = name.lastIndexOf('/');
  return { meter: slash < 0 ? null : name.slice(0, slash).trim(), quantity: name.slice(slash + 1).trim() };
}
