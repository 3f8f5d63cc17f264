import type { PollerStatus } from '../polling/poller.ts';

/** The longest reading asks for everything once, of a meter that answers hardly ever: some minutes. */
const STUCK_AFTER = 30 * 60_000;

/** Readings that never end, in words; both in the order of the configuration. */
export function stuckReadings(
  meters: readonly { readonly name: string }[],
  statuses: readonly Pick<PollerStatus, 'busyFor'>[],
): readonly string[] {
  return statuses.flatMap(({ busyFor }, index) =>
    busyFor > STUCK_AFTER ? [`A reading of ${meters[index]?.name} does not come to an end`] : [],
  );
}
