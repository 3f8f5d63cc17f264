import { localTime } from '../shared/local-time.ts';
import { renderDetails } from './render-details.ts';

interface LogEntry {
  readonly time: Date;
  readonly level: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

interface LineStyle {
  readonly format: 'text' | 'json';
  /** Whether to show stacks, and in the text form the details. */
  readonly debug: boolean;
  readonly redact: (text: string) => string;
}

const WIDEST_LEVEL = 5;

/** One entry without its line end. Text has more lines only where the message has, or for stacks; those are indented. */
export function renderLine(entry: LogEntry, { format, debug, redact }: LineStyle): string {
  const time = localTime(entry.time.getTime());
  const message = redact(entry.message);
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
  return `${time} ${entry.level.padEnd(WIDEST_LEVEL)} ${forTerminal(body)}`;
}

/** What comes from a line or a broker must not steer the terminal, nor look like an entry of its own. */
function forTerminal(text: string): string {
  return text
    .split(/\r?\n/)
    .join('\n    ')
    .replace(/[^\P{Cc}\n\t]/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
