import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answers, apiServer } from '../statistics/support/api-server.ts';
import { FakeHomeAssistant } from '../statistics/support/fake-home-assistant.ts';
import { runCli } from '../support/run-cli.ts';
import { FAST, servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ENERGY = 'multical2mqtt_80713078_heat_energy';
const SENSOR = `sensor.${ENERGY}`;
const HOUR = 3_600_000;

/** A meter with a log, and a Home Assistant that has counted its heat for some hours. `through`: what becomes of a question. */
async function house(
  own: readonly (readonly [hour: string, state: number, sum: number])[],
  through: (answers: Answers) => Answers = (answers) => answers,
) {
  const { port, simulator } = await servedMeter({ model: '603' });
  const home = new FakeHomeAssistant();
  home.total(ENERGY, own);
  const { access } = await apiServer({ answers: through(home.answers) });
  const folder = temporaryFolder();
  const file = join(folder, 'bridge.json');
  const written = (token: string): void =>
    writeFileSync(
      file,
      JSON.stringify({
        dataDir: join(folder, 'data'),
        meters: [{ name: 'House', port }],
        homeAssistant: { url: access.url, token },
      }),
    );
  written(access.token);
  const words = ['history', '--config', file, '--baud-rate', String(FAST)];
  const ask = (...more: string[]) => runCli([...words, ...more]);
  const interrupted = (ended: AbortController, more: readonly string[], onErr?: (text: string) => void) =>
    runCli([...words, ...more], { signal: ended.signal, ...(onErr && { onErr }) });
  return { ask, interrupted, home, simulator, written, file };
}

const hoursAgo = (hours: number): string =>
  new Date(Math.floor(Date.now() / HOUR) * HOUR - hours * HOUR).toISOString();
/** It began to count at what the meter showed then. */
const LAST_HOURS = [4, 3, 2].map((hours) => [hoursAgo(hours), 400, 0] as const);

describe('the log of a meter in Home Assistant', () => {
  it('is shown first, then brought in, and taken back again', async () => {
    const { ask, home, simulator } = await house(LAST_HOURS);
    const before = home.rows(SENSOR);
    const dry = await ask('--home-assistant', '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(/^ +day +heat_energy GJ\n(\d{4}-\d\d-\d\d +\d+(\.\d+)?\n)+/);
    expect(home.rows(SENSOR)).toEqual(before);
    const { requests } = simulator.statistics;
    const done = await ask('--home-assistant', '--cached');
    expect([done.code, done.out]).toEqual([
      0,
      expect.stringMatching(/House, heat_energy \(sensor\..*\): \d+ hours brought in/),
    ]);
    expect(simulator.statistics.requests).toBe(requests);
    expect(home.rows(SENSOR).length).toBeGreaterThan(450);
    const undone = await ask('--undo');
    expect([undone.code, undone.out]).toEqual([0, expect.stringMatching(/\d+ hours taken back/)]);
    expect(home.rows(SENSOR).filter(([, state]) => state !== null)).toEqual(before);
  });

  it('comes from days and hours, unless somebody names other logs', async () => {
    const { ask, simulator } = await house(LAST_HOURS);
    await ask('--home-assistant', '--dry-run');
    const loggers = new Set(simulator.statistics.logged.map(({ logger }) => logger));
    expect([...loggers].sort()).toEqual(['day', 'hour']);
  });

  it('is not read where Home Assistant cannot be reached anyway', async () => {
    const { ask, simulator, written } = await house(LAST_HOURS);
    written('');
    expect(await ask('--home-assistant')).toMatchObject({ code: 2, out: '' });
    expect(simulator.statistics.requests).toBe(0);
  });

  it('stays out where the token is a wrong one, which is not repeated', async () => {
    const { ask, written } = await house(LAST_HOURS);
    written('hidden token');
    const { code, err } = await ask('--home-assistant');
    expect(code).toBe(1);
    expect(err).toMatch(/does not take the token/);
    expect(err).not.toContain('hidden token');
  });
});

it.each([
  '--home-assistant',
  '--undo',
])('says in %s what to do where Home Assistant answers strangely', async (word) => {
  const { ask, file } = await house(LAST_HOURS, () => async () => null);
  await ask();
  const { code, out, err } = await ask(word, ...(word === '--undo' ? [] : ['--cached']));
  const { url } = JSON.parse(readFileSync(file, 'utf8')).homeAssistant;
  const place = `Home Assistant at ${new URL(url).host}`;
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(`${place} answered recorder/info in a way that this version does not understand`);
});

describe('Ctrl+C while Home Assistant is waited for', () => {
  const ENDED = /^Ended while Home Assistant was waited for\. The same command finishes what was begun\.$/m;

  it('ends it, where somebody was told once that it takes long', async () => {
    const busy: Answers = async () => ({ backlog: 3 });
    const { ask, interrupted, home } = await house(LAST_HOURS, () => busy);
    await ask();
    const ended = new AbortController();
    const { code, err } = await interrupted(ended, ['--home-assistant', '--cached', '--dry-run'], (text) => {
      if (text.includes('waiting for it. Ctrl+C ends it.')) ended.abort();
    });
    expect([code, err]).toEqual([1, expect.stringMatching(ENDED)]);
    expect(err.match(/takes its time/g)).toHaveLength(1);
    expect(home.asked).toEqual([]);
  });

  it.each([
    ['--home-assistant', 'recorder/import_statistics'],
    ['--undo', 'recorder/adjust_sum_statistics'],
  ])('in %s, when it was told %s, leaves what the next run finishes', async (word, command) => {
    const ended = new AbortController();
    let isCut = false;
    const cut = (answers: Answers): Answers => {
      return async (type, body) => {
        const answer = await answers(type, body);
        if (!isCut || type !== command) return answer;
        ended.abort();
        return new Promise(() => {});
      };
    };
    const { ask, interrupted, home } = await house(LAST_HOURS, cut);
    const before = home.rows(SENSOR);
    await ask('--home-assistant');
    const imported = home.rows(SENSOR);
    const words = word === '--undo' ? ['--undo'] : ['--home-assistant', '--cached'];
    if (word !== '--undo') await ask('--undo');
    isCut = true;
    const { code, err } = await interrupted(ended, words);
    expect([code, err]).toEqual([1, expect.stringMatching(ENDED)]);
    isCut = false;
    expect((await ask(...words)).code).toBe(0);
    const left = home.rows(SENSOR);
    if (word === '--undo') expect(left.filter(([, state]) => state !== null)).toEqual(before);
    else expect(left).toEqual(imported);
  });
});

it.each([
  [['--undo', '--home-assistant'], /--undo takes back .* it stands alone/],
  [['--dry-run', '--port', '/dev/there-is-none'], /--dry-run says how --home-assistant is meant: add that/],
  [['--replace', '--port', '/dev/there-is-none'], /--replace says how --home-assistant is meant: add that/],
  [
    ['--home-assistant', '--port', '/dev/there-is-none'],
    /--home-assistant is for what is kept of a configured meter/,
  ],
])('refuses %j', async (words, reason) => {
  const { code, out, err } = await runCli(['history', ...words]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(reason);
});

it('says what to set where nobody has said where Home Assistant is', async () => {
  const { port } = await servedMeter({ model: '603' });
  const file = join(temporaryFolder(), 'bridge.json');
  writeFileSync(file, JSON.stringify({ meters: [{ port }] }));
  const { code, err } = await runCli(['history', '--home-assistant', '--config', file]);
  expect([code, err]).toEqual([2, expect.stringMatching(/set homeAssistant\.url and homeAssistant\.token/)]);
});
