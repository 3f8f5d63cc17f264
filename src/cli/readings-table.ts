import type { IdentifiedMeter, MeterReadings } from '../app/read-meter.ts';
import type { TakenReading } from '../app/taken-reading.ts';
import { readingValueText } from '../readings/reading-value.ts';
import { localTime } from '../shared/local-time.ts';
import { table } from './table.ts';

/** What was read, for a person. */
export function readingsTable({ readings }: Pick<MeterReadings, 'readings'>): string[] {
  const rows = readings.map(({ label, value, unit, register }) => [
    label,
    readingValueText(value) ?? '-',
    unit,
    String(register ?? ''),
  ]);
  return table([['quantity', 'value', 'unit', 'register'], ...rows], [1, 3]);
}

/** The same for a program: values are exact decimal strings with the meter's decimals. */
export function readingsJson({ meter, readAt, readings }: TakenReading): object {
  const byQuantity = readings.map(({ quantity, value, unit, register }) => [
    quantity,
    { value: readingValueText(value), unit, register },
  ]);
  return { meter, readAt: localTime(readAt), readings: Object.fromEntries(byQuantity) };
}

/** Who the meter is, in lines. What cannot be told is said to be unknown. */
export function descriptionLines({ meter }: Pick<MeterReadings | IdentifiedMeter, 'meter'>): string[] {
  const { serialNumber, model, certainty, why, kind, eye, type, softwareRevision } = meter;
  const code = type === null ? 'the meter does not say' : `0x${type.toString(16).padStart(4, '0')}`;
  return table([
    ['serial number', serialNumber],
    ['type', code],
    ['model', model === null ? `unknown: ${why}` : `${model} (${why})`],
    ['how sure', certainty],
    ['kind', kind ?? 'unknown'],
    ['software revision', softwareRevision ?? 'unknown'],
    ...eye.map((advice) => ['eye', advice]),
    ...('customerNumber' in meter ? [['customer number', meter.customerNumber ?? 'unknown']] : []),
  ]);
}
