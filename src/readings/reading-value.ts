import { type RegisterValue, valueText } from '../kmp/register-value.ts';

/** What a reading says: a register's own content, or what follows from registers. */
export type ReadingValue =
  | RegisterValue
  /** A number that must not be believed (a failed sensor); its decimals are kept, its digits are not. */
  | { readonly kind: 'unknown'; readonly value: null; readonly decimals: number; readonly cause: string }
  /** Something that is the matter, or is not. */
  | { readonly kind: 'flag'; readonly value: boolean }
  /** A moment: ISO 8601 with its offset. */
  | { readonly kind: 'timestamp'; readonly value: string | null };

/** For a person or a JSON string: an exact decimal, an ISO date or time, or text; null where there is none. */
export function readingValueText(value: ReadingValue): string | null {
  switch (value.kind) {
    case 'unknown':
    case 'timestamp':
      return value.value;
    case 'flag':
      return String(value.value);
    default:
      return valueText(value);
  }
}
