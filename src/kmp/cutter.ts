import { registerInfo } from '../catalogue/registers.ts';
import { toHex } from './bytes.ts';
import { ESCAPE } from './frame.ts';
import { decodeRegisterValue, type RegisterRecord, valueText, valueUnit } from './register.ts';

/** Bytes that belong together, as they were on the line, and what they say. */
export interface Stretch {
  readonly bytes: string;
  readonly meaning: string;
}

/** Cuts a frame as it was on the line, where control bytes are escaped and take two. */
export class Cutter {
  private readonly wire: Uint8Array;
  private at = 0;

  constructor(wire: Uint8Array) {
    this.wire = wire;
  }

  /** `count`: as many as it were without escapes. */
  next(count: number, meaning: string): Stretch {
    const start = this.at;
    for (let taken = 0; taken < count; taken++) this.at += this.wire[this.at] === ESCAPE ? 2 : 1;
    return { bytes: toHex(this.wire.subarray(start, this.at)), meaning };
  }
}

export function recordInWords(record: RegisterRecord, cut: Cutter): readonly Stretch[] {
  const { id, unit, signExponent, magnitude } = record;
  const value = decodeRegisterValue(record);
  const symbol = valueUnit(value, unit);
  const sign = signExponent & 0x80 ? '-' : '+';
  const exponent = `${signExponent & 0x40 ? '-' : ''}${signExponent & 0x3f}`;
  return [
    cut.next(2, nameOf(id)),
    cut.next(1, symbol === '' ? `unit code ${unit} (${value.kind})` : `unit ${symbol}`),
    cut.next(1, `length of the value: ${magnitude.length}`),
    cut.next(1, `sign ${sign}, exponent ${exponent}`),
    cut.next(magnitude.length, `value: ${`${valueText(value) ?? 'none'} ${symbol}`.trim()}`),
  ];
}

export function nameOf(id: number): string {
  return `register ${id}: ${registerInfo(id).label}`;
}
