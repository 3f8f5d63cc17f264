import { onTestFinished } from 'vitest';
import { Spool, type SpoolOptions } from '../../../src/spool/spool.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** A spool in a folder, with room for much. */
export async function openedSpool(folder: string, options: Partial<SpoolOptions> = {}) {
  const clock = new FakeClock();
  const logger = new CollectingLogger();
  const spool = new Spool({
    folder,
    maxBytes: 1_000_000,
    maxAge: 86_400_000,
    label: 'InfluxDB',
    noun: 'point',
    clock,
    logger,
    changed: () => {},
    ...options,
  });
  await spool.open();
  onTestFinished(() => spool.close());
  return { spool, clock, logger };
}

/** The texts that wait, oldest first. */
export async function textsIn(spool: Spool): Promise<readonly string[]> {
  return (await spool.peek(100_000, 10_000_000)).map(({ text }) => text);
}

/** Takes the first `count`. */
export async function take(spool: Spool, count: number): Promise<readonly string[]> {
  const taken = await spool.peek(count, 10_000_000);
  await spool.drop(taken);
  return taken.map(({ text }) => text);
}
