import { expect, it } from 'vitest';
import { customerNumber } from '../../src/app/customer-number.ts';
import { numberRecord } from '../../src/kmp/register-record.ts';
import { UNIT } from '../../src/kmp/units.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { takeReading } from '../../src/readings/take-reading.ts';

const number = (id: number, value: bigint): Reading =>
  takeReading(numberRecord(id, UNIT.number, value, 0, 4), 0);
const text = (id: number, value: string): Reading =>
  takeReading({ id, unit: UNIT.ascii, signExponent: 0, magnitude: Buffer.from(value.padEnd(8, '\0')) }, 0);

it.each([
  ['both halves', [number(112, 1234n), number(1010, 5678n)], '123400005678'],
  ['no first digits', [number(112, 0n), number(1010, 5678n)], '5678'],
  ['the last digits alone', [number(1010, 5678n)], '5678'],
  ['the first digits alone', [number(112, 1234n)], '1234'],
  ['one register for all', [number(1010, 5678n), text(347, 'K-17')], 'K-17'],
  ['an empty register for all', [number(1010, 5678n), text(347, '')], '5678'],
  ['nothing', [], null],
])('the customer number from %s', (_, readings, expected) => {
  expect(customerNumber(readings)).toBe(expected);
});
