import { describe, expect, it } from 'vitest';
import type { MeterConfig } from '../../src/meter/config.ts';
import { cronsOf, namedSchedules, PRESETS } from '../../src/meter/schedules.ts';
import { isCronExpression } from '../../src/shared/schedule.ts';
import { load, loadFile, METER, problemsInMeter } from './support/loading.ts';

function meterWith(keys: object): MeterConfig {
  const [meter] = loadFile({ meters: [{ ...METER, ...keys }] }).config.meters;
  if (meter === undefined) throw new Error('no meter');
  return meter;
}

function meterFrom(environment: Readonly<Record<string, string>>): MeterConfig {
  const [meter] = load({ environment: { METER_PORT: 'COM1', ...environment } }).config.meters;
  if (meter === undefined) throw new Error('no meter');
  return meter;
}

describe('a preset', () => {
  it.each(Object.entries(PRESETS))('%s is the cron expression %s', (name, cron) => {
    expect(isCronExpression(cron)).toBe(true);
    expect(namedSchedules(meterWith({ schedule: name, mainsPowered: true }).schedule)).toEqual([
      { preset: name, cron },
    ]);
  });

  it('stays in the effective configuration as it was written', () => {
    expect(meterWith({ schedule: 'saver' }).schedule).toBe('saver');
  });

  it('may stand in a list beside expressions, and the same expression counts once', () => {
    const { schedule } = meterWith({ schedule: ['saver', '*/10 5-7 * * 1-5', '59 * * * *'] });
    expect(cronsOf(schedule)).toEqual(['59 * * * *', '*/10 5-7 * * 1-5']);
  });

  it('and a list of schedules may come from the environment, with semicolons', () => {
    expect(meterFrom({ METER_SCHEDULE: 'daily' }).schedule).toBe('daily');
    const { schedule } = meterFrom({ METER_SCHEDULE: 'saver; 0 6-8 * * * ;' });
    expect(schedule).toEqual(['saver', '0 6-8 * * *']);
  });

  it('that is misspelt is told with the one that was meant', () => {
    expect(problemsInMeter({ schedule: 'savr' })).toEqual([
      expect.stringMatching(
        /^meters\[0\]\.schedule: must be a cron .* not "savr", or a preset \(hourly, saver, balanced, keep-awake, live, daily\); did you mean "saver"\?$/,
      ),
    ]);
  });

  it.each([
    [[], 'must name at least one schedule, such as "hourly"'],
    [['saver', 'x'], 'entry 2 of 2 must be a cron expression'],
    [['saver', 5], 'entry 2 of 2 must be a text in quotation marks, not a number'],
    [['', 'saver'], 'entry 1 of 2 must not be empty'],
    [{}, 'must be a text in quotation marks, not an object'],
    ['constructor', 'must be a cron expression'],
  ])('and a list may not be %j', (schedule, expected) => {
    const problems = problemsInMeter({ schedule });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`meters[0].schedule: ${expected}`);
  });
});

describe('the preset live', () => {
  it.each(['live', ['saver', 'live']])('%j wants a meter on mains power, and says why', (schedule) => {
    expect(problemsInMeter({ schedule })).toEqual([
      expect.stringMatching(/^meters\[0\]\.schedule: "live" reads every 30 seconds, .* set mainsPowered to/),
    ]);
    expect(meterWith({ schedule, mainsPowered: true }).mainsPowered).toBe(true);
    expect(meterFrom({ METER_SCHEDULE: 'live', METER_MAINS_POWERED: 'yes' }).schedule).toBe('live');
  });
});

describe('the limit of a day', () => {
  it.each([null, 1, 24, 5000])('may be %j', (maxReadingsPerDay) => {
    expect(meterWith({ battery: { maxReadingsPerDay } }).battery).toMatchObject({ maxReadingsPerDay });
  });

  it('may come from the environment', () => {
    expect(meterFrom({ METER_BATTERY_MAX_READINGS_PER_DAY: '30' }).battery.maxReadingsPerDay).toBe(30);
  });

  it.each([0, -1, 1.5, '24', true])('may not be %j', (maxReadingsPerDay) => {
    expect(problemsInMeter({ battery: { maxReadingsPerDay } })).toEqual([
      expect.stringMatching(
        /^meters\[0\]\.battery\.maxReadingsPerDay: must be a whole number of readings from 1 on, or null/,
      ),
    ]);
  });
});

describe('the time between readings that are asked for', () => {
  it.each([0, 10, 3600])('may be %j seconds', (minSecondsBetween) => {
    expect(meterWith({ battery: { minSecondsBetween } }).battery).toMatchObject({ minSecondsBetween });
  });

  it('may come from the environment', () => {
    expect(meterFrom({ METER_BATTERY_MIN_SECONDS_BETWEEN: '30' }).battery.minSecondsBetween).toBe(30);
  });

  it.each([-1, 1.5, 3601, '10', null])('may not be %j', (minSecondsBetween) => {
    expect(problemsInMeter({ battery: { minSecondsBetween } })).toEqual([
      expect.stringMatching(
        /^meters\[0\]\.battery\.minSecondsBetween: must be a whole number of seconds from 0 to 3600, not/,
      ),
    ]);
  });
});

describe('a burst', () => {
  it('is a power and a time, in the file or in the environment', () => {
    const burst = { above: '2 kW', every: '5 min' };
    expect(meterWith({ burst }).burst).toEqual(burst);
    expect(meterFrom({ METER_BURST_ABOVE: '2 kW', METER_BURST_EVERY: '5 min' }).burst).toEqual(burst);
  });

  it.each([
    ['500 W', '30 s'],
    ['2.5kW', '1.5 h'],
    ['0.002 MW', '10s'],
  ])('may be above %s every %s', (above, every) => {
    expect(meterWith({ burst: { above, every } }).burst).toEqual({ above, every });
  });

  it.each(['2', '2 kw', 'kW', '-2 kW', '2 kWh', 2, '2,5 kW'])('may not be above %j', (above) => {
    expect(problemsInMeter({ burst: { above, every: '5 min' } })).toEqual([
      expect.stringMatching(
        /^meters\[0\]\.burst\.above: must be a power with its unit \(W, kW or MW\), such as/,
      ),
    ]);
  });

  it.each(['5', '5 m', '9 s', '25 h', 'often', 5])('may not come every %j', (every) => {
    expect(problemsInMeter({ burst: { above: '2 kW', every } })).toEqual([
      expect.stringMatching(/^meters\[0\]\.burst\.every: must be a time with its unit \(s, min or h\) from/),
    ]);
  });

  it('needs both', () => {
    expect(problemsInMeter({ burst: { above: '2 kW' } })).toEqual([
      expect.stringMatching(/^meters\[0\]\.burst\.every: must be set too, because burst\.above is/),
    ]);
    expect(problemsInMeter({ burst: { every: '5 min' } })).toEqual([
      expect.stringMatching(/^meters\[0\]\.burst\.above: must be set too, because burst\.every is/),
    ]);
  });

  it('needs the power among the registers', () => {
    const burst = { above: '2 kW', every: '5 min' };
    expect(problemsInMeter({ burst, registers: [60, 68] })).toEqual([
      expect.stringMatching(/^meters\[0\]\.burst\.above: needs the power.*add 80/),
    ]);
    expect(meterWith({ burst, registers: [60, '0x50'] }).burst).toEqual(burst);
  });
});
