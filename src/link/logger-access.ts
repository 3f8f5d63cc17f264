import type { LoggerName } from '../catalogue/loggers.ts';
import { R } from '../catalogue/register.ts';
import {
  encodeLogByIdRequest,
  encodeLogPageReply,
  LOGGER_CODES,
  type LogPage,
  MOST_ROWS,
  OLDEST_OFFSET,
} from '../kmp/logger.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import {
  joinAnswers,
  type LogConfiguration,
  type LogRange,
  type LogRows,
  type WantedRows,
} from './log-answer.ts';
import { FORMAT_LENGTH, type LogPages } from './log-page.ts';
import { getLogById, getLogFromNewest, getLoggerConfiguration } from './log-requests.ts';
import { askPerhaps, makeSureItListens } from './perhaps.ts';
import type { Addressee, MeterSession } from './session.ts';

/**
 * So many bytes of values are asked for at once. The more, the fewer bytes are sent in all, because each page has its
 * formats once; but one reply must not hold the line for longer than a reading can wait. Most meters' buffers are smaller.
 */
const BYTES_OF_A_PAGE = 1024;
/** Most values in a log have as many; one of eight (348 has seven) still leaves a page shorter than the longest frame. */
const BYTES_OF_A_VALUE = 4;
/** How much a meter's buffer holds is not public: rather less than it may be, so that a log costs no more than was said. */
const BYTES_OF_A_BUFFER = 256;
/** The configuration of a logger with some twenty registers; one register of its oldest row. */
const OPENING = { requests: 2, bytes: 105 };

/** The loggers of the x3 family: pages come from the newest row down. */
export class LoggerAccess {
  readonly dialect = 'logger';
  private readonly addressee: Addressee;

  constructor(addressee: Addressee) {
    this.addressee = addressee;
  }

  async configuration(session: MeterSession, logger: LoggerName): Promise<LogConfiguration | null> {
    const code = LOGGER_CODES[logger];
    if (code === null) return null;
    const configuration = await askPerhaps(session, getLoggerConfiguration(code), this.addressee);
    if (configuration === null) await makeSureItListens(session, this.addressee);
    return configuration;
  }

  async range(session: MeterSession, logger: LoggerName): Promise<LogRange | null> {
    // The register that was asked for in the captures: each logger has it.
    const request = { logger: codeOf(logger), offset: OLDEST_OFFSET, count: 1, registers: [R.clock] };
    const page = await session.request(getLogFromNewest(request), this.addressee);
    throwIfFailed(page, logger);
    const [oldest] = page.rows;
    if (page.flags.has('empty')) return null;
    if (oldest === undefined) throw unusable(logger);
    return { oldest: oldest.id, newest: page.newestId };
  }

  async rows(session: MeterSession, wanted: WantedRows): Promise<LogRows> {
    const { logger, from, to, registers } = wanted;
    const count = Math.min(to - from + 1, mostAsked(registers), MOST_ROWS);
    const request = { logger: codeOf(logger), id: to, count, registers };
    const page = await session.request(getLogById(request), this.addressee);
    throwIfFailed(page, logger);
    const answer = answerOf(page, wanted);
    if (!page.flags.has('registers-truncated') || answer.absent.length === 0) return answer;
    // So many registers are too many for it: the others are asked for by themselves.
    if (answer.absent.length === registers.length) throw unusable(logger);
    const rest = await this.rows(session, { logger, ...answer.covered, registers: answer.absent });
    return joinAnswers({ ...answer, absent: [] }, rest);
  }
}

/** `row`: bytes of the values in one. */
export function loggerPages(registers: readonly number[], row: number): LogPages {
  const noRows = { asked: 'by-id', logger: 0, rows: [], newestId: 0, flags: new Set<never>() } as const;
  const reply = encodeLogPageReply(noRows).length + FORMAT_LENGTH * registers.length;
  const fitting = Math.max(1, Math.floor((BYTES_OF_A_BUFFER - reply) / row));
  const request = encodeLogByIdRequest({ logger: 0, id: 0, count: 0, registers }).length;
  return { opening: OPENING, rows: Math.min(fitting, mostAsked(registers)), request, reply, row };
}

function mostAsked({ length }: readonly number[]): number {
  return Math.max(1, Math.floor(BYTES_OF_A_PAGE / (BYTES_OF_A_VALUE * length)));
}

function codeOf(logger: LoggerName): number {
  const code = LOGGER_CODES[logger];
  if (code === null) throw new RangeError(`these meters have no ${logger} logger`);
  return code;
}

function answerOf({ rows, flags }: LogPage, { logger, from, to, registers }: WantedRows): LogRows {
  const last = rows.at(-1);
  if (last === undefined) {
    if (!flags.has('empty') && !flags.has('out-of-range')) throw unusable(logger);
    return { rows, covered: { from, to }, absent: [] };
  }
  const answered = new Set(last.records.map(({ id }) => id));
  // Of a page in which formats change only the first row is taken.
  const isToTheEnd = flags.has('oldest-included') && !flags.has('format-changed');
  return {
    rows: rows.filter(({ id }) => id >= from),
    covered: { from: isToTheEnd ? from : Math.max(from, last.id), to },
    absent: registers.filter((id) => !answered.has(id)),
  };
}

function throwIfFailed({ flags }: LogPage, logger: LoggerName): void {
  if (flags.has('memory-error'))
    throw failed(
      `The meter reports that the memory of its ${logger} log is faulty, so nothing can be read from it. Its totals are not concerned; tell your utility if it stays so.`,
    );
  if (flags.has('internal-error'))
    throw failed(
      `The meter could not read its own ${logger} log just now (it reports an internal error). Try again later.`,
    );
  if (flags.has('invalid-request'))
    throw failed(
      `The meter refuses the request for its ${logger} log, although it has one. Ask for fewer registers, or report it with the frames of \`--verbose\`.`,
    );
}

function unusable(logger: LoggerName): Multical2MqttError {
  return failed(
    `The meter answered the request for its ${logger} log without a row and without a reason. Report it with the frames of \`--verbose\`.`,
  );
}

function failed(message: string): Multical2MqttError {
  return new Multical2MqttError('failed', message);
}
