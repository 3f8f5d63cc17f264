import type { LoggerName } from '../catalogue/loggers.ts';
import { R } from '../catalogue/register.ts';
import { encodeIntervalLogRequest, type IntervalLogPage, MOST_INTERVAL_ROWS } from '../kmp/interval-log.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { LogConfiguration, LogRange, LogRows, WantedRows } from './log-answer.ts';
import { FORMAT_LENGTH, type LogPages } from './log-page.ts';
import { getIntervalLog } from './log-requests.ts';
import { askPerhaps, makeSureItListens } from './perhaps.ts';
import type { Addressee, MeterSession } from './session.ts';

/** A top module 67-0B and the log within an 801; a base module 67-00-22 (5512-447 section 6.3). */
const MODULE_ADDRESSES = [0x7f, 0xbf];
/** The maker's example (5512-447 section 6.3.1). */
const INTERVAL_LOG = 1;
/** The maker draws it as the limit of a reply (5512-447 section 6.3). */
const LONGEST_REPLY = 128;
/** Command, log, number of registers, both ids and flags. */
const HEADER = 8;
const ID = 2;
const VALUE = 4;
/** Its oldest row, once to find it and once for where it begins. */
const OPENING = { requests: 2, bytes: 64 };
type OwnRequest = Parameters<typeof getIntervalLog>[0];

/** The command with which a head-end of electricity meters looks up where a log begins (Korean AMI code). */
const BEGINNING = { year: 2000, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
const OLDEST_ROW: OwnRequest = {
  ...{ command: 'from-time', log: INTERVAL_LOG, registers: [R.date], rows: 1, longest: LONGEST_REPLY },
  time: BEGINNING,
};

/** The log of a 601's module and of an 801, which has an address of its own: pages come from the oldest row up. */
export class IntervalLogAccess {
  readonly dialect = 'interval-log';
  private readonly meter: Addressee;
  private module: Addressee | undefined;

  constructor(meter: Addressee) {
    this.meter = meter;
  }

  /** Neither depth nor registers: the module does not tell them. */
  async configuration(session: MeterSession, logger: LoggerName): Promise<LogConfiguration | null> {
    if (logger !== 'interval' || (await this.find(session)) === null) return null;
    return { depth: null, registers: null };
  }

  async range(session: MeterSession, _logger: LoggerName): Promise<LogRange | null> {
    const { rows, newestId, flags } = await this.ask(session, OLDEST_ROW);
    const [oldest] = rows;
    if (flags.has('empty')) return null;
    if (oldest === undefined) throw unusable();
    // Their numbers have two bytes: of a ring in which they begin anew, the younger part is read.
    return { oldest: oldest.id > newestId ? 0 : oldest.id, newest: newestId };
  }

  async rows(session: MeterSession, wanted: WantedRows): Promise<LogRows> {
    const { from, to, registers } = wanted;
    const rows = Math.min(to - from + 1, fitting(registers, VALUE * registers.length), MOST_INTERVAL_ROWS);
    const request = fromId(from, rows, registers);
    const page = await this.ask(session, request);
    const first = page.rows[0]?.id ?? from;
    if (first === from) return answerOf(page, wanted);
    // The row is missing, or the page is a late one: it is believed when it comes again.
    const again = await this.ask(session, request);
    if (![from, first].includes(again.rows[0]?.id ?? from)) throw unusable();
    return answerOf(again, wanted);
  }

  private async ask(session: MeterSession, request: OwnRequest): Promise<IntervalLogPage> {
    const module = await this.find(session);
    if (module === null)
      throw failed('There is no logger module in this meter that answers: it has no log to be read.');
    return session.request(getIntervalLog(request), module);
  }

  private async find(session: MeterSession): Promise<Addressee | null> {
    if (this.module !== undefined) return this.module;
    for (const destination of MODULE_ADDRESSES) {
      const module = { ...this.meter, destination };
      if ((await askPerhaps(session, getIntervalLog(OLDEST_ROW), module)) === null) continue;
      this.module = module;
      return module;
    }
    await makeSureItListens(session, this.meter);
    return null;
  }
}

/** `row`: bytes of the values in one. */
export function intervalLogPages(registers: readonly number[], row: number): LogPages {
  return {
    opening: OPENING,
    rows: fitting(registers, row),
    request: encodeIntervalLogRequest(fromId(0, 0, registers)).length,
    reply: HEADER + FORMAT_LENGTH * registers.length,
    row: ID + row,
  };
}

function fitting({ length }: readonly number[], row: number): number {
  return Math.max(1, Math.floor((LONGEST_REPLY - HEADER - FORMAT_LENGTH * length) / (ID + row)));
}

function fromId(id: number, rows: number, registers: readonly number[]): OwnRequest {
  return { command: 'from-id', log: INTERVAL_LOG, registers, rows, longest: LONGEST_REPLY, id };
}

function answerOf({ rows, flags }: IntervalLogPage, { from, to, registers }: WantedRows): LogRows {
  const last = rows.at(-1);
  const isSettled = flags.has('empty') || flags.has('out-of-range');
  if (last === undefined && !isSettled) throw unusable();
  const answered = new Set(rows[0]?.records.map(({ id }) => id) ?? registers);
  const isAll = last === undefined || last.id > to || flags.has('end-of-log');
  return {
    rows: rows.filter(({ id }) => id <= to),
    covered: { from, to: isAll ? to : last.id },
    absent: registers.filter((id) => !answered.has(id)),
  };
}

function unusable(): Multical2MqttError {
  return failed(
    'The logger module answered in a way that is not known: without a row, and without a reason. Report it with the frames of `--verbose`.',
  );
}

function failed(message: string): Multical2MqttError {
  return new Multical2MqttError('failed', message);
}
