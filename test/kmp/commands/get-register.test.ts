import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/kmp/bytes.ts';
import {
  decodeGetRegisterReply,
  decodeGetRegisterRequest,
  encodeGetRegisterReply,
  encodeGetRegisterRequest,
  MOST_REGISTERS,
} from '../../../src/kmp/commands/get-register.ts';
import { numberRecord } from '../../../src/kmp/register-record.ts';

const EIGHT = [60, 63, 80, 86, 87, 89, 74, 68];

describe('a GetRegister request', () => {
  it('counts its registers and names them', () => {
    expect(toHex(encodeGetRegisterRequest(EIGHT))).toBe('1008003C003F0050005600570059004A0044');
    expect(decodeGetRegisterRequest(encodeGetRegisterRequest(EIGHT).subarray(1))).toEqual(EIGHT);
  });

  it('takes the lowest and the highest id', () => {
    expect(toHex(encodeGetRegisterRequest([0, 65535]))).toBe('10020000FFFF');
  });

  it('takes one to eight registers', () => {
    expect(MOST_REGISTERS).toBe(8);
    expect(() => encodeGetRegisterRequest([])).toThrow('1 to 8 registers, not 0');
    expect(() => encodeGetRegisterRequest([...EIGHT, 1001])).toThrow('1 to 8 registers, not 9');
  });

  it.each([-1, 65536, 60.5, Number.NaN])('refuses the id %d, which would ask for another register', (id) => {
    expect(() => encodeGetRegisterRequest([60, id])).toThrow(RangeError);
  });

  it.each([
    ['no count', ''],
    ['a count of zero', '00'],
    ['a count of nine', `09${'003C'.repeat(9)}`],
    ['fewer ids than counted', '02003C'],
    ['more ids than counted', '01003C003F'],
    ['half an id', '0100'],
  ])('is refused with %s', (_, hex) => {
    expect(decodeGetRegisterRequest(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});

describe('a GetRegister reply', () => {
  it('holds the registers that the meter has', () => {
    const records = [numberRecord(86, 37, 5365n, 2, 2), numberRecord(60, 3, 55006n, 3, 4)];
    const reply = encodeGetRegisterReply(records);
    expect(toHex(reply)).toBe('10005625024214F5003C0304430000D6DE');
    expect(decodeGetRegisterReply(reply.subarray(1))).toEqual(records);
  });

  it('is empty where the meter has none of them', () => {
    expect(toHex(encodeGetRegisterReply([]))).toBe('10');
    expect(decodeGetRegisterReply(Uint8Array.of())).toEqual([]);
  });
});
