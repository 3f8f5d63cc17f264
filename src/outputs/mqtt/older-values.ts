import type { Reading } from '../../readings/reading.ts';
import { momentText } from '../../shared/credible-clock.ts';

/** Milliseconds: a reading of everything takes a minute and more. */
const ONE_READING = 120_000;

/**
 * When each value was read that is not of the reading at `readAt`, as a JSON object by quantity. `ageless`: quantities
 * whose values are older too, nobody knows how much.
 */
export function olderJson(latest: readonly Reading[], readAt: number, ageless: readonly string[]): string {
  // One from the future is older as well: the clock was set back since.
  const older = latest.filter(
    (reading) => reading.value.kind !== 'unknown' && Math.abs(readAt - reading.readAt) > ONE_READING,
  );
  return JSON.stringify({
    ...Object.fromEntries(older.map((reading) => [reading.quantity, momentText(reading.readAt)])),
    ...Object.fromEntries(ageless.map((quantity) => [quantity, null])),
  });
}
