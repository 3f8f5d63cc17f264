import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/kmp/bytes.ts';
import { decodeRegisterValue, type RegisterValue, valueText } from '../../src/kmp/register.ts';
import { POSTED_REGISTERS } from '../fixtures/readout-vectors.ts';

/** The source writes clocks as bytes; flag bit 0 of 1047 adds the hour that its CLOCK register also shows. */
const CLOCKS: Readonly<Record<string, string | null>> = {
  'bytes 83071a23131b070e': '2014-07-27T20:35:26',
  'bytes 0604392d0809090a': '2010-09-09T08:45:57',
  'bytes 0000000000000000': null,
};

/** What a decoded value is in the source's notation: dates and times are its bare integers. */
function asPosted(value: RegisterValue, posted: string): string | null {
  const text = valueText(value);
  if (value.kind === 'number') return posted.startsWith('0x') ? `0x${BigInt(text ?? 0).toString(16)}` : text;
  if (value.kind === 'date') return text === null ? '0' : text.slice(2).replaceAll('-', '');
  if (value.kind === 'time') return String(Number(text?.replaceAll(':', '')));
  return text;
}

describe('a register that an owner posted', () => {
  it('is one of the 124 that came with their format', () => {
    expect(POSTED_REGISTERS).toHaveLength(124);
  });

  it.each(
    POSTED_REGISTERS.map((posted) => [posted.model, posted.record.id, posted.source, posted] as const),
  )('decodes to the posted value: %s register %i (%s)', (_model, _id, _source, { record, value }) => {
    const decoded = decodeRegisterValue(record);
    if (value.startsWith('bytes')) {
      expect(value).toBe(`bytes ${toHex(record.magnitude).toLowerCase()}`);
      expect(decoded).toMatchObject({ kind: 'date-time', value: CLOCKS[value] });
    } else {
      expect(asPosted(decoded, value)).toBe(value);
    }
  });
});
