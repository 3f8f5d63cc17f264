/** One entry of the log as a person may see it: without secrets. */
export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
}

const MOST_ENTRIES = 200;
const LONGEST_MESSAGE = 1_000;

/** The last entries of the log, for a page that shows them. Never takes more than some hundred kilobytes. */
export class LogTail {
  private readonly kept: LogEntry[] = [];

  /** Oldest first. */
  get entries(): readonly LogEntry[] {
    return [...this.kept];
  }

  add(entry: LogEntry): void {
    const { message } = entry;
    const short = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}...` : message;
    this.kept.push({ ...entry, message: short });
    if (this.kept.length > MOST_ENTRIES) this.kept.shift();
  }
}
