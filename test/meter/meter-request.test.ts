import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/kmp/bytes.ts';
import type { Message } from '../../src/kmp/message.ts';
import { getRegisters, getSerialNo, getType } from '../../src/meter/meter-request.ts';
import { record } from './frames.ts';

const TYPE: Message = { kind: 'type', meterType: 1, softwareRevision: 'F1' };
const SERIAL: Message = { kind: 'serial-no', serialNumber: 0 };
const NO_REGISTERS: Message = { kind: 'registers', records: [] };

function registers(...ids: number[]): Message {
  return { kind: 'registers', records: ids.map((id) => record(id)) };
}

test('the requests are those of 5512-447 section 6.2', () => {
  expect(toHex(getType.application)).toBe('01');
  expect(toHex(getSerialNo.application)).toBe('02');
  expect(toHex(getRegisters([60, 1004]).application)).toBe('1002003C03EC');
});

test('GetType takes a type only', () => {
  expect(getType.accept(TYPE)).toMatchObject({ meterType: 1, softwareRevision: 'F1' });
  expect(getType.accept(SERIAL)).toBeUndefined();
  expect(getType.accept(NO_REGISTERS)).toBeUndefined();
});

test('GetSerialNo takes a number only, even when it is zero', () => {
  expect(getSerialNo.accept(SERIAL)).toBe(0);
  expect(getSerialNo.accept(TYPE)).toBeUndefined();
  expect(getSerialNo.accept({ kind: 'get-serial-no' })).toBeUndefined();
});

describe('GetRegister', () => {
  const request = getRegisters([60, 68, 74]);

  test('takes all the registers that were asked for, in any order', () => {
    const reply = request.accept(registers(74, 60, 68));
    expect(reply?.map(({ id }) => id)).toEqual([74, 60, 68]);
  });

  test('takes fewer, because a meter leaves out what it does not have', () => {
    expect(request.accept(registers(68))).toHaveLength(1);
  });

  test('takes none at all', () => {
    expect(request.accept(NO_REGISTERS)).toEqual([]);
  });

  test('refuses a register that was not asked for: the reply belongs to another request', () => {
    expect(request.accept(registers(60, 80))).toBeUndefined();
  });

  test('refuses a register that comes twice', () => {
    expect(request.accept(registers(60, 60))).toBeUndefined();
  });

  test('refuses the reply to another command', () => {
    expect(request.accept(SERIAL)).toBeUndefined();
    expect(request.accept({ kind: 'other' })).toBeUndefined();
  });
});
