import { describe, expect, it } from 'vitest';
import { PROFILES, sharedProfile } from '../../src/catalogue/families.ts';
import { METER_MODEL_NAMES, UNKNOWN_FIRST } from '../../src/catalogue/family.ts';
import { readableLoggers } from '../../src/catalogue/logs.ts';
import { KNOWN_REGISTER_IDS } from '../../src/catalogue/registers.ts';
import { MOST_REGISTERS } from '../../src/kmp/messages.ts';

describe.each(METER_MODEL_NAMES)('the profile of %s', (name) => {
  const { first, signs, eye, log, label } = PROFILES[name];

  it('asks for at most eight known registers in its first request, each once', () => {
    expect(first.slots.length).toBeLessThanOrEqual(MOST_REGISTERS);
    const ids = first.slots.flat();
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids, ...first.fillers].filter((id) => !KNOWN_REGISTER_IDS.includes(id))).toEqual([]);
  });

  it('does not ask first for what it never has', () => {
    expect(first.slots.filter(([id]) => signs.never.includes(id ?? 0))).toEqual([]);
  });

  it('has signs that do not contradict each other', () => {
    for (const group of signs.someOf) {
      expect(group.some((id) => !signs.never.includes(id))).toBe(true);
    }
  });

  it('has a log that is asked for in a way that is known, or not at all', () => {
    expect(readableLoggers(log).length > 0).toBe(log.dialect !== null);
    expect(log.evidence === 'unknown').toBe(log.dialect === null);
    expect(log.source).toMatch(/[^.]$/);
  });

  it('has a name and an advice fit to be followed by a full stop', () => {
    expect(label).toMatch(/\w/);
    expect(eye.advice).toMatch(/[^.]$/);
  });
});

it('years, months and days of a 601 are not asked for as its interval is', () => {
  expect(readableLoggers(PROFILES['601'].log)).toEqual(['interval']);
  expect(readableLoggers(PROFILES['603'].log)).toEqual([
    ...['year', 'month', 'day', 'hour', 'minute-1', 'minute-2'],
  ]);
});

it('type codes stand for one family each', () => {
  const codes = Object.values(PROFILES).flatMap(({ typeCodes }) => typeCodes.map(({ code }) => code));
  expect(new Set(codes).size).toBe(codes.length);
});

it('an unknown meter is asked as the most frequent ones are', () => {
  expect(UNKNOWN_FIRST.slots.map(([id]) => id)).toEqual([60, 68, 74, 80, 86, 87, 89, 99]);
});

describe('what several families share', () => {
  it('holds for a meter that may be of each of them', () => {
    const shared = sharedProfile(['403', '603', '803']);
    expect(shared).toMatchObject({ kind: 'heat', infoTable: 'x3', details: 'heat', logDialect: 'logger' });
    expect(shared.eye?.advice).toMatch(/magnet/);
  });

  it('is nothing where they differ', () => {
    expect(sharedProfile(['303', '403']).eye).toBeUndefined();
    expect(sharedProfile(['601', '603']).logDialect).toBeUndefined();
    expect(sharedProfile(['21', '62']).infoTable).toBeUndefined();
    expect(sharedProfile(['403', '382']).kind).toBeUndefined();
  });

  it('is nothing of no family', () => {
    expect(Object.values(sharedProfile([])).filter((value) => value !== undefined)).toEqual([]);
  });
});
