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
  readonly wakeUps: number;
}

/** In one go: the meter is awake from the first request to the last. */
export function logCost(logs: readonly AskedLog[], baudRate = DEFAULT_BAUD_RATE): LogCost {
  const asked = logs.filter(({ rows }) => rows > 0);
  const pages = asked.map(({ logger, rows, registers = usualRegisters(logger) }) => {
    const perRow = registers.reduce((sum, id) => sum + usualLength(id), 0);
    const room = BYTES_OF_A_PAGE - HEADERS - A_REGISTER * registers.length;
    const count = Math.ceil(rows / Math.max(1, Math.floor(room / perRow)));
    return { count, bytes: rows * perRow + count * (FRAMES + HEADERS + A_REGISTER * registers.length) };
  });
  if (pages.length === 0) return { requests: 0, bytes: 0, lineTime: 0, wakeUps: 0 };
  const requests = FIRST_REQUESTS + pages.reduce((sum, { count }) => sum + count, 0);
  const bytes = BYTES_OF_FIRST_REQUESTS + pages.reduce((sum, page) => sum + page.bytes, 0);
  const lineTime = Math.round((bytes * BITS_PER_BYTE * 1000) / baudRate + requests * TURNAROUND);
  return { requests, bytes, lineTime, wakeUps: 1 };
}

/** For a person: `about 7.4 kB in 38 requests, which takes 70 seconds and wakes the meter once`. */
export function logCostText({ requests, bytes, lineTime, wakeUps }: LogCost): string {
  if (requests === 0) return 'nothing: all of it is known';
  const size = bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`;
  const wakes = wakeUps === 1 ? 'once' : `${wakeUps} times`;
  return `about ${size} in ${requests} requests, which takes ${durationText(lineTime)} and wakes the meter ${wakes}`;
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
