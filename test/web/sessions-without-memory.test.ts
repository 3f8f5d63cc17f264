import { expect, it, vi } from 'vitest';
import { SESSION_PATH, Sessions } from '../../src/web/sessions.ts';
import { FakeClock } from '../support/fake-clock.ts';

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  const scrypt = vi.fn(real.scrypt as (...values: unknown[]) => void);
  scrypt.mockImplementationOnce((...values) =>
    (values.at(-1) as (error: Error) => void)(new Error('memory limit exceeded')),
  );
  return { ...real, scrypt };
});

it('lets in who knows the password after a try for which there was no memory', async () => {
  const clock = new FakeClock();
  const { routes } = new Sessions('right', 8099, clock);
  const logIn = async () =>
    routes[0]?.handle({
      method: 'POST',
      path: SESSION_PATH,
      address: '192.168.1.2',
      parameters: {},
      query: new URLSearchParams(),
      headers: {},
      gone: new AbortController().signal,
      body: { password: 'right' },
    });
  await expect(logIn()).rejects.toThrow('memory limit exceeded');
  await clock.advance(60_000);
  expect(await logIn()).toMatchObject({ status: 200 });
});
