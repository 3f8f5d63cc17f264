import { unitRatio } from '../../catalogue/units.ts';
import type { LoggedRow } from '../../loggers/logged-row.ts';
import type { MeterIdentity } from '../../meter/publisher.ts';
import { convertReading } from '../../readings/conversion.ts';
import type { Reading } from '../../readings/reading.ts';
import { certainModel } from '../output.ts';
import type { InfluxdbConfig } from './config.ts';
import { linePoint } from './line-protocol.ts';
import { loggedFields } from './logged-fields.ts';

/** What the configuration says of points: with another one they are another series. */
export type PointForm = Pick<InfluxdbConfig, 'measurement' | 'tags' | 'units'>;

/** Whose points they are. An empty name is no tag. */
export type PointMeter = Pick<MeterIdentity, 'serialNumber' | 'name' | 'model'>;

/** A line of a meter; undefined where there is no field. */
export function meterPoint(
  { measurement, tags }: Pick<PointForm, 'measurement' | 'tags'>,
  meter: PointMeter,
  fields: readonly (readonly [string, string])[],
  time: number,
): string | undefined {
  const known: Readonly<Record<string, string | null>> = {
    serial_number: meter.serialNumber,
    name: meter.name,
    model: certainModel(meter),
  };
  // InfluxDB 3 takes no other tags than those that the first point had.
  const own = tags.map(({ key, value }) => [key, value ?? known[key] ?? 'unknown'] as const);
  // It refuses a field with the name of a tag, and the others cannot tell them apart in a query.
  const besides = fields.filter(([key]) => own.every(([tag]) => tag !== key));
  return linePoint({ measurement, tags: own, fields: besides, time });
}

/** At the end of its period; undefined where nobody knows when that was, which has no place on an axis of time. */
export function loggedPoint(form: PointForm, meter: PointMeter, row: LoggedRow): string | undefined {
  if (row.endedAt === null) return undefined;
  return meterPoint(form, meter, loggedFields(row, shownIn(form)), row.endedAt);
}

/** A reading in the units of the points. */
export function shownIn({ units }: Pick<PointForm, 'units'>): (reading: Reading) => Reading {
  return units === 'common' ? inCommonUnit : (reading) => reading;
}

/** One unit for each kind of amount. */
const COMMON = ['kWh', 'kW', 'm³', 'l/h'] as const;

/** The reading in the unit that all meters share; those of other kinds (°C, h) are the same everywhere anyway. */
export function inCommonUnit(reading: Reading): Reading {
  const unit = COMMON.find((each) => unitRatio(reading.unit, each) !== undefined);
  return (unit && convertReading(reading, unit)) ?? reading;
}
