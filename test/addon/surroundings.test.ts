import { describe, expect, it } from 'vitest';
import { surroundingsOf } from '../../src/addon/surroundings.ts';
import { FakeSupervisor } from '../support/fake-supervisor.ts';

const NEVER = new AbortController().signal;
const REFUSED = { status: 403, body: { result: 'error', message: 'Forbidden' } };

async function asked(answers: Readonly<Record<string, { status: number; body: unknown }>>) {
  const supervisor = await FakeSupervisor.start();
  for (const [path, reply] of Object.entries(answers)) supervisor.about.set(path, reply);
  return surroundingsOf({ SUPERVISOR_URL: supervisor.url, SUPERVISOR_TOKEN: supervisor.token });
}

const core = (homeassistant: unknown) => ({
  '/info': { status: 200, body: { result: 'ok', data: { homeassistant } } },
});

describe('the page of the add-on', () => {
  it.each([
    // There was no `/app/` before 2026.2, and there is no `/hassio/` any more.
    ['2025.11.3', 'homeassistant://hassio/ingress/a1b2c3d4_multical2mqtt'],
    ['2026.1.2', 'homeassistant://hassio/ingress/a1b2c3d4_multical2mqtt'],
    ['2026.2.0', 'homeassistant://app/a1b2c3d4_multical2mqtt'],
    ['2026.11.0b3', 'homeassistant://app/a1b2c3d4_multical2mqtt'],
    ['2027.1.0', 'homeassistant://app/a1b2c3d4_multical2mqtt'],
    [null, 'homeassistant://app/a1b2c3d4_multical2mqtt'],
  ])('in Home Assistant %s is %s', async (version, page) => {
    expect(await (await asked(core(version))).page(NEVER)).toBe(page);
  });

  it('is nowhere where the Supervisor does not say who we are, or says nonsense', async () => {
    expect(await (await asked({ '/addons/self/info': REFUSED })).page(NEVER)).toBeUndefined();
    const body = { result: 'ok', data: { slug: 'a b/../c' } };
    expect(await (await asked({ '/addons/self/info': { status: 200, body } })).page(NEVER)).toBeUndefined();
  });

  it('is asked for again where the Supervisor is busy', async () => {
    const busy = await asked({ '/addons/self/info': { status: 502, body: '' } });
    await expect(busy.page(NEVER)).rejects.toThrow(/HTTP 502/);
  });
});

describe("Home Assistant's language", () => {
  const told = (body: unknown, status = 200) => asked({ '/core/api/config': { status, body } });

  it.each([
    ['da', 'da'],
    ['de-CH', 'de'],
    ['pt-BR', 'en'],
    [7, undefined],
  ])('%s is ours as %s', async (language, ours) => {
    expect(await (await told({ language })).language(NEVER)).toBe(ours);
  });

  it('is not asked for again where it may not be asked for, but where Home Assistant has not started yet', async () => {
    expect(await (await told({}, 401)).language(NEVER)).toBeUndefined();
    await expect((await told('', 502)).language(NEVER)).rejects.toThrow(/HTTP 502/);
  });
});
