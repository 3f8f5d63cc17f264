import { convertUnit, type DecimalNumber } from './convert-unit.ts';

/** A flow as text, rounded to thousandths: most have no end in this unit. Undefined for what is no flow. */
export function litresPerMinute(number: DecimalNumber, unit: string): string | undefined {
  const hourly = convertUnit(number, unit, 'l/h');
  return hourly?.value.div(60).round(3).toFixed();
}
