import winston from 'winston';
import { messageOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { type Paint, unpainted } from '../shared/paint.ts';
import { type SafeText, Secrets } from '../shared/secrets.ts';
import { zonedTime } from '../shared/zoned-time.ts';
import { type Appearance, paintedLine } from './painted-line.ts';

export interface LoggerOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'text' | 'json';
  /** An IANA name; default: the system's. */
  readonly timezone?: string | undefined;
  /** Default: standard error, because standard output is for results. */
  readonly stream?: NodeJS.WritableStream | undefined;
  /** Never to be seen in the log, in plain or URL-encoded form. */
  readonly secrets?: Secrets | undefined;
  /** Turns what a message says into the words of whoever reads it. */
  readonly words?: ((text: string) => string) | undefined;
  /** Default: without colours. */
  readonly paint?: Paint | undefined;
  /** Of meters, which stand out. */
  readonly names?: readonly string[] | undefined;
  /** Gets every entry too, whatever the format. */
  readonly tail?: LogTail | undefined;
}

/** The log of the whole program: one line an entry, written at once. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, format, timezone = '', stream = process.stderr, secrets = new Secrets(), tail } = options;
  const { words = (text: string) => text, paint = unpainted, names = [] } = options;
  const redact = (text: string): SafeText => secrets.hideIn(text);
  const safe = (text: string): SafeText => redact(words(text));
  const style = { format, timezone, debug: level === 'debug', redact, paint, names };
  // Without a listener, a reader of our log that goes away (EPIPE) would end the process.
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  const logger = winston.createLogger({
    level,
    format: winston.format.printf(({ entry }) => entry as string),
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });

  const at =
    (severity: LoggerOptions['level']): Logger['info'] =>
    (message, details) => {
      if (!logger.isLevelEnabled(severity)) return;
      const time = new Date();
      const said = safe(message);
      tail?.add({ time: time.getTime(), level: severity, message: said });
      const entry = renderLine({ time, level: severity, message: said, details }, style);
      // One object: given apart, winston would mix details called `message` or `stack` into the message.
      logger.log({ level: severity, message: '', entry });
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    withoutSecrets: safe,
  };
}

function ignore(): void {}

/** One entry of the log as a person may see it: without secrets. */
export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: SafeText;
}

const MOST_ENTRIES = 200;
const LONGEST_MESSAGE = 1_000;

/** Keeps the last entries of the log for the page, within some hundred kilobytes. */
export class LogTail {
  private readonly kept: LogEntry[] = [];
  /** How many there have been. */
  count = 0;

  /** Oldest first. */
  get entries(): readonly LogEntry[] {
    return [...this.kept];
  }

  add(entry: LogEntry): void {
    this.count++;
    const { message } = entry;
    // What was cut from a text without secrets has none either.
    const short = `${message.slice(0, LONGEST_MESSAGE)}...` as SafeText;
    this.kept.push(message.length > LONGEST_MESSAGE ? { ...entry, message: short } : entry);
    if (this.kept.length > MOST_ENTRIES) this.kept.shift();
  }
}

const DEEPEST = 6;

interface RenderedDetails {
  /** Ready for JSON. */
  readonly details: unknown;
  /** The stack of each error that was met. */
  readonly stacks: readonly string[];
}

/** Details as plain values: errors by their message, bytes in hex, every text through `redact`. Never throws. */
export function renderDetails(value: unknown, redact: (text: string) => string): RenderedDetails {
  const stacks: string[] = [];
  const plain = (one: unknown, above: readonly object[]): unknown => {
    if (typeof one === 'string') return redact(one);
    if (typeof one === 'bigint') return String(one);
    if (typeof one !== 'object' || one === null) return one;
    if (one instanceof Uint8Array) return Buffer.from(one).toString('hex');
    if (above.includes(one)) return '[circular]';
    if (above.length >= DEEPEST) return '[too deep]';
    const inside = [...above, one];
    if (one instanceof Error) {
      stacks.push(redact(String(one.stack)));
      // A cause has its say in the stacks; the message on top must be enough without it.
      plain(one.cause, inside);
      return redact(messageOf(one));
    }
    if ('toJSON' in one && typeof one.toJSON === 'function') return plain(one.toJSON(), inside);
    if (one instanceof Map) return plain(Object.fromEntries(one), inside);
    if (Array.isArray(one) || one instanceof Set) return [...one].map((item) => plain(item, inside));
    return Object.fromEntries(Object.entries(one).map(([name, item]) => [redact(name), plain(item, inside)]));
  };
  try {
    return { details: plain(value, []), stacks };
  } catch (error) {
    // A getter or a toJSON threw; the message that came with the details must get out all the same.
    return { details: `[not printable: ${redact(messageOf(error))}]`, stacks };
  }
}

interface LineEntry {
  readonly time: Date;
  readonly level: string;
  readonly message: SafeText;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

interface LineStyle extends Appearance {
  readonly format: 'text' | 'json';
  readonly timezone: string;
  /** Shows stacks, and in the text form the details. */
  readonly debug: boolean;
  readonly redact: (text: string) => string;
}

const WIDEST_LEVEL = 5;

/** One entry without its line end. Text has more lines only where the message has, or for stacks; those are indented. */
function renderLine(entry: LineEntry, style: LineStyle): string {
  const { format, timezone, debug, redact } = style;
  const time = zonedTime(entry.time.getTime(), timezone);
  const { message } = entry;
  const { details, stacks } = renderDetails(entry.details ?? {}, redact);
  const shownStacks = debug ? stacks : [];
  const hasDetails = Object.keys(entry.details ?? {}).length > 0;
  if (format === 'json') {
    return JSON.stringify({
      time,
      level: entry.level,
      message,
      ...(hasDetails ? { details } : {}),
      ...(shownStacks.length > 0 ? { stacks: shownStacks } : {}),
    });
  }
  const shownDetails = debug && hasDetails ? ` ${JSON.stringify(details)}` : '';
  const body = [`${message}${shownDetails}`, ...shownStacks].join('\n');
  return paintedLine({ time, level: entry.level.padEnd(WIDEST_LEVEL), text: forTerminal(body) }, style);
}

/** Text from a line or a broker must not steer the terminal, nor look like an entry of its own. */
function forTerminal(text: string): string {
  return text
    .split(/\r?\n/)
    .join('\n    ')
    .replace(/[^\P{Cc}\n\t]/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
