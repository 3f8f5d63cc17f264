import type { InfoTableName } from '../catalogue/family.ts';
import { displayCodeMessages, type InfoMessage, type InfoTable, infoTable } from '../catalogue/info-codes.ts';
import { R } from '../catalogue/register.ts';
import { fieldsOf } from '../shared/stored.ts';
import type { Reading } from './reading.ts';

/** An info code, understood as far as its table allows. */
export type InfoState =
  | {
      readonly kind: 'clear';
      readonly messages: readonly InfoMessage[];
      /** Bits that no table explains. */
      readonly unknownBits: readonly bigint[];
    }
  /** There is a problem, but not for sure which. */
  | {
      readonly kind: 'unclear';
      readonly code: bigint;
      readonly reason: 'no table' | 'ambiguous';
      /** Problems that it may be. */
      readonly suspected: readonly InfoMessage[];
    };

/** A number that is no sum of bits has about half of them set. */
const LIKELY_AT_ONCE = 2;
/** Without a table, any of these must be suspected where a value looks like that of a failed sensor. */
const ANY_SENSOR: readonly InfoMessage[] = [
  't1OutOfRange',
  't2OutOfRange',
  't3OutOfRange',
  'v1DataError',
  'v2DataError',
];

/** For an info code that is known to be bits. */
export function stateOfBits(bits: bigint, table: InfoTableName | null): InfoState {
  if (bits === 0n || table !== null) return clearState(bits, table === null ? undefined : infoTable(table));
  return { kind: 'unclear', code: bits, reason: 'no table', suspected: ANY_SENSOR };
}

/**
 * For register 99. On an x3 meter nobody has shown yet whether it holds the bits or the digits of the display: it is
 * read as bits only where it cannot be on the display and makes good sense as bits.
 */
function stateOfCode(code: bigint, table: InfoTableName | null): InfoState {
  const state = stateOfBits(code, table);
  if (table !== 'x3' || code === 0n || state.kind === 'unclear') return state;
  const displayed = displayCodeMessages(code);
  const { messages, unknownBits } = state;
  const isSensible = unknownBits.length === 0 && messages.length <= LIKELY_AT_ONCE;
  if (displayed === undefined && isSensible) return state;
  return { kind: 'unclear', code, reason: 'ambiguous', suspected: [...(displayed ?? []), ...messages] };
}

function clearState(bits: bigint, table: InfoTable | undefined): InfoState {
  let left = bits & ~(table?.durations ?? 0n);
  const messages: InfoMessage[] = [];
  for (const [bit, message] of table?.bits ?? []) {
    if ((left & BigInt(bit)) === 0n) continue;
    messages.push(message);
    left &= ~BigInt(bit);
  }
  return { kind: 'clear', messages, unknownBits: singleBits(left) };
}

function singleBits(bits: bigint): bigint[] {
  const single: bigint[] = [];
  for (let left = bits; left !== 0n; left &= left - 1n) single.push(left & -left);
  return single;
}

/** After so many readings in a row of the bits alone, this meter is regularly asked for them. */
const BITS_TO_RELY_ON = 2;

/** The latest info of a meter. Its bits (register 369) say more than its code (99), but often only one of them is read. */
export class InfoTracker {
  private code: bigint | undefined;
  /** Undefined unless they were read while the code stood at `code`. */
  private bits: bigint | undefined;
  private bitsInARow = 0;

  /** `remembered`: what `toRemember` gave, or anything. */
  constructor(remembered: unknown) {
    const { code, bits } = fieldsOf(remembered);
    this.code = restored(code);
    this.bits = restored(bits);
  }

  /** Returns the reading that the state comes from; undefined where there was nothing new in them. */
  update(readings: readonly Reading[]): Reading | undefined {
    const code = readings.find(({ register }) => register === R.infoCode);
    const bits = readings.find(({ register }) => register === R.infoBits);
    const codeNumber = infoNumber(code);
    const bitsNumber = infoNumber(bits);
    const reliesOnBits = bitsNumber === undefined && this.bitsInARow >= BITS_TO_RELY_ON;
    if (codeNumber !== undefined) {
      // Bits of another code say nothing of this one.
      if (codeNumber !== this.code && !reliesOnBits) this.bits = undefined;
      this.code = codeNumber;
      this.bitsInARow = 0;
    }
    if (bitsNumber !== undefined) {
      this.bits = bitsNumber;
      this.bitsInARow++;
      return bits;
    }
    return codeNumber === undefined || reliesOnBits ? undefined : code;
  }

  state(table: InfoTableName | null): InfoState | undefined {
    if (this.bits !== undefined) return stateOfBits(this.bits, table);
    return this.code === undefined ? undefined : stateOfCode(this.code, table);
  }

  toRemember(): unknown {
    const { code, bits } = this;
    return { ...(code !== undefined && { code: `${code}` }), ...(bits !== undefined && { bits: `${bits}` }) };
  }
}

function infoNumber(reading: Reading | undefined): bigint | undefined {
  if (reading?.value.kind !== 'number') return undefined;
  return restored(reading.value.value.toFixed());
}

function restored(text: unknown): bigint | undefined {
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}
