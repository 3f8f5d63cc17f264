import { describe, expect, it } from 'vitest';
import { applicationBytes, toHex } from '../../src/kmp/bytes.ts';
import { type Direction, METER_ADDRESS } from '../../src/kmp/frame.ts';
import {
  commandName,
  decodeGetRegisterReply,
  decodeGetRegisterRequest,
  decodeGetSerialNoReply,
  decodeGetTypeReply,
  decodeMessage,
  encodeGetRegisterReply,
  encodeGetRegisterRequest,
  encodeGetSerialNoReply,
  encodeGetSerialNoRequest,
  encodeGetTypeReply,
  encodeGetTypeRequest,
  type Message,
  MOST_REGISTERS,
} from '../../src/kmp/messages.ts';
import { numberRecord } from '../../src/kmp/register.ts';

describe('message', () => {
  function messageOf(direction: Direction, application: Iterable<number>): Message {
    return decodeMessage({
      direction,
      destination: METER_ADDRESS,
      application: applicationBytes(application),
    });
  }

  describe('a message to the meter', () => {
    it('asks for type, serial number or registers', () => {
      expect(messageOf('to-meter', encodeGetTypeRequest())).toEqual({ kind: 'get-type' });
      expect(messageOf('to-meter', encodeGetSerialNoRequest())).toEqual({ kind: 'get-serial-no' });
      expect(messageOf('to-meter', encodeGetRegisterRequest([60, 1001]))).toEqual({
        kind: 'get-register',
        ids: [60, 1001],
      });
    });

    it.each([
      ['an unknown command', [0x62]],
      ['a type request with content', [0x01, 0x00]],
      ['a serial number request with content', [0x02, 0x00]],
      ['a register request whose count is wrong', [0x10, 0x02, 0x00, 0x3c]],
      ['nothing', []],
    ])('is something else as %s', (_, application) => {
      expect(messageOf('to-meter', application)).toEqual({ kind: 'other' });
    });
  });

  describe('a message from the meter', () => {
    it('gives type, serial number or registers', () => {
      const type = { meterType: 1, softwareRevision: 'G1' };
      const record = numberRecord(60, 3, 55006n, 3, 4);
      expect(messageOf('from-meter', encodeGetTypeReply(type))).toEqual({ kind: 'type', ...type });
      expect(messageOf('from-meter', encodeGetSerialNoReply(0))).toEqual({
        kind: 'serial-no',
        serialNumber: 0,
      });
      expect(messageOf('from-meter', encodeGetRegisterReply([record]))).toEqual({
        kind: 'registers',
        records: [record],
      });
    });

    it('may hold no register at all', () => {
      expect(messageOf('from-meter', encodeGetRegisterReply([]))).toEqual({ kind: 'registers', records: [] });
    });

    it.each([
      ['an unknown command', [0x62]],
      ['a type that is cut off', [0x01, 0x00, 0x01, 0x07]],
      ['a serial number that is cut off', [0x02, 0x01, 0x02, 0x03]],
      ['registers that are cut off', [0x10, 0x00, 0x3c, 0x03, 0x04, 0x43, 0x00]],
      ['nothing', []],
    ])('is something else as %s', (_, application) => {
      expect(messageOf('from-meter', application)).toEqual({ kind: 'other' });
    });
  });
});

describe('a command', () => {
  it.each([
    [0x01, 'GetType'],
    [0x02, 'GetSerialNo'],
    [0x09, 'SetClock'],
    [0x10, 'GetRegister'],
    [0x11, 'PutRegister'],
    [0x92, 'Login'],
    [0x9b, 'GetEventStatus'],
    [0x9c, 'ClearEventStatus'],
    [0xa0, 'GetLogTimePresent'],
    [0xa1, 'GetLogLastPresent'],
    [0xa2, 'GetLogIDPresent'],
    [0xa3, 'GetLogTimePast'],
    [0xb8, 'Logger'],
    [0x62, 'unknown'],
  ])('%i is called %s', (cid, name) => {
    expect(commandName(cid)).toBe(name);
  });
});

describe('get register', () => {
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

    it.each([
      -1,
      65536,
      60.5,
      Number.NaN,
    ])('refuses the id %d, which would ask for another register', (id) => {
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
});

describe('GetSerialNo', () => {
  it('asks without content', () => {
    expect(toHex(encodeGetSerialNoRequest())).toBe('02');
  });

  it.each([
    [0, '0200000000'],
    [84968362, '02051083AA'],
    [4294967295, '02FFFFFFFF'],
  ])('answers %i as %s', (serialNumber, hex) => {
    const reply = encodeGetSerialNoReply(serialNumber);
    expect(toHex(reply)).toBe(hex);
    expect(decodeGetSerialNoReply(reply.subarray(1))).toBe(serialNumber);
  });

  it.each(['', '01234567E9', '012345'])('refuses a reply of another length: %j', (hex) => {
    expect(decodeGetSerialNoReply(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});

describe('GetType', () => {
  it('asks without content', () => {
    expect(toHex(encodeGetTypeRequest())).toBe('01');
  });

  it.each([
    [0x0004, 'F1', '0100040601'],
    [0x0001, 'G1', '0100010701'],
    [0x5301, 'N1', '0153010E01'],
    [0xffff, 'A0', '01FFFF0100'],
    [0x5a00, 'Z255', '015A001AFF'],
    [0x5a00, 'AA3', '015A001B03'],
    [0x5a00, 'AZ3', '015A003403'],
    [0x5a00, 'BA3', '015A003503'],
    [0x5a00, 'IU9', '015A00FF09'],
  ])('answers meter type %i with software %s as %s', (meterType, softwareRevision, hex) => {
    const reply = encodeGetTypeReply({ meterType, softwareRevision });
    expect(toHex(reply)).toBe(hex);
    expect(decodeGetTypeReply(reply.subarray(1))).toEqual({ meterType, softwareRevision });
  });

  it('knows no software where the meter sends zeros, as a MULTICAL 403 does', () => {
    const reply = encodeGetTypeReply({ meterType: 1, softwareRevision: null });
    expect(toHex(reply)).toBe('0100010000');
    expect(decodeGetTypeReply(reply.subarray(1))).toEqual({ meterType: 1, softwareRevision: null });
  });

  it('sends zeros for software that is no letter and number', () => {
    expect(toHex(encodeGetTypeReply({ meterType: 1, softwareRevision: '1.0' }))).toBe('0100010000');
  });

  it.each(['', '000107', '0001070100'])('refuses a reply of another length: %j', (hex) => {
    expect(decodeGetTypeReply(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});
