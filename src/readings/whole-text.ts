import type { DecimalNumber } from './convert-unit.ts';

/** What was counted in full, as the wheels of a counter show it: without what comes behind the decimal point. */
export function wholeText({ value }: DecimalNumber): string {
  return value.round(0, 0).toFixed().replace(/^-0$/, '0');
}
