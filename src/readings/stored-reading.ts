import { Big } from 'big.js';
import { type DerivedQuantity, derivedQuantity } from '../catalogue/derived-quantities.ts';
import { traitsOf } from '../catalogue/quantities.ts';
import { registerInfo } from '../catalogue/registers.ts';
import { isUnitSymbol } from '../catalogue/units.ts';
import { isWallTime, UNKNOWN_MOMENT } from '../shared/credible-clock.ts';
import { fieldsOf, isInteger } from '../shared/stored.ts';
import { type Reading, type ReadingValue, unitOfPlain } from './reading.ts';

/** A reading as it is written to disk: numbers as exact decimal strings. */
export interface StoredReading {
  /** Null for a quantity that is in no register; then `quantity` names it. */
  readonly register: number | null;
  readonly quantity?: string;
  readonly unit: string;
  readonly readAt: number;
  readonly value: StoredValue;
}

type StoredValue = { readonly kind: string; readonly value: string | boolean | null } & Readonly<
  Record<string, unknown>
>;

const LARGEST_BYTE = 0xff;
const LARGEST_WORD = 0xffff;
const LARGEST_EXPONENT = 63;
/** The end of the year 9999, the last one of ISO 8601's four digits. */
const LATEST_TIME = 253_402_300_799_999;

export function storeReading({ register, quantity, unit, readAt, value }: Reading): StoredReading {
  const text = value.kind === 'number' ? value.value.toFixed() : value.value;
  return {
    register,
    ...(register === null && { quantity }),
    unit,
    readAt,
    value: { ...value, value: text },
  };
}

/** Undefined where it is not, or no longer, a stored reading: files may be old, or touched by a person. */
export function restoreReading(stored: unknown): Reading | undefined {
  if (!isStoredReading(stored)) return undefined;
  const value = restoreValue(stored.value);
  const info = catalogueEntry(stored);
  if (value === undefined || info === undefined) return undefined;
  const { quantity, label, nature } = info;
  const unit = stored.unit || unitOfPlain(value, { traits: traitsOf(quantity) });
  return {
    quantity,
    label,
    nature,
    register: stored.register,
    unit,
    // Of a run whose clock was not set, nobody knows when that was.
    readAt: isWallTime(stored.readAt) ? stored.readAt : UNKNOWN_MOMENT,
    value,
  };
}

function catalogueEntry({ register, quantity }: StoredReading): Omit<DerivedQuantity, 'from'> | undefined {
  return register === null ? derivedQuantity(quantity ?? '') : registerInfo(register);
}

function restoreValue(stored: StoredValue): ReadingValue | undefined {
  const { kind, value } = stored;
  if (kind === 'flag') return typeof value === 'boolean' ? { kind, value } : undefined;
  if (typeof value === 'boolean') return undefined;
  switch (kind) {
    case 'number':
      return isDecimalText(value) && isDecimals(stored.decimals)
        ? { kind, value: new Big(value), decimals: stored.decimals }
        : undefined;
    case 'date':
    case 'month-day':
    case 'time':
      return isDateText(value) ? { kind, value } : undefined;
    case 'text':
      return value === null ? undefined : { kind, value };
    case 'date-time':
      return isDateText(value) && isInteger(stored.daylightSaving, 0, LARGEST_BYTE)
        ? { kind, value, daylightSaving: stored.daylightSaving }
        : undefined;
    case 'timestamp':
      return { kind, value };
    case 'unknown':
      return isDecimals(stored.decimals)
        ? { kind, value: null, decimals: stored.decimals, cause: textOf(stored.cause) }
        : undefined;
    case 'unreadable':
      return { kind, value: null, hex: textOf(stored.hex) };
    default:
      return undefined;
  }
}

/** A number or date out of a state's JSON, of the same kind as `known`; undefined where it is none. */
export function valueInState(json: string, known: ReadingValue): ReadingValue | undefined {
  if (known.kind === 'number' && isDecimalText(json))
    return { kind: 'number', value: new Big(json), decimals: json.split('.')[1]?.length ?? 0 };
  const date = known.kind === 'date' && /^"([\d-]+)"$/.exec(json)?.[1];
  return date ? { kind: 'date', value: date } : undefined;
}

/** Decimals of a number. Without an end, a damaged one would ask for more digits than there is memory. */
export function isDecimals(value: unknown): value is number {
  return isInteger(value, 0, LARGEST_EXPONENT);
}

/** An exact number that can come of a register: 20 digits, and 63 zeros before or behind them. */
export function isDecimalText(text: unknown): text is string {
  return typeof text === 'string' && /^-?\d{1,100}(\.\d{1,100})?$/.test(text);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A date, a time of day, or both. */
function isDateText(text: string | null): boolean {
  return text === null || /^[\d:T-]{1,30}$/.test(text);
}

function isStoredReading(stored: unknown): stored is StoredReading {
  const { register, unit, readAt, value } = fieldsOf(stored);
  const inTable = register === null || isInteger(register, 0, LARGEST_WORD);
  if (!inTable || !isUnitSymbol(unit) || !isInteger(readAt, 0, LATEST_TIME)) return false;
  const { kind, value: content } = fieldsOf(value);
  return typeof kind === 'string' && (content === null || ['string', 'boolean'].includes(typeof content));
}
