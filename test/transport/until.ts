import { setTimeout } from 'node:timers/promises';

const PATIENCE = 5_000;

/** Waits in real time for something outside this process. */
export async function until(happened: () => boolean): Promise<void> {
  const begin = performance.now();
  while (!happened()) {
    if (performance.now() - begin > PATIENCE) throw new Error(`not within ${PATIENCE} ms: ${happened}`);
    await setTimeout(2);
  }
}
