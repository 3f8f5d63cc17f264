import winston from 'winston';
import type { LogTail } from './log-tail.ts';
import type { Logger } from './logger.ts';
import { renderLine } from './render-line.ts';
import { Secrets } from './secrets.ts';

export interface LoggerOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'text' | 'json';
  /** Default: standard error, because standard output is for results. */
  readonly stream?: NodeJS.WritableStream | undefined;
  /** Never to be seen in the log, in plain or URL-encoded form. */
  readonly secrets?: Secrets | undefined;
  /** Gets every entry too, whatever the format. */
  readonly tail?: LogTail | undefined;
}

/** The log of the whole program: one line an entry, written at once. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, format, stream = process.stderr, secrets = new Secrets(), tail } = options;
  const redact = (text: string): string => secrets.hideIn(text);
  const style = { format, debug: level === 'debug', redact };
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
      tail?.add({ time: time.getTime(), level: severity, message: redact(message) });
      const entry = renderLine({ time, level: severity, message, details }, style);
      // One object: given apart, winston would mix details called `message` or `stack` into the message.
      logger.log({ level: severity, message: '', entry });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function ignore(): void {}
