import { describe, expect, it } from 'vitest';
import { clockStage } from '../../src/readings/meter-clock.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { reading } from './support/readings.ts';
import { Staged, shownOf } from './support/staged.ts';

function derived(readAt: string, given: readonly Reading[], timezone = 'Europe/Copenhagen') {
  const then = given.map((each) => ({ ...each, readAt: Date.parse(readAt) }));
  return shownOf(new Staged(clockStage(timezone)).derived(then));
}

/** Register 348, as the display shows it. */
const whole = (value: string | null, daylightSaving = 0): Reading =>
  reading(348, { kind: 'date-time', value, daylightSaving }, '');
/** Registers 1003 and 1002. */
const halves = (date: string | null, time: string | null): Reading[] => [
  reading(1003, { kind: 'date', value: date }, ''),
  reading(1002, { kind: 'time', value: time }, ''),
];

describe('the clock of a meter with date and time in one', () => {
  it('is that of the place, and its drift is what it is ahead', () => {
    // 2026-01-23 19:19:47 (jktjkt/PyKMP).
    expect(derived('2026-01-23T18:19:17Z', [whole('2026-01-23T19:19:47')])).toEqual({
      meter_clock: '2026-01-23T19:19:47+01:00',
      clock_drift: '30 s',
    });
  });

  it('counts daylight saving where the meter says so', () => {
    // 3C 1A 04 15 0C 07 1E, which LogView shows as 13:07:30 (jktjkt/PyKMP).
    expect(derived('2026-04-21T11:07:32Z', [whole('2026-04-21T13:07:30', 60)])).toEqual({
      meter_clock: '2026-04-21T13:07:30+02:00',
      clock_drift: '-2 s',
    });
  });

  it('is in standard time where the meter says that none is in it, so that an hour too little shows', () => {
    expect(derived('2026-07-23T10:00:00Z', [whole('2026-07-23T11:00:00')])).toEqual({
      meter_clock: '2026-07-23T12:00:00+02:00',
      clock_drift: '0 s',
    });
    expect(derived('2026-07-23T10:00:00Z', [whole('2026-07-23T12:00:00')])).toMatchObject({
      clock_drift: '3600 s',
    });
  });

  it('is told apart in the hour that comes twice by that', () => {
    const first = derived('2026-10-25T00:30:00Z', [whole('2026-10-25T02:30:00', 60)]);
    expect(first).toEqual({ meter_clock: '2026-10-25T02:30:00+02:00', clock_drift: '0 s' });
    const second = derived('2026-10-25T01:30:00Z', [whole('2026-10-25T02:30:00')]);
    expect(second).toEqual({ meter_clock: '2026-10-25T02:30:00+01:00', clock_drift: '0 s' });
  });

  it('that was never set is no time, and has no drift', () => {
    expect(derived('2026-01-23T18:19:17Z', [whole(null)])).toEqual({ meter_clock: null, clock_drift: null });
  });

  it('is preferred to the one in two halves', () => {
    const readings = [...halves('2026-01-23', '23:59:59'), whole('2026-01-23T19:19:47')];
    expect(derived('2026-01-23T18:19:47Z', readings)).toMatchObject({ clock_drift: '0 s' });
  });
});

describe('the clock of a meter with date and time of day apart', () => {
  it.each([
    ['in winter', '2026-01-23T18:19:47Z', '2026-01-23T19:19:47+01:00'],
    ['in summer, set to summer time', '2026-07-23T17:19:47Z', '2026-07-23T19:19:47+02:00'],
    ['in summer, left at winter time', '2026-07-23T18:19:47Z', '2026-07-23T20:19:47+02:00'],
  ])('%s is the nearest to ours', (_case, readAt, expected) => {
    const [date = '', time = ''] = ['2026-07-23', '19:19:47'];
    const day = readAt.startsWith('2026-01') ? '2026-01-23' : date;
    expect(derived(readAt, halves(day, time))).toEqual({ meter_clock: expected, clock_drift: '0 s' });
  });

  it.each([
    ['2026-10-25T00:30:10Z', '2026-10-25T02:30:00+02:00', '-10 s'],
    ['2026-10-25T01:30:10Z', '2026-10-25T02:30:00+01:00', '-10 s'],
  ])('in the hour that comes twice is the nearest to ours too: %s', (readAt, clock, drift) => {
    expect(derived(readAt, halves('2026-10-25', '02:30:00'))).toEqual({
      meter_clock: clock,
      clock_drift: drift,
    });
  });

  it('in the hour that is left out is one that was not put forward', () => {
    expect(derived('2026-03-29T01:30:00Z', halves('2026-03-29', '02:30:00'))).toEqual({
      meter_clock: '2026-03-29T03:30:00+02:00',
      clock_drift: '0 s',
    });
  });

  it('is none where a half is missing, and no time where one was never set', () => {
    const [date, time] = halves('2026-01-23', '19:19:47');
    expect(derived('2026-01-23T18:19:47Z', [date, time].slice(0, 1) as Reading[])).toEqual({});
    expect(
      derived(
        '2026-01-23T18:19:47Z',
        [time].filter((each) => each !== undefined),
      ),
    ).toEqual({});
    expect(derived('2026-01-23T18:19:47Z', halves(null, '19:19:47'))).toMatchObject({ meter_clock: null });
  });
});

describe('with a clock of ours that is not set', () => {
  const BOOT = '1970-01-01T00:00:20Z';

  it('there is no drift; the time is shown where the meter says whether it is that of summer', () => {
    expect(derived(BOOT, [whole('2026-01-23T19:19:47')])).toEqual({
      meter_clock: '2026-01-23T19:19:47+01:00',
      clock_drift: null,
    });
    expect(derived(BOOT, halves('2026-01-23', '19:19:47'))).toEqual({ meter_clock: null, clock_drift: null });
  });
});
