import type { Reading } from '../readings/reading.ts';
import { localTime } from '../shared/zoned-time.ts';

/**
 * All quantities of a meter as one JSON object; `readAt`: when the newest of them were read. Written by hand, because JSON.stringify knows only floating point:
 * `65.20` would lose its zero, and integers beyond 2^53 their last digits. Null where the meter says "never" or cannot be
 * understood.
 */
export function stateJson(latest: readonly Reading[], readAt: number): string {
  const members = latest.map(({ quantity, value }) => `${JSON.stringify(quantity)}:${valueJson(value)}`);
  members.push(`"read_at":${JSON.stringify(localTime(readAt))}`);
  return `{${members.join(',')}}`;
}

function valueJson(value: Reading['value']): string {
  return value.kind === 'number' ? value.value.toFixed(value.decimals) : JSON.stringify(value.value);
}
