import { meterKeys } from '../meter/config.ts';
import { scheduleList } from '../meter/schedules.ts';
import { type Fields, fieldsOf, isObject } from '../shared/stored.ts';
import type { Answers, BrokerAnswers, MeterAnswers } from './answers.ts';

/** The content of the configuration with the answers in it. Whatever was not asked about stays as it is. */
export function planned(current: Fields, { meters, broker, outputs }: Answers): Fields {
  const sections = Object.entries(outputs).map(([name, values]) => [
    name,
    { ...fieldsOf(current[name]), ...values },
  ]);
  return {
    ...current,
    ...(meters.length === 0 ? {} : { meters: metersWith(metersIn(current), meters) }),
    ...(broker?.url === undefined ? {} : { mqtt: mqttWith(fieldsOf(current.mqtt), broker) }),
    ...Object.fromEntries(sections),
  };
}

/** The meters of a configuration; none where it has none, or something else in their place. */
export function metersIn(current: Fields): readonly Fields[] {
  return Array.isArray(current.meters) ? current.meters.filter(isObject) : [];
}

/** As the bridge calls it, which gives a name to one that has none. */
export function nameOf({ name }: Fields): string {
  return String(name ?? meterKeys.name.default);
}

/** Undefined: there is none of this name. */
export function meterNamed(current: Fields, name: string | null): Fields | undefined {
  return metersIn(current).find((meter) => nameOf(meter) === name);
}

/** As the file has it; undefined: it has none. */
export function brokerIn(current: Fields): Fields | undefined {
  return isObject(current.mqtt) ? current.mqtt : undefined;
}

function metersWith(old: readonly Fields[], answers: readonly MeterAnswers[]): readonly Fields[] {
  const changed = old.map((meter) => {
    const own = answers.filter(({ of }) => of === nameOf(meter));
    return own.reduce(meterWith, meter);
  });
  const added = answers.filter(({ of }) => of === null).map((answer) => meterWith({}, answer));
  return [...changed, ...added];
}

function meterWith(meter: Fields, { name, port, baudRate, powering, schedule }: MeterAnswers): Fields {
  const isMains = powering === 'mains';
  return {
    ...meter,
    ...(name !== undefined && { name }),
    ...(port !== undefined && { port }),
    ...(baudRate !== undefined && { baudRate }),
    ...(schedule !== undefined && { schedule: scheduleList.read(schedule) }),
    // Not said where it is so anyway.
    ...(powering !== undefined && (isMains || meter.mainsPowered !== undefined) && { mainsPowered: isMains }),
  };
}

function mqttWith(old: Fields, { url, username = '', password = '' }: BrokerAnswers): Fields {
  if (url === null) return { ...old, enabled: false };
  return {
    ...old,
    ...(old.enabled === false && { enabled: true }),
    url,
    // A broker that lets everybody in needs none, but the one before may have.
    ...((username !== '' || old.username !== undefined) && { username }),
    ...((password !== '' || old.password !== undefined) && { password }),
  };
}
