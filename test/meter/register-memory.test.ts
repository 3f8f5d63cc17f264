import { expect, it } from 'vitest';
import { numberRecord } from '../../src/kmp/register.ts';
import { RegisterMemory } from '../../src/meter/register-memory.ts';
import { FakeClock } from '../support/fake-clock.ts';

const energy = (integer: bigint) => numberRecord(60, 8, integer, 3, 4);
const volume = numberRecord(68, 39, 123n, 2, 4);

it('the last answer of each register is kept with its own moment, until another meter answers', async () => {
  const clock = new FakeClock();
  const memory = new RegisterMemory(clock);
  memory.heard([energy(1n), volume]);
  const first = clock.now();
  await clock.advance(1_000);
  memory.heard([energy(2n)]);
  expect(memory.all).toEqual([
    { record: volume, readAt: first },
    { record: energy(2n), readAt: first + 1_000 },
  ]);
  memory.forget();
  expect(memory.all).toEqual([]);
});

it('the answers to whatever somebody asks for do not pile up', () => {
  const memory = new RegisterMemory(new FakeClock());
  for (let id = 0; id < 2_000; id++) memory.heard([numberRecord(id, 8, 1n, 0, 1)]);
  expect(memory.all).toHaveLength(300);
  expect(memory.all.at(-1)?.record.id).toBe(1_999);
});
