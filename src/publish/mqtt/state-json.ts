import type { Reading } from '../../readings/reading.ts';
import { localTime } from '../../shared/local-time.ts';

/**
 * All quantities of a meter as one JSON object. Written by hand, because JSON.stringify knows only floating point:
 * `65.20` would lose its zero, and integers beyond 2^53 their last digits. Null where the meter says "never" or cannot be
 * understood.
 */
export function stateJson(latest: readonly Reading[]): string {
  const newest = latest.reduce((time, reading) => Math.max(time, reading.readAt), 0);
  const members = latest.map(({ quantity, value }) => `${JSON.stringify(quantity)}:${valueJson(value)}`);
  members.push(`"read_at":${JSON.stringify(localTime(newest))}`);
  return `{${members.join(',')}}`;
}

function valueJson(value: Reading['value']): string {
  return value.kind === 'number' ? value.value.toFixed(value.decimals) : JSON.stringify(value.value);
}
