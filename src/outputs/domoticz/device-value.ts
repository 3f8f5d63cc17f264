import { traitsOf } from '../../catalogue/quantities.ts';
import { R } from '../../catalogue/register.ts';
import { registerInfo } from '../../catalogue/registers.ts';
import { convertUnit, type DecimalNumber, litresPerMinute, wholeText } from '../../readings/conversion.ts';
import { isNumber, type NumberReading, type Reading, readingValueText } from '../../readings/reading.ts';
import type { DomoticzDevice } from './config.ts';

/** The name of a device in the configuration: `power`, or `Cabin/power`. */
export function deviceKey({ meter, quantity }: DomoticzDevice): string {
  return meter === null ? quantity : `${meter}/${quantity}`;
}

/** The value to send to a device, or the reason why there is none. */
type DeviceValue =
  | { readonly kind: 'value'; readonly svalue: string }
  /** The reading does not know; the device keeps what it has. */
  | { readonly kind: 'nothing' }
  /** The quantity is none that such a device can show. */
  | { readonly kind: 'unfit'; readonly why: string };

const NOTHING: DeviceValue = { kind: 'nothing' };
/** Belongs to an energy that has none of its own. */
const MAIN_POWER = registerInfo(R.power).quantity;

/** `fresh`: what the reading brought. `latest`: all that is known of the meter; of it nothing is told. */
export function deviceValue(
  { quantity, type }: DomoticzDevice,
  fresh: readonly Reading[],
  latest: readonly Reading[],
): DeviceValue {
  const reading = readingOf(quantity, fresh);
  const text = reading && readingValueText(reading.value);
  if (reading === undefined || text === null || text === undefined) return NOTHING;
  if (type === 'value') return value(text);
  if (!isNumber(reading)) return { kind: 'unfit', why: 'it is no number' };
  switch (type) {
    case 'counter':
      return value(wholeText(counted(reading)));
    case 'usage':
      return value(inUnit(reading, 'W')) ?? unfit(reading, 'a power');
    case 'waterflow':
      return value(litresPerMinute(reading.value, reading.unit)) ?? unfit(reading, 'a flow');
    case 'kwh':
      return instantAndCounter(reading, fresh, latest);
  }
}

/** `W;Wh`. One without the other would draw a line to zero, so a reading that has only one of them says nothing. */
function instantAndCounter(
  energy: NumberReading,
  fresh: readonly Reading[],
  latest: readonly Reading[],
): DeviceValue {
  const total = inUnit(energy, 'Wh');
  if (total === undefined) return unfit(energy, 'an energy; its power is added to it');
  const quantity = traitsOf(energy.quantity).power ?? MAIN_POWER;
  if (readingOf(quantity, latest) === undefined && readingOf(quantity, fresh) === undefined)
    return { kind: 'unfit', why: `the meter gives no "${quantity}", which such a device shows too` };
  const power = readingOf(quantity, fresh);
  if (!isNumber(power)) return NOTHING;
  const watts = inUnit(power, 'W');
  return watts === undefined ? unfit(power, 'a power') : { kind: 'value', svalue: `${watts};${total}` };
}

/** In what Domoticz divides by 1000 to show kWh and m³; anything else as it is. */
function counted({ value, unit }: NumberReading): DecimalNumber {
  return convertUnit(value, unit, 'Wh') ?? convertUnit(value, unit, 'l') ?? value;
}

function inUnit({ value, unit }: NumberReading, to: string): string | undefined {
  const converted = convertUnit(value, unit, to);
  return converted?.value.toFixed(converted.decimals);
}

function value(svalue: string): DeviceValue;
function value(svalue: string | undefined): DeviceValue | undefined;
function value(svalue: string | undefined): DeviceValue | undefined {
  return svalue === undefined ? undefined : { kind: 'value', svalue };
}

function unfit({ quantity, unit }: NumberReading, needed: string): DeviceValue {
  const given = unit === '' ? 'without a unit' : `in ${unit}`;
  return { kind: 'unfit', why: `"${quantity}" comes ${given}, and it must be ${needed}` };
}

function readingOf(quantity: string, readings: readonly Reading[]): Reading | undefined {
  return readings.findLast((reading) => reading.quantity === quantity);
}
