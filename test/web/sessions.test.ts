import { describe, expect, it } from 'vitest';
import { untilAborted } from '../../src/shared/clock.ts';
import type { ApiRoute } from '../../src/web/route.ts';
import { rawClient } from '../http/support/raw-client.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { webServing } from './support/web-serving.ts';

const PASSWORD = 'warm water';
const DAY = 86_400_000;

const routes: ApiRoute[] = [
  { method: 'GET', path: 'api/v1/state', summary: '', handle: () => ({ json: {} }) },
  {
    method: 'GET',
    path: 'api/v1/events',
    summary: '',
    handle: ({ gone }) => ({
      events: (async function* () {
        yield { event: 'state', data: {} };
        await untilAborted(gone);
      })(),
    }),
  },
];

async function locked() {
  const clock = new FakeClock();
  const { url, port } = await webServing({ routes, password: PASSWORD, clock });
  const login = (password: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ password }),
    });
  const state = async (cookie = '') => (await fetch(`${url}/api/v1/state`, { headers: { cookie } })).status;
  return { clock, url, port, login, state };
}

const cookieOf = (answer: Response): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

describe('a page with a password', () => {
  it('shows itself, says whether it lives, and nothing else', async () => {
    const { url, state } = await locked();
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await state()).toBe(401);
    expect(await state('multical2mqtt-0=guessed')).toBe(401);
  });

  it('is open to who knows it, with a cookie that no script and no other site has', async () => {
    const { login, state } = await locked();
    const answer = await login(PASSWORD);
    expect(answer.status).toBe(200);
    const cookie = answer.headers.get('set-cookie');
    expect(cookie).toMatch(/^multical2mqtt-0=[\w-]{43}; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
    expect(await state(cookieOf(answer))).toBe(200);
    const https = await login(PASSWORD, { 'x-forwarded-proto': 'https' });
    expect(https.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('is closed again after thirty days, or when one logs out, streams included', async () => {
    const { clock, url, port, login, state } = await locked();
    const [one, other] = [cookieOf(await login(PASSWORD)), cookieOf(await login(PASSWORD))];
    const stream = await rawClient(port, `GET /api/v1/events HTTP/1.1\r\nHost: a\r\nCookie: ${one}\r\n\r\n`);
    await eventually(() => stream.heard.includes('event: state'));
    const headers = { cookie: one, 'content-type': 'application/json' };
    expect((await fetch(`${url}/api/v1/session`, { method: 'DELETE', headers })).status).toBe(200);
    await eventually(() => stream.heard.endsWith('0\r\n\r\n'));
    expect([await state(one), await state(other)]).toEqual([401, 200]);
    await clock.advance(31 * DAY);
    expect(await state(other)).toBe(401);
  });

  it('makes who guesses wait, longer each time, and not for ever', async () => {
    const { clock, login } = await locked();
    const waits: number[] = [];
    for (let guess = 0; guess < 9; guess++) {
      expect((await login(`guess ${guess}`)).status).toBe(401);
      const refused = await login(PASSWORD);
      expect(refused.status).toBe(429);
      const wait = Number(refused.headers.get('retry-after'));
      waits.push(wait);
      await clock.advance(wait * 1_000);
    }
    expect(waits).toEqual([1, 1, 2, 4, 8, 16, 32, 60, 60]);
    expect((await login(PASSWORD)).status).toBe(200);
  });

  it('counts guesses that come at once as many', async () => {
    const { login } = await locked();
    const answers = await Promise.all([1, 2, 3, 4, 5].map((guess) => login(`guess ${guess}`)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([401, 429, 429, 429, 429]);
  });

  it.each([
    undefined,
    1,
    '',
    'x'.repeat(1_001),
    ['warm water'],
  ])('does not take %s for it', async (password) => {
    const { login } = await locked();
    expect([400, 401]).toContain((await login(password)).status);
  });
});
