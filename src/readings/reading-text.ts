import type { Reading } from './reading.ts';
import { readingValueText } from './reading-value.ts';

/** For a person: `84.817 GJ`. */
export function readingText({ value, unit }: Pick<Reading, 'value' | 'unit'>): string {
  const text = readingValueText(value);
  if (text === null) return value.kind === 'unknown' ? 'unknown' : 'none';
  return `${text} ${unit}`.trim();
}
