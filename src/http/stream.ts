import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type Clock, sleep } from '../shared/clock.ts';
import type { StreamedAnswer } from './answer.ts';

/** Milliseconds; proxies give a silent connection a minute, and the page less. */
const HEARTBEAT = 15_000;
/** Who does not take what is sent for so long (ms) is let go. */
const PATIENCE = 10_000;

/**
 * Sends what comes, until there is nothing more or `gone` is aborted. Nothing is asked for while the client has not
 * taken what was sent, so that nothing piles up for it here.
 */
export async function sendStream(
  response: ServerResponse,
  { chunks, heartbeat }: Pick<StreamedAnswer, 'chunks' | 'heartbeat'>,
  gone: AbortSignal,
  clock: Clock,
): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  let cancelBeat = (): void => {};
  const beatLater = (): void => {
    cancelBeat();
    if (heartbeat === undefined || gone.aborted) return;
    cancelBeat = clock.after(HEARTBEAT, () => {
      if (!response.writableNeedDrain) response.write(heartbeat);
      beatLater();
    });
  };
  try {
    beatLater();
    for (;;) {
      const next = await untilGone(iterator.next(), gone);
      if (next === undefined || next.done === true) return;
      beatLater();
      if (!response.write(next.value) && !(await isTaken(response, gone, clock))) return;
    }
  } finally {
    cancelBeat();
    // It may still wait for what `gone` ends: nobody waits for it here.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

/** Undefined when `gone` is aborted first. Leaves nothing behind at a signal that lives for weeks. */
function untilGone<T>(work: Promise<T>, gone: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const end = (): void => resolve(undefined);
    if (gone.aborted) end();
    gone.addEventListener('abort', end, { once: true });
    void work.then(resolve, reject).finally(() => gone.removeEventListener('abort', end));
  });
}

async function isTaken(response: ServerResponse, gone: AbortSignal, clock: Clock): Promise<boolean> {
  const over = new AbortController();
  const end = (): void => over.abort();
  gone.addEventListener('abort', end, { once: true });
  try {
    await Promise.race([
      once(response, 'drain', { signal: over.signal }).catch(() => {}),
      sleep(clock, PATIENCE, over.signal),
    ]);
    return !gone.aborted && !response.writableNeedDrain;
  } finally {
    over.abort();
    gone.removeEventListener('abort', end);
  }
}
