import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { DetailMemory } from '../../src/polling/detail-memory.ts';
import type { Reading } from '../../src/readings/reading.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

function reading(register: number | null, amount: number, unit = 'h'): Reading {
  const value = { kind: 'number', value: new Big(amount), decimals: 0 } as const;
  return { quantity: 'x', label: 'X', register, nature: 'total', value, unit, readAt: 0 };
}

/** Register 1004 with the same value, seen every day from the first to day `days`. */
function still(days: number, id = 1004): DetailMemory {
  const memory = new DetailMemory();
  for (let day = 0; day <= days; day++) memory.saw([reading(id, 5)], START + day * DAY);
  return memory;
}

const isDue = (memory: DetailMemory, day: number, id = 1004): boolean =>
  memory.due([id], START + day * DAY).length === 1;

describe('a register of the details', () => {
  it('is asked every time while it is new', () => {
    expect(isDue(new DetailMemory(), 0)).toBe(true);
    expect(isDue(still(0), 29)).toBe(true);
    expect(isDue(still(28), 29)).toBe(true);
  });

  it('is asked weekly once it has not changed for 30 days, even if the night begins a little earlier', () => {
    const memory = still(30);
    expect([31, 36, 37].map((day) => isDue(memory, day))).toEqual([false, false, true]);
    expect(memory.due([1004], START + 37 * DAY - 3_600_000)).toEqual([1004]);
  });

  it('is asked every time again when it has changed', () => {
    const memory = still(30);
    memory.saw([reading(1004, 6)], START + 37 * DAY);
    expect([38, 50].map((day) => isDue(memory, day))).toEqual([true, true]);
  });

  it('has changed too when its unit is another', () => {
    const memory = still(30);
    memory.saw([reading(1004, 5, 'd')], START + 37 * DAY);
    expect(isDue(memory, 38)).toBe(true);
  });

  it.each([
    60, 68, 97, 110, 155, 223, 239, 266, 267, 99, 369,
  ])('%i is asked always, because others are made of it or it tells of faults', (id) => {
    expect(isDue(still(60, id), 61, id)).toBe(true);
  });

  it('is asked when the clock was set back', () => {
    expect(isDue(still(40), 20)).toBe(true);
  });

  it('that the meter has lost is forgotten', () => {
    const memory = still(30);
    memory.forget(1004);
    expect(isDue(memory, 31)).toBe(true);
  });
});

describe('the memory', () => {
  it('survives a restart', () => {
    const memory = new DetailMemory(JSON.parse(JSON.stringify(still(30).toRemember())));
    expect([31, 37].map((day) => isDue(memory, day))).toEqual([false, true]);
  });

  it.each([
    undefined,
    'x',
    {},
    [1],
    [['a', 'b', 0, 0]],
    [[1004, 5, 0, 0]],
    [[1004, '5 h', null, 0]],
  ])('takes nothing from a file that says %j', (remembered) => {
    expect(isDue(new DetailMemory(remembered), 0)).toBe(true);
  });

  it('has nothing of what is in no register', () => {
    const memory = new DetailMemory();
    memory.saw([reading(null, 5)], START);
    expect(memory.toRemember()).toEqual([]);
  });
});
