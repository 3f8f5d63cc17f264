import type { Language } from '../catalogue/texts/languages.ts';
import { type Clock, sleep } from '../shared/clock.ts';
import type { BridgeState } from './api.ts';
import type { StateSource } from './state-source.ts';

const LOOK_EVERY = 1_000;

interface ChangeEvent {
  readonly event: 'state' | 'meter' | 'outputs' | 'log';
  readonly data: unknown;
}

/** The whole state, then what has changed of it. Looks once a second, and not at all while nobody takes what there is. */
export async function* changesOf(
  source: StateSource,
  language: Language,
  clock: Clock,
  gone: AbortSignal,
): AsyncGenerator<ChangeEvent> {
  let meters = source.meters(language);
  let outputs = source.outputs();
  let head = source.head();
  let { next } = source.log(Number.POSITIVE_INFINITY);
  yield { event: 'state', data: { ...head, outputs, meters } satisfies BridgeState };
  for (;;) {
    await sleep(clock, LOOK_EVERY, gone);
    if (gone.aborted) return;
    const before = { meters, outputs, head };
    ({ meters, outputs, head } = {
      meters: source.meters(language),
      outputs: source.outputs(),
      head: source.head(),
    });
    // Other meters, or another order: whoever listens would not know where they belong.
    const isSame =
      !differs(head, before.head) &&
      meters.length === before.meters.length &&
      meters.every(({ name }, index) => name === before.meters[index]?.name);
    if (!isSame) yield { event: 'state', data: { ...head, outputs, meters } satisfies BridgeState };
    else
      for (const [index, meter] of meters.entries())
        if (meter !== before.meters[index]) yield { event: 'meter', data: meter };
    if (differs(outputs, before.outputs)) yield { event: 'outputs', data: outputs };
    const log = source.log(next);
    next = log.next;
    for (const line of log.lines) yield { event: 'log', data: line };
  }
}

function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
