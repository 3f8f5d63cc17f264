import type { InfoTableName } from '../../shared/info-table-name.ts';
import { displayCodeMessages } from './display-code.ts';
import type { InfoMessage } from './info-messages.ts';
import { type InfoTable, infoTable } from './info-tables.ts';

/** What the meter's info code says. */
export type InfoState =
  | {
      readonly kind: 'clear';
      readonly messages: readonly InfoMessage[];
      /** Bits that no table explains. */
      readonly unknownBits: readonly bigint[];
    }
  /** Something is the matter, but what it is cannot be told for sure. */
  | {
      readonly kind: 'unclear';
      readonly code: bigint;
      readonly reason: 'no table' | 'ambiguous';
      /** What it may be. */
      readonly suspected: readonly InfoMessage[];
    };

/** A number that is no sum of bits has about half of them set. */
const LIKELY_AT_ONCE = 2;
/** Without a table, what must be assumed where a value is one that a failed sensor leads to as well. */
const ANY_SENSOR: readonly InfoMessage[] = [
  't1OutOfRange',
  't2OutOfRange',
  't3OutOfRange',
  'v1DataError',
  'v2DataError',
];

/** An info code that is known to be bits. */
export function stateOfBits(bits: bigint, table: InfoTableName | null): InfoState {
  if (bits === 0n || table !== null) return clearState(bits, table === null ? undefined : infoTable(table));
  return { kind: 'unclear', code: bits, reason: 'no table', suspected: ANY_SENSOR };
}

/**
 * Register 99. On an x3 meter nobody has shown yet whether it holds the bits or the digits of the display: only what
 * cannot be on the display and makes good sense as bits is taken for bits.
 */
export function stateOfCode(code: bigint, table: InfoTableName | null): InfoState {
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
