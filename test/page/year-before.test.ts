import { describe, expect, it } from 'vitest';
import { type Bar, besides } from '../../page/src/parts/year-before.ts';
import type { Unit } from '../../page/src/zone.ts';
import { boundariesOf } from '../../src/history/bars.ts';

const ZONE = 'Europe/Copenhagen';

function barsOf(by: Unit, first: string, last: string): readonly Bar[] {
  const boundaries = boundariesOf(by, Date.parse(first), Date.parse(last), ZONE) ?? [];
  return boundaries
    .slice(1)
    .map((to, index) => ({ from: boundaries[index] ?? to, to, used: index, since: null, source: 'reading' }));
}

const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: ZONE });

/** What stands beside what, by the clocks of the place. */
function pairs(by: Unit, now: readonly Bar[], before: readonly Bar[]): readonly string[] {
  return besides(now, before, by, ZONE).map((bar, index) => {
    const at = (time: number | undefined): string => (time === undefined ? '-' : format.format(time));
    return `${at(now[index]?.from)} | ${at(bar?.from)}`;
  });
}

describe('beside a bar of the history stands', () => {
  it('the same hour of the year before, on a day whose clocks go forward', () => {
    const now = barsOf('hour', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z');
    const before = barsOf('hour', '2025-03-28T23:00:00Z', '2025-03-29T23:00:00Z');
    expect(pairs('hour', now, before).slice(1, 4)).toEqual([
      '2026-03-29 01:00 | 2025-03-29 01:00',
      '2026-03-29 03:00 | 2025-03-29 03:00',
      '2026-03-29 04:00 | 2025-03-29 04:00',
    ]);
  });

  it('nothing where that hour did not come then, and the rest in its place', () => {
    const now = barsOf('hour', '2026-03-29T22:00:00Z', '2026-03-30T22:00:00Z');
    const before = barsOf('hour', '2025-03-29T23:00:00Z', '2025-03-30T22:00:00Z');
    const all = pairs('hour', now, before);
    expect(all.slice(1, 4)).toEqual([
      '2026-03-30 01:00 | 2025-03-30 01:00',
      '2026-03-30 02:00 | -',
      '2026-03-30 03:00 | 2025-03-30 03:00',
    ]);
    expect(all.at(-1)).toBe('2026-03-30 23:00 | 2025-03-30 23:00');
  });

  it('an hour that came twice no more than once', () => {
    const now = barsOf('hour', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z');
    const before = barsOf('hour', '2025-10-24T22:00:00Z', '2025-10-25T22:00:00Z');
    expect(pairs('hour', now, before).slice(2, 5)).toEqual([
      '2026-10-25 02:00 | 2025-10-25 02:00',
      '2026-10-25 02:00 | -',
      '2026-10-25 03:00 | 2025-10-25 03:00',
    ]);
  });

  it('the same day, over the 29th of February', () => {
    const now = barsOf('day', '2028-02-26T23:00:00Z', '2028-03-02T23:00:00Z');
    const before = barsOf('day', '2027-02-26T23:00:00Z', '2027-03-02T23:00:00Z');
    expect(pairs('day', now, before)).toEqual([
      '2028-02-27 00:00 | 2027-02-27 00:00',
      '2028-02-28 00:00 | 2027-02-28 00:00',
      '2028-02-29 00:00 | -',
      '2028-03-01 00:00 | 2027-03-01 00:00',
      '2028-03-02 00:00 | 2027-03-02 00:00',
    ]);
  });

  it('the same month', () => {
    const now = barsOf('month', '2025-12-31T23:00:00Z', '2026-02-28T23:00:00Z');
    const before = barsOf('month', '2024-12-31T23:00:00Z', '2025-02-28T23:00:00Z');
    expect(pairs('month', now, before)).toEqual([
      '2026-01-01 00:00 | 2025-01-01 00:00',
      '2026-02-01 00:00 | 2025-02-01 00:00',
    ]);
  });
});
