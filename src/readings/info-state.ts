import type { InfoTableName } from '../catalogue/family.ts';
import type { InfoMessage } from '../catalogue/info-codes.ts';
import { contradicts, displayedCode, type InfoTable, infoTable } from '../catalogue/info-tables.ts';
import { R } from '../catalogue/register.ts';
import { fieldsOf, isInteger } from '../shared/stored.ts';
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

/** A number of an info register, with the bytes that it came in; without them where they are not known any more. */
export interface InfoNumber {
  readonly code: bigint;
  readonly bytes?: number;
}

/** For an info code that is known to be bits. */
export function stateOfBits(info: InfoNumber, name: InfoTableName | null): InfoState {
  const { code, bytes } = info;
  const table = name === null ? undefined : infoTable(name, bytes);
  if (isEmptyRegister(info)) return unclear(code, 'ambiguous', []);
  if (code === 0n || table !== undefined) return clearState(code, table);
  return unclear(code, 'no table', ANY_SENSOR);
}

/** All ones: never written (registers 1203 to 1209 of the 382J in mushorg/conpot). No meter has every problem at once. */
export function isEmptyRegister({ code, bytes }: InfoNumber): boolean {
  return bytes !== undefined && code === (1n << BigInt(8 * bytes)) - 1n;
}

/**
 * For register 99. On an x3 meter nobody has shown yet whether it holds the bits or the digits of the display. It is read
 * as what it can only be: as bits where no display shows it and it makes good sense as bits, or where it has two bytes,
 * in which the display's eight digits have no room; as digits where no meter can have these bits at once. Whatever may be
 * both is not clear.
 */
function stateOfCode(info: InfoNumber, name: InfoTableName | null): InfoState {
  const state = stateOfBits(info, name);
  const { code, bytes } = info;
  if (name !== 'x3' || code === 0n || state.kind === 'unclear') return state;
  const displayed = displayedCode(code);
  const { messages, unknownBits } = state;
  const isPossible = unknownBits.length === 0 && !contradicts(messages);
  const isSensible = isPossible && messages.length <= LIKELY_AT_ONCE;
  if (isSensible && (displayed === undefined || bytes === 2)) return state;
  if (!isPossible && displayed?.isOneOfSeveral === false)
    return { kind: 'clear', messages: displayed.messages, unknownBits: [] };
  return unclear(code, 'ambiguous', [...(displayed?.messages ?? []), ...messages]);
}

function unclear(
  code: bigint,
  reason: 'no table' | 'ambiguous',
  suspected: readonly InfoMessage[],
): InfoState {
  return { kind: 'unclear', code, reason, suspected };
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
  private code: InfoNumber | undefined;
  /** Undefined unless they were read while the code stood at `code`. */
  private bits: InfoNumber | undefined;
  private bitsInARow = 0;

  /** `remembered`: what `toRemember` gave, or anything. */
  constructor(remembered: unknown) {
    const { code, bits, codeBytes, bitsBytes } = fieldsOf(remembered);
    this.code = restored(code, codeBytes);
    this.bits = restored(bits, bitsBytes);
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
      if (codeNumber.code !== this.code?.code && !reliesOnBits) this.bits = undefined;
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

  /** Bytes of the number that the state comes from. */
  get bytes(): number | undefined {
    return (this.bits ?? this.code)?.bytes;
  }

  toRemember(): unknown {
    return { ...remembered('code', this.code), ...remembered('bits', this.bits) };
  }
}

/** The number of an info register; undefined where it was not read, or holds none. */
export function infoNumber(reading: Reading | undefined): InfoNumber | undefined {
  if (reading?.value.kind !== 'number') return undefined;
  return restored(reading.value.value.toFixed(), reading.bytes);
}

/** The most that KMP gives a value. */
const MOST_BYTES = 16;

function restored(text: unknown, bytes: unknown): InfoNumber | undefined {
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text)) return undefined;
  return { code: BigInt(text), ...(isInteger(bytes, 1, MOST_BYTES) && { bytes }) };
}

function remembered(name: 'code' | 'bits', info: InfoNumber | undefined): object {
  if (info === undefined) return {};
  const { code, bytes } = info;
  return { [name]: `${code}`, ...(bytes !== undefined && { [`${name}Bytes`]: bytes }) };
}
