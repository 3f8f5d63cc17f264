import { R } from '../catalogue/register.ts';
import { registerInfo } from '../catalogue/registers.ts';
import { logPages } from '../link/log-access.ts';
import { requestsFor } from './fetched-rows.ts';
import type { AskedLog } from './log-reading.ts';

const BITS_PER_BYTE = 11;
const DEFAULT_BAUD_RATE = 1200;
/** Start, destination, checksum and stop of request and reply. */
const FRAMES = 2 * 5;
/** Until the meter begins its reply, and until it may be asked again. */
const TURNAROUND = 30;
const AWAKE = 1600;
/** Who answers, its clock and what it has counted: once, before the first logger. */
const FIRST_LOOK = { requests: 2, bytes: 115 };

/** What reading logs costs the meter, told in advance. */
export interface LogCost {
  readonly requests: number;
  /** Of both directions. */
  readonly bytes: number;
  /** Milliseconds in which the line is used. */
  readonly lineTime: number;
  /** A meter sleeps again 1.6 s after the first byte of its reply, however long that is (5512-447 section 2.1). */
  readonly wakeUps: number;
}

/** In one go: what is asked for within the waking window of the reply before wakes it no more. */
export function logCost(logs: readonly AskedLog[], baudRate = DEFAULT_BAUD_RATE): LogCost {
  const byteTime = (BITS_PER_BYTE * 1000) / baudRate;
  const asked = logs.filter(({ rows }) => rows > 0);
  if (asked.length === 0) return { requests: 0, bytes: 0, lineTime: 0, wakeUps: 0 };
  const parts = asked.map((log) => costOf(log, byteTime));
  const sum = (of: (part: (typeof parts)[number]) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const requests = FIRST_LOOK.requests + sum((part) => part.requests);
  const bytes = FIRST_LOOK.bytes + sum((part) => part.bytes);
  const lineTime = Math.round(bytes * byteTime + requests * TURNAROUND);
  return { requests, bytes, lineTime, wakeUps: 1 + sum((part) => part.wakeUps) };
}

function costOf({ dialect, rows, registers }: AskedLog, byteTime: number): Omit<LogCost, 'lineTime'> {
  const parts = requestsFor(registers).map((ids) =>
    logPages(
      dialect,
      ids,
      ids.reduce((sum, id) => sum + usualLength(id), 0),
    ),
  );
  // The first request decides which rows the others are for.
  const [first] = parts;
  const atOnce = Math.min(rows, first?.rows ?? rows);
  const times = Math.ceil(rows / atOnce);
  return parts
    .map((pages) => {
      const requests = times * Math.ceil(atOnce / pages.rows);
      const around = FRAMES + pages.request + pages.reply;
      const isLong = (around + Math.min(atOnce, pages.rows) * pages.row) * byteTime > AWAKE;
      return { requests, bytes: requests * around + rows * pages.row, wakeUps: isLong ? requests - 1 : 0 };
    })
    .reduce(
      (sum, part) => ({
        requests: sum.requests + part.requests,
        bytes: sum.bytes + part.bytes,
        wakeUps: sum.wakeUps + part.wakeUps,
      }),
      { ...(first?.opening ?? { requests: 0, bytes: 0 }), wakeUps: 0 },
    );
}

/** For a person: `about 10.6 kB in 45 requests, which keeps the meter awake for 98 seconds`. */
export function logCostText({ requests, bytes, lineTime }: LogCost): string {
  if (requests === 0) return 'nothing: all of it is known';
  const size = bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`;
  return `about ${size} in ${requests} requests, which keeps the meter awake for ${durationText(lineTime)}`;
}

function durationText(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} second${seconds === 1 ? '' : 's'}`;
  return `${Math.round(seconds / 60)} minutes`;
}

/** As the x3 meters have them (jktjkt/PyKMP): a date with its time takes seven bytes, a temperature two. */
function usualLength(id: number): number {
  if (id === R.dateTime) return 7;
  const { nature, traits } = registerInfo(id);
  const isTemperature = traits.dependsOn !== undefined && (nature === 'peak' || nature === 'live');
  return isTemperature ? 2 : 4;
}
