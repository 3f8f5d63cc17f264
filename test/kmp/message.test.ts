import { describe, expect, it } from 'vitest';
import { applicationBytes } from '../../src/kmp/bytes.ts';
import { encodeGetRegisterReply, encodeGetRegisterRequest } from '../../src/kmp/commands/get-register.ts';
import { encodeGetSerialNoReply, encodeGetSerialNoRequest } from '../../src/kmp/commands/get-serial-no.ts';
import { encodeGetTypeReply, encodeGetTypeRequest } from '../../src/kmp/commands/get-type.ts';
import { type Direction, METER_ADDRESS } from '../../src/kmp/frame.ts';
import { decodeMessage, type Message } from '../../src/kmp/message.ts';
import { numberRecord } from '../../src/kmp/register-record.ts';

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
