import {
  encodeIntervalLogReply,
  type IntervalLogFlag,
  type IntervalLogRequest,
  type LogTime,
} from '../kmp/interval-log.ts';
import { type LogRow, sameFormats } from '../kmp/log-row.ts';
import { type LogAnswer, onlyRegisters } from './log-answer.ts';
import type { LogRange } from './log-book.ts';
import type { MeterMemory } from './meter-memory.ts';
import type { LoggerModel } from './models/meter-model.ts';

/** The number of the log in the maker's example (5512-447 section 6.3.1). */
const INTERVAL_LOG = 1;
/** Numbers of rows have two bytes. */
const NUMBERS = 0x1_0000;
/** Around the rows: command, log, number of registers, two ids, flags; before each row its id. */
const AROUND = 8;
const ID_LENGTH = 2;
const FORMAT_LENGTH = 5;

/** The log of a 601's module and of an 801. Undefined, as silence, for another log. */
export function answerIntervalLogRequest(
  request: IntervalLogRequest,
  memory: MeterMemory,
  loggers: readonly LoggerModel[],
): LogAnswer | undefined {
  const model = loggers.find(({ name }) => name === 'interval');
  const { command, log, registers } = request;
  if (model === undefined || log !== INTERVAL_LOG || request.rows === 0) return undefined;
  const range = memory.logRange(model.name);
  const flags = new Set<IntervalLogFlag>();
  if (range === undefined) {
    flags.add('empty');
    return { application: encodeIntervalLogReply({ command, log, rows: [], lastId: 0, newestId: 0, flags }) };
  }
  const kept = registers.filter((id) => model.registers.includes(id));
  const rows: LogRow[] = [];
  let bytes = AROUND;
  for (const id of idsAsked(request, range, (each) => memory.stampOf(model.name, each))) {
    if (rows.length === request.rows) break;
    const records = onlyRegisters(kept, memory.logRow(model.name, id));
    const formats = rows[0]?.records;
    bytes += ID_LENGTH + records.reduce((sum, { magnitude }) => sum + magnitude.length, 0);
    if (formats === undefined) bytes += FORMAT_LENGTH * records.length;
    // Nothing tells of another format within a reply: it ends before.
    if (formats !== undefined && !sameFormats(records, formats)) break;
    if (bytes > request.longest) {
      flags.add('length-reached');
      break;
    }
    rows.push({ id: id % NUMBERS, records });
  }
  const last = rows.at(-1)?.id;
  if (last === undefined && flags.size === 0) flags.add('out-of-range');
  if (last === (command === 'past' ? range.oldest : range.newest) % NUMBERS) flags.add('end-of-log');
  const newestId = range.newest % NUMBERS;
  return {
    application: encodeIntervalLogReply({ command, log, rows, lastId: last ?? 0, newestId, flags }),
    logged: { logger: model.name, ids: rows.map(({ id }) => id) },
  };
}

/** Ids in the order of the reply: towards the present, but for one command. */
function* idsAsked(
  request: IntervalLogRequest,
  { oldest, newest }: LogRange,
  shownAt: (id: number) => Date,
): Generator<number> {
  switch (request.command) {
    case 'from-id': {
      const [same, higher] = [
        (id: number) => id % NUMBERS === request.id,
        (id: number) => id % NUMBERS > request.id,
      ];
      const ids = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
      const first = ids.find(same) ?? ids.find(higher) ?? newest + 1;
      for (let id = first; id <= newest; id++) yield id;
      return;
    }
    case 'from-time': {
      for (let id = oldest; id <= newest; id++) if (shownAt(id) >= dateOf(request.time)) yield id;
      return;
    }
    case 'past': {
      let skipped = 0;
      for (let id = newest; id >= oldest; id--) {
        if (shownAt(id) <= dateOf(request.time) && skipped++ >= request.offset) yield id;
      }
    }
  }
}

function dateOf({ year, month, day, hour, minute, second }: LogTime): Date {
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}
