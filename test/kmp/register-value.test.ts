import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/kmp/bytes.ts';
import { decodeRegisterValue, type RegisterValue, valueText } from '../../src/kmp/register-value.ts';

/** `bytes`: length, sign and exponent, magnitude, as in the examples of 5512-447 section 4.2. */
function decode(unit: number, bytes: string): RegisterValue {
  const [length = 0, signExponent = 0, ...magnitude] = Buffer.from(bytes.replaceAll(' ', ''), 'hex');
  expect(magnitude).toHaveLength(length);
  return decodeRegisterValue({ id: 1, unit, signExponent, magnitude: Uint8Array.from(magnitude) });
}

describe('a number', () => {
  it.each([
    ['04 C2 00003039', '-123.45', '5512-447 section 4.2'],
    ['04 03 05397FB1', '87654321000', '5512-447 section 4.2'],
    ['01 03 FF', '255000', '5512-447 section 4.2'],
    ['04 43 0000D6DE', '55.006', 'MULTICAL 403 register 60'],
    ['02 42 14F5', '53.65', 'MULTICAL 403 register 86'],
    ['01 00 45', '69', 'MULTICAL 403 register 149'],
    ['04 43 0004CB13', '314.131', 'MULTICAL 21 register 68'],
    ['04 41 00296231', '271211.3', 'MULTICAL 602 register 155'],
  ])('of %s is %s: %s', (bytes, text) => {
    expect(valueText(decode(51, bytes))).toBe(text);
  });

  it('keeps the decimals of the meter, trailing zeros too', () => {
    expect(decode(3, '02 43 03E8')).toEqual({ kind: 'number', value: new Big(1), decimals: 3 });
    expect(valueText(decode(3, '02 43 03E8'))).toBe('1.000');
    expect(valueText(decode(3, '02 43 0000'))).toBe('0.000');
  });

  it('is exact beyond 2^53 and to 16 bytes', () => {
    expect(valueText(decode(0, `10 00 ${'FF'.repeat(16)}`))).toBe('340282366920938463463374607431768211455');
    expect(valueText(decode(0, '08 C2 0020000000000001'))).toBe('-90071992547409.93');
  });

  it('has exponents to 63 in both directions', () => {
    expect(valueText(decode(0, '01 3F 07'))).toBe(`7${'0'.repeat(63)}`);
    expect(valueText(decode(0, '01 7F 07'))).toBe(`0.${'0'.repeat(62)}7`);
  });

  it('shows a negative zero without its sign', () => {
    expect(valueText(decode(0, '01 C1 00'))).toBe('0.0');
    expect(valueText(decode(0, '01 80 00'))).toBe('0');
  });

  it('is what bit fields, plain numbers and units that are not public hold', () => {
    for (const unit of [0, 51, 59, 75, 255]) expect(valueText(decode(unit, '02 00 0104'))).toBe('260');
  });
});

describe('a date or a time', () => {
  it.each([
    [48, '04 00 000224DC', 'date', '2014-05-08'],
    [48, '04 00 0000ED98', 'date', '2006-08-24'],
    [48, '04 00 00000000', 'date', null],
    [48, '04 00 000F1FFF', 'date', '2099-12-31'],
    [48, '04 00 000F42A5', 'date', null],
    [48, `10 00 ${'FF'.repeat(16)}`, 'date', null],
    [49, '04 00 0134D87C', 'date', '2024-05-08'],
    [49, '04 00 00000000', 'date', null],
    [49, `10 00 ${'FF'.repeat(16)}`, 'date', null],
    [50, '02 00 0338', 'month-day', '08-24'],
    [50, '02 00 0000', 'month-day', null],
    [47, '04 00 00030E33', 'time', '20:02:43'],
    [47, '04 00 00000000', 'time', '00:00:00'],
    [47, '04 00 0003A980', 'time', null],
  ])('of unit %i and %s is the %s %s', (unit, bytes, kind, value) => {
    const decoded = decode(unit, bytes);
    expect(decoded).toEqual({ kind, value });
    expect(valueText(decoded)).toBe(value);
  });

  it.each([
    [79, '07 00 001A011713132F', '2026-01-23T19:19:47', 0],
    [53, '08 00 83071A23131B070E', '2014-07-27T20:35:26', 60],
    [63, '08 00 83071A23131B070E', '2014-07-27T20:35:26', 60],
    [72, '05 00 0000000001', '2000-01-01T00:00:01', 0],
    [79, '07 00 00000000000000', null, 0],
    [53, '08 00 0000000000000000', null, 0],
    [72, '05 00 0000000000', null, 0],
  ])('of unit %i and %s is %s with %i minutes of daylight saving', (unit, bytes, value, daylightSaving) => {
    const decoded = decode(unit, bytes);
    expect(decoded).toEqual({ kind: 'date-time', value, daylightSaving });
    expect(valueText(decoded)).toBe(value);
  });

  it.each([
    [79, '04 00 001A0117'],
    [53, '07 00 83071A23131B07'],
    [63, '01 00 83'],
    [72, '04 00 00000001'],
    [79, '07 00 FFFFFFFFFFFFFF'],
  ])('of unit %i is unreadable as %s, and its bytes are shown', (unit, bytes) => {
    const decoded = decode(unit, bytes);
    expect(decoded).toEqual({ kind: 'unreadable', value: null, hex: bytes.slice(6) });
    expect(valueText(decoded)).toBeNull();
  });
});

describe('a text', () => {
  const text = (content: string) => {
    const magnitude = Uint8Array.from(Buffer.from(content, 'latin1'));
    return decodeRegisterValue({ id: 254, unit: 54, signExponent: 0, magnitude });
  };

  it('is the type number of a meter: KWM2231, jktjkt/PyKMP', () => {
    expect(text('02K52AC1A7CZ')).toEqual({ kind: 'text', value: '02K52AC1A7CZ' });
    expect(valueText(text('02K52AC1A7CZ'))).toBe('02K52AC1A7CZ');
  });

  it('loses the filling at its end and nothing else', () => {
    expect(text(' A B \0 \0')).toEqual({ kind: 'text', value: ' A B' });
    expect(text('\0\0')).toEqual({ kind: 'text', value: '' });
  });

  it.each([
    'A\x07',
    'A\nB',
    'A\0B',
    '\x7f',
    'Pæl',
    '\xff\xff',
  ])('is unreadable with what ASCII cannot print: %j', (content) => {
    const hex = toHex(Buffer.from(content, 'latin1'));
    expect(text(content)).toEqual({ kind: 'unreadable', value: null, hex });
  });
});
