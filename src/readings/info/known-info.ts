import type { InfoTableName } from '../../shared/info-table-name.ts';
import type { Reading } from '../reading.ts';
import { type InfoState, stateOfBits, stateOfCode } from './info-state.ts';

const INFO_CODE = 99;
const INFO_BITS = 369;
/** Read so often in a row without the info code, the bits are what this meter is regularly asked for. */
const BITS_TO_RELY_ON = 2;

/** The latest info of a meter. Its bits (register 369) say more than its code (99), but often only one of them is read. */
export class KnownInfo {
  private code: bigint | undefined;
  /** Read while the code stood at `code`. */
  private bits: bigint | undefined;
  private bitsInARow = 0;

  /** `remembered`: what `toRemember` gave, or anything. */
  constructor(remembered: unknown) {
    const { code, bits } = (remembered ?? {}) as Readonly<Record<string, unknown>>;
    this.code = restored(code);
    this.bits = restored(bits);
  }

  /** The reading that info was taken from; undefined where there was nothing new to learn. */
  take(readings: readonly Reading[]): Reading | undefined {
    const code = readings.find(({ register }) => register === INFO_CODE);
    const bits = readings.find(({ register }) => register === INFO_BITS);
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
  return typeof text === 'string' && /^\d+$/.test(text) ? BigInt(text) : undefined;
}
