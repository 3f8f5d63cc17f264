import { convertReading } from '../../readings/convert-unit.ts';
import type { Reading } from '../../readings/reading.ts';
import { unitRatio } from '../../shared/unit-families.ts';

/** One unit for each kind of amount. */
const COMMON = ['kWh', 'kW', 'm³', 'l/h'] as const;

/** The reading in the unit that all meters share; those of other kinds (°C, h) are the same everywhere anyway. */
export function inCommonUnit(reading: Reading): Reading {
  const unit = COMMON.find((each) => unitRatio(reading.unit, each) !== undefined);
  return (unit && convertReading(reading, unit)) ?? reading;
}
