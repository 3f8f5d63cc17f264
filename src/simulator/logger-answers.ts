import type { ApplicationBytes } from '../kmp/bytes.ts';
import { type LogRow, recordBytes, sameFormats } from '../kmp/log-row.ts';
import {
  encodeLoggerConfigurationReply,
  encodeLogPageReply,
  LOGGER_CODES,
  type LogFlag,
  type LoggerRequest,
  type LogPage,
} from '../kmp/logger.ts';
import type { RegisterRecord } from '../kmp/register.ts';
import { type LogAnswer, onlyRegisters } from './log-answer.ts';
import type { MeterMemory } from './meter-memory.ts';
import type { LoggerModel } from './models/meter-model.ts';

/** Before the records of a page: command, sub-command, logger, counts, ids and flags. */
const HEADER = 16;
const NEW_YEAR = { month: 1, day: 1 };

/** The loggers of 303, 403, 603 and 803. Undefined, as silence, for a logger that the meter does not have. */
export function answerLoggerRequest(
  request: LoggerRequest,
  memory: MeterMemory,
  loggers: readonly LoggerModel[],
  mostBytes: number,
): LogAnswer | undefined {
  const model = loggers.find(({ name }) => LOGGER_CODES[name] === request.logger);
  if (model === undefined) return undefined;
  if (request.kind === 'get-logger-configuration')
    return { application: configuration(request.logger, model) };
  if (request.count === 0 || request.registers.length === 0) return undefined;
  const page = pageOf(request, memory, model, mostBytes);
  const ids = page.flags.has('empty') ? [] : page.rows.map(({ id }) => id);
  return { application: encodeLogPageReply(page), logged: { logger: model.name, ids } };
}

/** As the year logger of a real meter answers (jktjkt/PyKMP): one target date, no interval where the name tells it. */
function configuration(logger: number, { depth, registers, interval = 0 }: LoggerModel): ApplicationBytes {
  return encodeLoggerConfigurationReply({
    logger,
    depth,
    registers,
    targetDates: [NEW_YEAR, null],
    interval,
    mostIntervalRecords: 0,
  });
}

/** Towards the past, as many rows as fit into the meter's buffer. */
function pageOf(
  request: Exclude<LoggerRequest, { kind: 'get-logger-configuration' }>,
  memory: MeterMemory,
  model: LoggerModel,
  mostBytes: number,
): LogPage {
  const { logger, count, registers } = request;
  const flags = new Set<LogFlag>();
  const asked = request.kind === 'get-log-by-id' ? 'by-id' : 'from-newest';
  const kept = registers.filter((id) => model.registers.includes(id));
  if (kept.length < registers.length) flags.add('unsupported-register');
  const range = memory.logRange(model.name);
  if (range === undefined) {
    // Its row of zeros stands there all the same, as captured.
    const zeros = { id: 0, records: emptied(onlyRegisters(kept, memory.read(kept))) };
    return { asked, logger, rows: [zeros], newestId: 0, flags: flags.add('empty') };
  }
  const { oldest, newest } = range;
  const first = request.kind === 'get-log-by-id' ? request.id : Math.max(oldest, newest - request.offset);
  const rows: LogRow[] = [];
  if (first > newest || first < oldest) flags.add('out-of-range');
  else {
    let bytes = HEADER;
    for (let id = first; id >= oldest && rows.length < count; id--) {
      const records = onlyRegisters(kept, memory.logRow(model.name, id));
      const formats = rows[0]?.records;
      if (formats !== undefined && !sameFormats(records, formats)) {
        flags.add('format-changed');
        break;
      }
      bytes += formats === undefined ? recordBytes(records).length : valuesLength(records);
      if (bytes > mostBytes) {
        flags.add('truncated');
        break;
      }
      rows.push({ id, records });
    }
  }
  if (rows.at(-1)?.id === oldest) flags.add('oldest-included');
  if (rows[0]?.id === newest) flags.add('newest-included');
  return { asked, logger, rows, newestId: newest, flags };
}

function emptied(records: readonly RegisterRecord[]): RegisterRecord[] {
  return records.map((record) => ({ ...record, magnitude: new Uint8Array(record.magnitude.length) }));
}

function valuesLength(records: readonly RegisterRecord[]): number {
  return records.reduce((sum, { magnitude }) => sum + magnitude.length, 0);
}
