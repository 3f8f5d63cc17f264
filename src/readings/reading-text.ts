import { valueText } from '../kmp/register-value.ts';
import type { Reading } from './reading.ts';

/** For a person: `84.817 GJ`. */
export function readingText({ value, unit }: Pick<Reading, 'value' | 'unit'>): string {
  return `${valueText(value) ?? 'none'} ${unit}`.trim();
}
