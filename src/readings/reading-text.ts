import type { Reading } from './reading.ts';
import { readingValueText } from './reading-value.ts';

/** For a person: `84.817 GJ`. */
export function readingText({ value, unit }: Pick<Reading, 'value' | 'unit'>): string {
  return `${readingValueText(value) ?? 'none'} ${unit}`.trim();
}
