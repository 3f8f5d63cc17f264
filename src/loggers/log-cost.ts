import type { LoggerName } from '../catalogue/loggers.ts';
import { R } from '../catalogue/register.ts';
import { registerInfo } from '../catalogue/registers.ts';

const BITS_PER_BYTE = 11;
const DEFAULT_BAUD_RATE = 1200;
/** Of one reply. How many a meter's buffer holds is not public: rather fewer than it may be, so that it costs no more. */
const BYTES_OF_A_PAGE = 256;
/** Start, destination, checksum and stop of request and reply. */
const FRAMES = 2 * 5;
/** Command, kind, logger, id, count and number of registers asked for; the same, two ids and flags in the reply. */
const HEADERS = 10 + 16;
/** Number, unit, length and sign of one register, once a page, and its number in the request. */
const A_REGISTER = 5 + 2;
/** Until the meter begins its reply, and until it may be asked again. */
const TURNAROUND = 30;
const AWAKE = 1600;
/** Who answers, what it has, up to where it has come: before the first page. */
const FIRST_REQUESTS = 3;
const BYTES_OF_FIRST_REQUESTS = 220;

/** Rows of one logger that somebody means to ask for. */
export interface AskedLog {
  readonly logger: LoggerName;
  readonly rows: number;
  /** Default: what is asked for as `main` of a heat meter. */
  readonly registers?: readonly number[];
}

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
  const pages = asked.map(({ logger, rows, registers = usualRegisters(logger) }) => {
    const perRow = registers.reduce((sum, id) => sum + usualLength(id), 0);
    const room = BYTES_OF_A_PAGE - HEADERS - A_REGISTER * registers.length;
    const most = Math.max(1, Math.floor(room / perRow));
    const count = Math.ceil(rows / most);
    const page = FRAMES + HEADERS + A_REGISTER * registers.length;
    const isLong = (page + Math.min(rows, most) * perRow) * byteTime > AWAKE;
    return { count, bytes: rows * perRow + count * page, wakeUps: isLong ? count - 1 : 0 };
  });
  if (pages.length === 0) return { requests: 0, bytes: 0, lineTime: 0, wakeUps: 0 };
  const requests = FIRST_REQUESTS + pages.reduce((sum, { count }) => sum + count, 0);
  const bytes = BYTES_OF_FIRST_REQUESTS + pages.reduce((sum, page) => sum + page.bytes, 0);
  const lineTime = Math.round(bytes * byteTime + requests * TURNAROUND);
  const wakeUps = 1 + pages.reduce((sum, page) => sum + page.wakeUps, 0);
  return { requests, bytes, lineTime, wakeUps };
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

function usualRegisters(logger: LoggerName): readonly number[] {
  const totals = [R.heatEnergy, R.volume];
  if (logger === 'day') return [R.date, ...totals, 379, 380];
  if (logger === 'hour') return [R.dateTime, ...totals, 381, 382];
  return logger === 'year' || logger === 'month' ? [R.date, ...totals] : [R.dateTime, ...totals];
}

/** As the x3 meters have them (jktjkt/PyKMP): a date with its time takes seven bytes, a temperature two. */
function usualLength(id: number): number {
  if (id === R.dateTime) return 7;
  const { nature, traits } = registerInfo(id);
  const isTemperature = traits.dependsOn !== undefined && (nature === 'peak' || nature === 'live');
  return isTemperature ? 2 : 4;
}
