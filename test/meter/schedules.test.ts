import { describe, expect, it } from 'vitest';
import { PRESETS, scheduleAdvice } from '../../src/meter/schedules.ts';
import { readingsADay } from '../../src/shared/schedule.ts';
import { loadFile, METER } from '../config/support/loading.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function adviceFor(keys: object): string | undefined {
  const [meter] = loadFile({ meters: [{ ...METER, ...keys }] }).config.meters;
  return meter && scheduleAdvice(meter);
}

describe('the readings that schedules ask for', () => {
  it.each([
    ['hourly', 24],
    ['saver', 24],
    ['balanced', 96],
    ['keep-awake', 72],
    ['live', 2880],
    ['daily', 1],
  ])('of the preset %s are %i a day', (name, expected) => {
    expect(readingsADay([PRESETS[name] ?? ''])).toBe(expected);
  });

  it.each([
    [['0 * * * *', '30 3 * * *'], 25],
    [['0 * * * *', '0 */2 * * *'], 24],
    [['59 * * * *', '*/10 5-7 * * *'], 42],
    // Never on the same day.
    [['0 * * * 1-5', '30 * * * 6,7'], 24],
    [['0 * * 1-3 *', '30 * * 4-12 *'], 24],
    // One day of seven.
    [['*/30 * * * mon'], 48 / 7],
    [['0 0 8 1 * *'], 1 / 7],
    [['0 0 29 2 *'], 1 / 7],
  ])('of %j are %d a day in the busiest week', (expressions, expected) => {
    expect(readingsADay(expressions)).toBeCloseTo(expected);
  });
});

describe('schedules beyond one reading an hour', () => {
  it('are pointed out with what to do', () => {
    const advice = adviceFor({ schedule: ['balanced', '*/10 5-7 * * *'] });
    expect(advice).toMatch(/^Heat: its schedules ask for 109 readings a day; .* 24 at most \(one an hour\)/);
    expect(advice).toMatch(/maxReadingsPerDay.*mainsPowered/);
  });

  it.each([
    ['as it is by default', {}],
    ['without details', { schedule: 'saver', detailSchedule: 'never' }],
    ['of a meter that they keep awake', { schedule: 'keep-awake' }],
    ['of a meter that they keep awake, in cron', { schedule: '*/20 * * * *', detailSchedule: '30 3 * * *' }],
    ['of a meter on mains power', { schedule: 'live', mainsPowered: true }],
    ['kept back by a limit', { schedule: 'balanced', battery: { maxReadingsPerDay: 24 } }],
  ])('are not pointed out %s', (_case, keys) => {
    expect(adviceFor(keys)).toBeUndefined();
  });

  it('are pointed out where they go beyond keeping a meter awake', () => {
    expect(adviceFor({ schedule: ['keep-awake', '*/5 * * * *'] })).toMatch(/ask for 289 readings a day/);
  });

  it('are named by check and at the start, with preset and expression', async () => {
    const folder = temporaryFolder({
      'c.json': JSON.stringify({
        meters: [{ name: 'Heat', port: '/dev/there-is-none', schedule: ['balanced', '5 6 * * *'] }],
        mqtt: { url: 'mqtt://localhost:1' },
        dataDir: temporaryFolder(),
      }),
    });
    const checked = await runCli(['check', '--print', '--config', `${folder}/c.json`]);
    expect(checked.err).toMatch(/Advice: Heat: its schedules ask for 98 readings a day/);
    expect(JSON.parse(checked.out).meters[0].schedule).toEqual(['balanced', '5 6 * * *']);
    const stopping = new AbortController();
    const run = await runCli(['run', '--config', `${folder}/c.json`], {
      signal: stopping.signal,
      onErr: (text) => {
        if (text.includes('98 readings a day')) stopping.abort();
      },
    });
    expect(run.err).toContain('Heat at /dev/there-is-none (balanced: */15 * * * *; 5 6 * * *)');
  });

  it('are told in the words of the add-on\u2019s form', async () => {
    const meters = [{ name: 'Heat', network: '127.0.0.1:1', preset: 'balanced' }];
    const folder = temporaryFolder({
      'options.json': JSON.stringify({ meters, mqtt: { url: 'mqtt://127.0.0.1:1' } }),
    });
    const stopping = new AbortController();
    const run = await runCli(['run'], {
      environment: { SUPERVISOR_TOKEN: 'secret-token', SUPERVISOR_OPTIONS: `${folder}/options.json` },
      signal: stopping.signal,
      onErr: (text) => {
        if (text.includes('97 readings a day')) stopping.abort();
      },
    });
    expect(run.err).toContain(
      'A slower schedule or max_readings_per_day saves the battery; for a meter on mains power set mains_powered to true.',
    );
  });

  it('are told in the same words by check', async () => {
    const meter = { name: 'Heat', network: '127.0.0.1:1', preset: 'balanced' };
    const folder = temporaryFolder({ 'options.json': JSON.stringify({ meter, meters: [] }) });
    const environment = { SUPERVISOR_TOKEN: 'secret-token', SUPERVISOR_OPTIONS: `${folder}/options.json` };
    const { out } = await runCli(['check'], { environment });
    expect(out).toMatch(
      /Advice: Heat: .*A slower schedule or max_readings_per_day .* set mains_powered to true/,
    );
  });
});
