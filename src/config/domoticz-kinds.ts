import { DOMOTICZ_TYPES, type DomoticzDevice, type DomoticzType } from './config.ts';
import { describeValue, nearest, type ValueKind } from './schema.ts';

type Pairs = readonly (readonly [quantity: string, device: unknown])[];

const FORM = /^\s*([1-9]\d{0,8})(?:\s+([a-z]+))?\s*$/i;

/**
 * `{"heat_energy": 12, "power": "13 usage", "Cabin/power": 14}`, as text `heat_energy=12, power=13 usage`.
 * `quantities`: all that there are; they belong to another layer, so they are handed in.
 */
export function domoticzDevices(quantities: readonly string[]): ValueKind {
  return {
    read: (text) =>
      text
        .split(',')
        .filter((pair) => pair.trim() !== '')
        .map((pair) => pair.split('=').map((side) => side.trim())),
    fromObject: (value) => Object.entries(value),
    fault: (value) => {
      const pairs = isObject(value) ? Object.entries(value) : value;
      if (pairs === '') return null;
      if (!isPairs(pairs))
        return `must name the number of a device for each quantity, such as {"heat_energy": 12} (in an environment variable "heat_energy=12, power=13"), not ${describeValue(value)}`;
      const faults = pairs.map(([name, device]) => faultOf(name, device, quantities));
      return faults.filter((fault) => fault !== null).join('; ') || null;
    },
  };
}

/** The devices that `domoticzDevices` found no fault with. */
export function devicesOf(value: unknown): readonly DomoticzDevice[] {
  return ((value || []) as Pairs).map(([name, device]) => {
    const [, index = '', type = 'value'] = FORM.exec(String(device)) ?? [];
    return { ...placeOf(name), index: Number(index), type: type.toLowerCase() as DomoticzType };
  });
}

/** The devices as a file has them. */
export function writtenDevices(
  devices: readonly DomoticzDevice[],
): Readonly<Record<string, number | string>> {
  return Object.fromEntries(
    devices.map(({ meter, quantity, index, type }) => [
      meter === null ? quantity : `${meter}/${quantity}`,
      type === 'value' ? index : `${index} ${type}`,
    ]),
  );
}

function faultOf(name: string, device: unknown, quantities: readonly string[]): string | null {
  const { quantity } = placeOf(name);
  if (quantities.length > 0 && !quantities.includes(quantity) && !/^register_\d{1,5}$/.test(quantity)) {
    const close = nearest(quantity, quantities);
    const hint = close === null ? 'docs/topics.md names them' : `did you mean "${close}"?`;
    return `${describeValue(quantity)} is no quantity; ${hint}`;
  }
  const type = FORM.exec(String(device))?.[2]?.toLowerCase() ?? 'value';
  const known: readonly string[] = DOMOTICZ_TYPES;
  if (FORM.test(String(device)) && known.includes(type)) return null;
  return `the device of ${describeValue(name)} must be its number in Domoticz, such as 12, with what it takes where that is not the value itself, such as "12 counter" (${known.join(', ')}), not ${describeValue(device)}`;
}

/** `Cabin/power` is the power of the meter "Cabin". */
function placeOf(name: string): Pick<DomoticzDevice, 'meter' | 'quantity'> {
  const slash = name.lastIndexOf('/');
  return { meter: slash < 0 ? null : name.slice(0, slash).trim(), quantity: name.slice(slash + 1).trim() };
}

function isPairs(value: unknown): value is Pairs {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string')
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
