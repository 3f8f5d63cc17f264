import type { LoggerName } from '../../../src/catalogue/loggers.ts';
import type { ApplicationBytes } from '../../../src/kmp/bytes.ts';
import { FrameReader } from '../../../src/kmp/frame.ts';
import type { LogRow } from '../../../src/kmp/log-row.ts';
import {
  decodeLoggerReply,
  encodeLogByIdRequest,
  encodeLogFromNewestRequest,
  encodeLoggerConfigurationRequest,
  LOGGER_CODES,
  type LoggerConfiguration,
  type LoggerReply,
  type LogPage,
} from '../../../src/kmp/logger.ts';
import { decodeRegisterValue, valueText } from '../../../src/kmp/register.ts';
import type { SimulatedMeterOptions } from '../../../src/simulator/options.ts';
import { type Bench, bench, request } from './virtual-line.ts';

/** Longer than any page takes. */
const A_PAGE = 12_000;

/** Asks a simulated meter for its log, and for nothing else. */
export class LogQuestions {
  readonly line: Bench;

  constructor(meter: Partial<SimulatedMeterOptions> = {}) {
    this.line = bench({ model: '603', ...meter });
  }

  /** Rows towards the past, from so many before the newest one. */
  async newest(logger: LoggerName, registers: readonly number[], count = 1, offset = 0): Promise<LogPage> {
    return pageIn(
      await this.ask(encodeLogFromNewestRequest({ logger: codeOf(logger), offset, count, registers })),
    );
  }

  /** Rows towards the past, from that one. */
  async from(logger: LoggerName, id: number, registers: readonly number[], count = 1): Promise<LogPage> {
    return pageIn(await this.ask(encodeLogByIdRequest({ logger: codeOf(logger), id, count, registers })));
  }

  /** Every row of a logger, the newest first, page by page. */
  async all(logger: LoggerName, registers: readonly number[]): Promise<LogRow[]> {
    const rows: LogRow[] = [];
    let page = await this.newest(logger, registers, 0xffff);
    for (;;) {
      rows.push(...page.rows);
      const last = page.rows.at(-1);
      if (last === undefined || page.flags.has('oldest-included')) return rows;
      page = await this.from(logger, last.id - 1, registers, 0xffff);
    }
  }

  async configuration(logger: LoggerName): Promise<LoggerConfiguration | undefined> {
    const reply = await this.ask(encodeLoggerConfigurationRequest(codeOf(logger)));
    return reply?.kind === 'logger-configuration' ? reply : undefined;
  }

  /** Undefined where the meter is silent. */
  async ask(application: ApplicationBytes): Promise<LoggerReply | undefined> {
    const { heard, ask } = this.line;
    await ask(request(application), A_PAGE);
    const [item] = new FrameReader().push(Uint8Array.from(heard.bytes, ({ byte }) => byte));
    return item?.kind === 'frame' ? decodeLoggerReply(item.frame.application.subarray(1)) : undefined;
  }
}

function codeOf(logger: LoggerName): number {
  return LOGGER_CODES[logger] ?? 0xff;
}

function pageIn(reply: LoggerReply | undefined): LogPage {
  if (reply?.kind !== 'log-page') throw new Error('the meter did not answer with a page');
  return reply;
}

/** The values of each row as a person reads them, by register. */
export function rowTexts(rows: readonly LogRow[]): Record<number, string | null>[] {
  return rows.map(({ records }) =>
    Object.fromEntries(records.map((record) => [record.id, valueText(decodeRegisterValue(record))])),
  );
}

/** One register's numbers, row by row. */
export function column(rows: readonly LogRow[], register: number): number[] {
  return rowTexts(rows).map((row) => Number(row[register] ?? Number.NaN));
}
