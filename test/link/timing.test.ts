import { expect, test } from 'vitest';
import { newCounters } from '../../src/link/session.ts';
import { lineTiming } from '../../src/link/timing.ts';

test('a byte takes eleven bits: 9.17 ms at 1200 baud', () => {
  expect(lineTiming({ baudRate: 1200, network: false }).byteTime).toBeCloseTo(9.1667, 3);
});

test('the times of 5512-447 section 2.1 hold: 1.6 s to the first byte, of silence, and of waking', () => {
  const timing = lineTiming({ baudRate: 1200, network: false });
  expect(timing).toMatchObject({ firstByte: 1_600, quiet: 1_600, awake: 1_600, tries: 3 });
});

test('a network gets more allowance than a port of this machine', () => {
  const serial = lineTiming({ baudRate: 1200, network: false });
  const network = lineTiming({ baudRate: 1200, network: true });
  expect(network.allowance).toBeGreaterThan(serial.allowance);
});

test.each([0, 3_000])('the user can set the allowance, also to %d ms', (allowance) => {
  expect(lineTiming({ baudRate: 1200, network: true, allowance }).allowance).toBe(allowance);
});

test('no allowance of the user leaves the one that fits the line', () => {
  const usual = lineTiming({ baudRate: 1200, network: true });
  expect(lineTiming({ baudRate: 1200, network: true, allowance: null })).toEqual(usual);
});

test('counters begin at zero, and nobody shares them', () => {
  const counters = newCounters();
  expect(new Set(Object.values(counters))).toEqual(new Set([0]));
  counters.retries++;
  expect(newCounters().retries).toBe(0);
});
