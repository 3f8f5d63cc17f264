import { type Cutter, nameOf, recordInWords, type Stretch } from './cutter.ts';
import { loggerName, timeText } from './explained-log.ts';
import type { IntervalLogPage, IntervalLogRequest } from './interval-log.ts';
import type { LogRow } from './log-row.ts';
import type { LogMessage } from './messages.ts';
import { decodeRegisterValue, type RegisterRecord, valueText, valueUnit } from './register.ts';

/** `length`: of the whole content after the command. */
export function logInWords(message: LogMessage, cut: Cutter, length: number): readonly Stretch[] {
  const taken = new Taken(cut);
  takeContent(message, taken);
  if (message.kind === 'interval-log-page') takeTrailer(message, taken, length);
  else if (taken.used < length) taken.take(length - taken.used, NO_ROW);
  return taken.stretches;
}

const NO_ROW = 'nothing that is believed';
const TRAILER_LENGTH = 5;

function takeContent(message: LogMessage, taken: Taken): void {
  switch (message.kind) {
    case 'get-logger-configuration':
      taken.take(1, 'its configuration').take(1, `logger ${loggerName(message.logger)}`);
      break;
    case 'get-log-by-id':
      taken.take(1, 'rows by their numbers').take(1, `logger ${loggerName(message.logger)}`);
      taken.take(4, `from row ${message.id} down`).take(2, `number of rows: ${message.count}`);
      taken.takeIds(message.registers);
      break;
    case 'get-log-from-newest':
      taken.take(1, 'rows from the newest down').take(1, `logger ${loggerName(message.logger)}`);
      taken.take(2, `rows that are left out: ${message.offset}`).take(2, `number of rows: ${message.count}`);
      taken.takeIds(message.registers);
      break;
    case 'logger-configuration':
      taken.take(1, 'its configuration').take(1, `logger ${loggerName(message.logger)}`);
      taken.take(3, 'first target date').take(3, 'second target date');
      taken.take(2, `most rows of an interval: ${message.mostIntervalRecords}`);
      taken.take(2, `interval: ${message.interval}`).take(2, `rows that it holds: ${message.depth}`);
      taken.takeIds(message.registers);
      break;
    case 'log-page':
      taken.take(1, message.asked === 'by-id' ? 'rows by their numbers' : 'rows from the newest down');
      taken.take(1, `logger ${loggerName(message.logger)}`);
      taken.take(2, 'number of rows').take(1, 'number of registers').take(4, 'number of the first row');
      taken.take(4, `newest row: ${message.newestId}`).take(2, flagsInWords(message.flags));
      message.rows.forEach((row, index) => {
        taken.takeRow(row, index === 0);
      });
      break;
    case 'get-interval-log':
      taken.take(1, `log ${message.log}`).takeIds(message.registers);
      taken.take(1, `number of rows: ${message.rows}`).take(1, `longest reply: ${message.longest} bytes`);
      takePlace(message, taken);
      break;
    case 'interval-log-page':
      taken.take(1, `log ${message.log}`).take(1, 'number of registers');
      message.rows.forEach((row, index) => {
        taken.take(2, `row ${row.id}`).takeRow(row, index === 0);
      });
      break;
  }
}

function takeTrailer({ lastId, newestId, flags }: IntervalLogPage, taken: Taken, length: number): void {
  const end = length - TRAILER_LENGTH;
  if (taken.used < end) taken.take(end - taken.used, NO_ROW);
  taken.take(2, `last row of the reply: ${lastId}`).take(2, `newest row: ${newestId}`);
  taken.take(1, flagsInWords(flags));
}

function takePlace(request: IntervalLogRequest, taken: Taken): void {
  if (request.command === 'from-id') taken.take(2, `from row ${request.id} up`);
  else taken.take(8, `time: ${timeText(request.time)}`);
  if (request.command === 'past') taken.take(2, `rows that are left out: ${request.offset}`);
}

function flagsInWords(flags: ReadonlySet<string>): string {
  return flags.size === 0 ? 'flags: none' : `flags: ${[...flags].join(', ')}`;
}

/** What was cut so far, and how many bytes that takes without escapes. */
class Taken {
  readonly stretches: Stretch[] = [];
  used = 0;
  private readonly cut: Cutter;

  constructor(cut: Cutter) {
    this.cut = cut;
  }

  take(count: number, meaning: string): this {
    this.stretches.push(this.cut.next(count, meaning));
    this.used += count;
    return this;
  }

  takeIds(ids: readonly number[]): void {
    this.take(1, `number of registers: ${ids.length}`);
    for (const id of ids) this.take(2, nameOf(id));
  }

  /** The first row of a page has the formats, the others have values alone. */
  takeRow({ id, records }: LogRow, hasFormats: boolean): void {
    for (const record of records) {
      if (hasFormats) this.takeRecord(record);
      else this.take(record.magnitude.length, `row ${id}, register ${record.id}: ${valueInWords(record)}`);
    }
  }

  private takeRecord(record: RegisterRecord): void {
    this.stretches.push(...recordInWords(record, this.cut));
    this.used += 5 + record.magnitude.length;
  }
}

function valueInWords(record: RegisterRecord): string {
  const value = decodeRegisterValue(record);
  return `${valueText(value) ?? 'none'} ${valueUnit(value, record.unit)}`.trim();
}
