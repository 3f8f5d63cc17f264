import type { Deps } from '../shared/deps.ts';
import { messageOf } from '../shared/errors.ts';
import { Repeats } from '../shared/repeats.ts';
import { isDamage, markDamaged, openHistory } from './file.ts';
import { LogStore } from './log-store.ts';
import type { HistoryRecorder } from './recorder.ts';
import type { HistoryStore } from './store.ts';

interface LogShelfOptions extends Pick<Deps, 'clock' | 'logger'> {
  readonly file: string;
  readonly mostBytes: number;
  /** It has the file open already; left out: nobody has. */
  readonly recorder?: Pick<HistoryRecorder, 'store'> | undefined;
}

export interface OpenLogs {
  readonly logs: LogStore;
  /** Makes room, too. */
  close(): void;
}

interface OpenStore {
  readonly store: HistoryStore;
  readonly logs: LogStore;
  /** Opened by us. */
  readonly isOwn: boolean;
  users: number;
}

/**
 * Where a bridge keeps what its meters wrote down. Open only while somebody needs it, because an open file takes memory; and
 * open once, because closing it a second time takes away the locks of the first (POSIX).
 */
export class LogShelf {
  private readonly options: LogShelfOptions;
  private readonly reports: Repeats;
  private opened: OpenStore | undefined;

  constructor(options: LogShelfOptions) {
    this.options = options;
    this.reports = new Repeats(options, { isState: true });
  }

  /** Undefined where it cannot be opened, of which the log tells. */
  open(): OpenLogs | undefined {
    try {
      const opened = this.opened ?? this.openStore();
      if (opened === undefined) return undefined;
      this.opened = opened;
      opened.users++;
      return { logs: opened.logs, close: () => this.release(opened) };
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  /** The answer of `ask`; undefined where the logs cannot be asked, of which the log tells. */
  ask<Answer>(ask: (logs: LogStore) => Answer): Answer | undefined {
    const open = this.open();
    if (open === undefined) return undefined;
    try {
      return ask(open.logs);
    } catch (error) {
      this.failed(error);
      return undefined;
    } finally {
      open.close();
    }
  }

  /** Of whoever kept something there, and met this error. */
  failed(error: unknown): void {
    // Where a recorder has it open, that one sees to it.
    if (isDamage(error) && this.options.recorder === undefined) markDamaged(this.options.file);
    const text = `What the meters wrote down themselves cannot be kept in ${this.options.file}: ${messageOf(error)}. Readings go on; it is asked for again later.`;
    this.reports.say('warn', text, 'unkept');
  }

  private openStore(): OpenStore | undefined {
    const { recorder, file, logger } = this.options;
    const isOwn = recorder === undefined;
    const store = isOwn ? openHistory(file, logger) : recorder.store;
    return store && { store, logs: new LogStore(store.database), isOwn, users: 0 };
  }

  private release(opened: OpenStore): void {
    opened.users--;
    if (opened.users > 0) return;
    this.opened = undefined;
    try {
      opened.store.add([], this.options.mostBytes);
      if (opened.isOwn) opened.store.close();
    } catch (error) {
      this.failed(error);
    }
  }
}
