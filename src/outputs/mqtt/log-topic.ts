import { LOGGERS, type LoggerName } from '../../catalogue/loggers.ts';
import type { LoggedRow, LoggedValue } from '../../loggers/logged-row.ts';
import { type Span, spanOf } from '../../loggers/written-span.ts';
import type { MeterIdentity } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import type { Topics } from '../../mqtt/topics.ts';
import { jsonObject } from '../../shared/stored.ts';
import { zonedTime } from '../../shared/zoned-time.ts';
import { SelectivePublisher } from '../output.ts';

export interface LogTopicOptions {
  readonly connection: Pick<MqttConnection, 'send' | 'onConnected' | 'subscribe'>;
  readonly topics: Pick<Topics, 'log' | 'logGet'>;
  /** What is kept of a meter's log, ascending, in the units of topics. The meter itself is never asked. */
  readonly loggedRows: (serialNumber: string, logger: LoggerName, span: Span) => readonly LoggedRow[];
  /** Of the house of the meter with this name. */
  readonly timezoneOf: (name: string) => string;
}

interface Request {
  readonly meter: MeterIdentity;
  readonly payload: string;
}

/** Nobody who wants rows writes more than this (characters): it is a mistake. */
const LONGEST_REQUEST = 1024;
/** Characters. AWS IoT takes 128 kB; this is a year of days, with their temperatures. */
const LONGEST_ANSWER = 100_000;
/** Of somebody who asks faster than the broker takes answers. */
const MOST_WAITING = 10;

/**
 * What a meter wrote down itself, for those who ask: `{"logger": "day", "from": "2025-10-01"}` at `.../log/get` is answered
 * at `.../log`. Nothing is retained, and nothing is said unasked.
 */
export class LogTopic extends SelectivePublisher {
  private readonly options: LogTopicOptions;
  private readonly ends = new Map<string, () => void>();
  private waiting: readonly Request[] = [];
  private isSending = false;
  private endListening: () => void = () => {};

  constructor(options: LogTopicOptions) {
    super();
    this.options = options;
  }

  start(): void {
    // Whoever asked in the connection before does not listen any more, or asks again.
    this.endListening = this.options.connection.onConnected(() => {
      this.isSending = false;
      this.waiting = [];
    });
  }

  stop(): void {
    this.endListening();
    for (const end of this.ends.values()) end();
    this.ends.clear();
  }

  override meterIdentified(meter: MeterIdentity): void {
    const { connection, topics } = this.options;
    const before = this.ends.get(meter.serialNumber);
    const end = connection.subscribe(topics.logGet(meter.serialNumber), (payload, retained) => {
      if (retained || payload.length > LONGEST_REQUEST || this.waiting.length >= MOST_WAITING) return;
      this.waiting = [...this.waiting, { meter, payload }];
      this.answerNext();
    });
    this.ends.set(meter.serialNumber, end);
    // Not before: the broker would have to be told twice.
    before?.();
  }

  override meterForgotten(serialNumber: string): void {
    this.ends.get(serialNumber)?.();
    this.ends.delete(serialNumber);
  }

  private answerNext(): void {
    const [next] = this.waiting;
    if (this.isSending || next === undefined) return;
    const { connection, topics } = this.options;
    this.isSending = true;
    const done = (): void => {
      this.isSending = false;
      this.waiting = this.waiting.filter((each) => each !== next);
      this.answerNext();
    };
    if (!connection.send(topics.log(next.meter.serialNumber), this.answerTo(next), done)) done();
  }

  private answerTo({ meter, payload }: Request): string {
    const { loggedRows, timezoneOf } = this.options;
    const request = jsonObject(payload);
    const { logger = 'day', from, to } = request;
    const name = LOGGERS.find((each) => each === logger);
    const timezone = timezoneOf(meter.name);
    const span = isTextIfAny(from) && isTextIfAny(to) && name && spanOf({ from, to }, name, timezone);
    if (!name || !span) return JSON.stringify({ ...echoOf(request), error: ADVICE });
    const rows = loggedRows(meter.serialNumber, name, span);
    const shown = newestThatFit(rows.map((row) => rowJson(row, timezone)));
    const head = JSON.stringify({ logger: name, from, to, left_out: rows.length - shown.length });
    return `${head.slice(0, -1)},"rows":[${shown.join(',')}]}`;
  }
}

function newestThatFit(texts: readonly string[]): readonly string[] {
  let length = 0;
  const last = texts.findLastIndex((text) => {
    length += text.length + 1;
    return length > LONGEST_ANSWER;
  });
  return texts.slice(last + 1);
}

const ADVICE = `Ask with JSON such as {"logger": "day", "from": "2025-10-01", "to": "2025-10-31"}; logger is one of ${LOGGERS.join(', ')}, and a moment a date or a time such as 2025-10-01T06:00.`;

/** So that whoever asked knows the answer again. */
function echoOf({ logger, from, to }: Readonly<Record<string, unknown>>): object {
  return { logger, from, to };
}

function isTextIfAny(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

/** Written by hand, as JSON.stringify knows only floating point. */
function rowJson({ id, meterTime, endedAt, values }: LoggedRow, timezone: string): string {
  const ended = endedAt === null ? null : zonedTime(endedAt, timezone);
  const head = JSON.stringify({ id, meter_time: meterTime, ended_at: ended });
  const members = values.map((each) => `${JSON.stringify(each.quantity)}:${valueJson(each)}`);
  return `${head.slice(0, -1)},"values":{${members.join(',')}}}`;
}

function valueJson({ value, decimals, unit }: LoggedValue): string {
  const text = value !== null && typeof value !== 'string' ? value.toFixed(decimals) : JSON.stringify(value);
  return `{"value":${text},"unit":${JSON.stringify(unit)}}`;
}
