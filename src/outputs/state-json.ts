import type { Reading } from '../readings/reading.ts';
import { localTime } from '../shared/zoned-time.ts';

/**
 * All quantities of a meter as one JSON object, written by hand, because JSON.stringify knows only floating point: `65.20`
 * would lose its zero, and integers beyond 2^53 their last digits. Null where the meter says "never" or cannot be
 * understood. `readAt`: when the newest of them were read. `first`: members to stand before them, as JSON.
 */
export function stateJson(latest: readonly Reading[], readAt: number, first: readonly string[] = []): string {
  const members = latest.map(({ quantity, value }) => `${JSON.stringify(quantity)}:${valueJson(value)}`);
  return `{${[...first, ...members, `"read_at":${JSON.stringify(localTime(readAt))}`].join(',')}}`;
}

function valueJson(value: Reading['value']): string {
  return value.kind === 'number' ? value.value.toFixed(value.decimals) : JSON.stringify(value.value);
}
