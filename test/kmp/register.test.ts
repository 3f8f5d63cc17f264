import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/kmp/bytes.ts';
import {
  calendarDate,
  clockTime,
  decodeRegisterRecords,
  decodeRegisterValue,
  encodeRegisterRecord,
  magnitudeOf,
  monthDay,
  numberRecord,
  type RegisterValue,
  realTimeClock,
  secondsSince2000,
  standardDateTime,
  valueText,
} from '../../src/kmp/register.ts';

describe('register record', () => {
  const ENERGY = [0x00, 0x3c, 0x03, 0x04, 0x43, 0x00, 0x00, 0xd6, 0xde];
  const TEMPERATURE = [0x00, 0x95, 0x25, 0x01, 0x00, 0x45];

  describe('a register record', () => {
    it('has id, unit, sign and exponent, and magnitude', () => {
      expect(decodeRegisterRecords(Uint8Array.from(ENERGY))).toEqual([
        { id: 60, unit: 3, signExponent: 0x43, magnitude: Uint8Array.of(0, 0, 0xd6, 0xde) },
      ]);
    });

    it('has a length of its own, even beside others of the same reply', () => {
      const records = decodeRegisterRecords(Uint8Array.from([...TEMPERATURE, ...ENERGY, ...TEMPERATURE]));
      expect(records?.map(({ id, magnitude }) => [id, magnitude.length])).toEqual([
        [149, 1],
        [60, 4],
        [149, 1],
      ]);
      expect(records?.flatMap(encodeRegisterRecord)).toEqual([...TEMPERATURE, ...ENERGY, ...TEMPERATURE]);
    });

    it('may be absent altogether', () => {
      expect(decodeRegisterRecords(Uint8Array.of())).toEqual([]);
    });

    it.each(
      Array.from({ length: ENERGY.length - 1 }, (_, index) => index + 1),
    )('is refused when it ends after %i bytes', (length) => {
      expect(decodeRegisterRecords(Uint8Array.from(ENERGY.slice(0, length)))).toBeUndefined();
      expect(decodeRegisterRecords(Uint8Array.from([...ENERGY, ...ENERGY.slice(0, length)]))).toBeUndefined();
    });

    it.each([
      [0, false],
      [1, true],
      [16, true],
      [17, false],
    ])('with a magnitude of %i bytes is readable: %s', (length, readable) => {
      const bytes = Uint8Array.from([0x00, 0x3c, 0x03, length, 0x00, ...new Uint8Array(length)]);
      expect(decodeRegisterRecords(bytes) !== undefined).toBe(readable);
    });

    it('keeps its content when the received bytes are written over', () => {
      const bytes = Uint8Array.from(ENERGY);
      const records = decodeRegisterRecords(bytes);
      bytes.fill(0);
      expect(records?.map(magnitudeOf)).toEqual([55006n]);
    });
  });

  describe('a record of a number', () => {
    it('puts sign, decimals and powers of ten into one byte (5512-447 section 4.2)', () => {
      expect(numberRecord(86, 37, -12345n, 2, 4)).toEqual({
        id: 86,
        unit: 37,
        signExponent: 0xc2,
        magnitude: Uint8Array.of(0, 0, 0x30, 0x39),
      });
      expect(numberRecord(86, 37, 87654321n, -3, 4).signExponent).toBe(0x03);
      expect(numberRecord(86, 37, 255n, 0, 1).signExponent).toBe(0x00);
    });

    it('takes all 63 decimals and no more', () => {
      expect(numberRecord(1, 0, 1n, 63, 1).signExponent).toBe(0x7f);
      expect(numberRecord(1, 0, 1n, -63, 1).signExponent).toBe(0x3f);
      expect(() => numberRecord(1, 0, 1n, 64, 1)).toThrow(RangeError);
      expect(() => numberRecord(1, 0, 1n, -64, 1)).toThrow(RangeError);
    });

    it('takes a number that fills its bytes and none that exceeds them', () => {
      expect(numberRecord(1, 0, 0xffffn, 0, 2).magnitude).toEqual(Uint8Array.of(0xff, 0xff));
      expect(() => numberRecord(1, 0, 0x10000n, 0, 2)).toThrow(RangeError);
      expect(() => numberRecord(1, 0, -0x10000n, 0, 2)).toThrow(RangeError);
    });
  });
});

describe('register value', () => {
  describe('date time', () => {
    const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

    describe('a date', () => {
      it.each([
        [2014, 140508n, '2014-05-08'],
        [2006, 60824n, '2006-08-24'],
        [2024, 20240229n, '2024-02-29'],
        [9999, 1231n, '9999-12-31'],
        [1, 101n, '0001-01-01'],
      ])('in %i with the digits %i is %s', (year, value, date) => {
        expect(calendarDate(year, value)).toBe(date);
      });

      it.each([
        ['without month and day', 2014, 0n],
        ['without month', 2014, 8n],
        ['without day', 2014, 500n],
        ['in month 13', 2014, 1301n],
        ['on 29 February of a common year', 2023, 229n],
        ['on 31 April', 2014, 431n],
        ['in the year 0', 0, 101n],
        ['in the year 10000', 10000, 101n],
        ['in a year that no number holds exactly', 2 ** 64, 101n],
      ])('%s does not exist', (_, year, value) => {
        expect(calendarDate(year, value)).toBeNull();
      });
    });

    describe('a yearly target date', () => {
      it.each([
        [824n, '08-24'],
        [101n, '01-01'],
        [1231n, '12-31'],
        [229n, '02-29'],
      ])('%i is %s', (value, date) => {
        expect(monthDay(value)).toBe(date);
      });

      it.each([0n, 100n, 31n, 230n, 1232n, 1301n, 11231n])('%i does not exist', (value) => {
        expect(monthDay(value)).toBeNull();
      });
    });

    describe('a time of day', () => {
      it.each([
        [0n, '00:00:00'],
        [200243n, '20:02:43'],
        [21700n, '02:17:00'],
        [235959n, '23:59:59'],
      ])('%i is %s', (value, time) => {
        expect(clockTime(value)).toBe(time);
      });

      it.each([240000n, 6000n, 60n, 99n, 1000000n, 2n ** 128n - 1n])('%i does not exist', (value) => {
        expect(clockTime(value)).toBeNull();
      });
    });

    describe('date and time of unit 79', () => {
      it.each([
        ['00 18 0C 1F 00 00 04', '2024-12-31T00:00:04', 0, 'x3 day log, jktjkt/PyKMP'],
        ['00 1A 01 17 13 13 2F', '2026-01-23T19:19:47', 0, 'jktjkt/PyKMP'],
        ['3C 1A 04 15 0C 07 1E', '2026-04-21T13:07:30', 60, 'LogView shows 13:07:30'],
        ['3C 10 06 1E 0E 30 37', '2016-06-30T15:48:55', 60, 'vendor example of 14:48:55 standard time'],
        ['3C 18 0C 1F 17 1E 00', '2025-01-01T00:30:00', 60, 'daylight saving carries into the next year'],
      ])('%s is %s with %i minutes of daylight saving: %s', (hex, value, daylightSaving) => {
        expect(standardDateTime(bytesOf(hex))).toEqual({ value, daylightSaving });
      });

      it.each([
        '00 00 00 00 00 00 00',
        '3C 1A 00 17 00 00 00',
        '00 1A 01 00 00 00 00',
      ])('%s was never set', (hex) => {
        expect(standardDateTime(bytesOf(hex))).toEqual({ value: null, daylightSaving: 0 });
      });

      it.each([
        ['month 13', '00 1A 0D 01 00 00 00'],
        ['30 February', '00 1A 02 1E 00 00 00'],
        ['24 hours', '00 1A 01 17 18 00 00'],
        ['60 minutes', '00 1A 01 17 00 3C 00'],
        ['bytes that were erased', 'FF FF FF FF FF FF FF'],
        ['six bytes', '00 1A 01 17 13 13'],
        ['eight bytes', '00 1A 01 17 13 13 2F 00'],
        ['no bytes', ''],
      ])('is unreadable with %s', (_, hex) => {
        expect(standardDateTime(bytesOf(hex))).toBeUndefined();
      });
    });

    describe('a real-time clock of units 53 and 63', () => {
      it('adds the hour of daylight saving: 382J clone of mushorg/conpot, while its clock showed 20:35:13', () => {
        expect(realTimeClock(bytesOf('83 07 1A 23 13 1B 07 0E'))).toEqual({
          value: '2014-07-27T20:35:26',
          daylightSaving: 60,
        });
      });

      it('adds nothing outside daylight saving: register 1181 of the same meter', () => {
        expect(realTimeClock(bytesOf('06 04 39 2D 08 09 09 0A'))).toEqual({
          value: '2010-09-09T08:45:57',
          daylightSaving: 0,
        });
      });

      it('was never set where it is all zeros', () => {
        expect(realTimeClock(new Uint8Array(8))).toEqual({ value: null, daylightSaving: 0 });
      });

      it.each([
        ['an impossible day', '00 01 00 00 00 20 01 0E'],
        ['seven bytes', '83 07 1A 23 13 1B 07'],
        ['nine bytes', '83 07 1A 23 13 1B 07 0E 00'],
        ['no bytes', ''],
      ])('is unreadable with %s', (_, hex) => {
        expect(realTimeClock(bytesOf(hex))).toBeUndefined();
      });
    });

    describe('seconds since 2000 of unit 72', () => {
      it.each([
        ['00 00 00 00 01', '2000-01-01T00:00:01'],
        ['00 00 01 51 80', '2000-01-02T00:00:00'],
        ['FF FF FF FF FF', '2136-02-07T06:28:15'],
      ])('%s are %s', (hex, value) => {
        expect(secondsSince2000(bytesOf(hex))).toEqual({ value, daylightSaving: 0 });
      });

      it('were never set where they are zero', () => {
        expect(secondsSince2000(bytesOf('01 00 00 00 00'))).toEqual({ value: null, daylightSaving: 0 });
      });

      it.each(['', '00 00 00 01', '00 00 00 00 00 01'])('are unreadable with another length: %j', (hex) => {
        expect(secondsSince2000(bytesOf(hex))).toBeUndefined();
      });
    });
  });

  describe('register value', () => {
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
        expect(valueText(decode(0, `10 00 ${'FF'.repeat(16)}`))).toBe(
          '340282366920938463463374607431768211455',
        );
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
  });
});
