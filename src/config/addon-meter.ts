import { type Fields, fieldsOf } from '../shared/stored.ts';
import { isNetworkPort } from '../transport/open.ts';
import { FIRST_METER, groupOf, isFilledIn, PLACES } from './addon-form.ts';

/** What somebody has found out about a meter that is to be read from now on. */
export interface NewMeter {
  readonly name: string;
  /** A path or `tcp://host:port`. */
  readonly port: string;
  readonly baudRate?: number | undefined;
  /** The name of a preset. */
  readonly schedule: string;
  readonly mainsPowered: boolean;
}

/** The form's options with one meter more: the first one where the form shows it, others in its list. */
export function addonOptionsWith(options: Fields, meter: NewMeter): Fields {
  const listed: readonly unknown[] = Array.isArray(options.meters) ? options.meters : [];
  const first: Fields = Object.assign({}, ...FIRST_METER.map((group) => fieldsOf(options[group])));
  // A preset goes with no schedule that somebody had begun with.
  const written = { ...optionsOf(meter), ...(isFilledIn(first.schedule) && { schedule: '' }) };
  if (listed.length > 0 || PLACES.some((place) => isFilledIn(first[place])))
    return { ...options, meters: [...listed, optionsOf(meter)] };
  const groups = FIRST_METER.map((group) => {
    const own = Object.entries(written).filter(([option]) => groupOf(option) === group);
    return [group, { ...fieldsOf(options[group]), ...Object.fromEntries(own) }];
  });
  return { ...options, ...Object.fromEntries(groups) };
}

/** Not `device`: the Supervisor would not start an add-on whose device is not plugged in. */
function optionsOf({ name, port, baudRate, schedule, mainsPowered }: NewMeter): Fields {
  return {
    name,
    ...(isNetworkPort(port) ? { network: port.replace(/^tcp:\/\//i, '') } : { device_path: port }),
    preset: schedule,
    ...(mainsPowered && { mains_powered: true }),
    // The form has its speeds as a choice between texts.
    ...(baudRate !== undefined && { baud_rate: String(baudRate) }),
  };
}
