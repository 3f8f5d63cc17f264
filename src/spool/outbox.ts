import { appendFile, rename, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { OwnHealth } from '../shared/delivery.ts';
import type { Deps } from '../shared/deps.ts';
import { makeFolder } from '../shared/folders.ts';
import type { SafeText } from '../shared/secrets.ts';
import { Delivery, type DeliveryOptions, Refusals } from './delivery.ts';
import { Spool, type WaitingText } from './spool.ts';

export interface OutboxOptions extends Pick<DeliveryOptions, 'batch' | 'send' | 'kindOf'>, Deps {
  /** Shared by all outputs: each has a folder of its own in it. */
  readonly directory: string;
  /** The output, as the configuration names it, and as people do. */
  readonly name: string;
  readonly label: string;
  /** One text, for messages: `point`. */
  readonly noun: string;
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** The name of the file for refused texts. */
  readonly refusedName: string;
  /** Tells a person what to do about refused texts. */
  readonly refusedAdvice: string;
  /** Renders a refused text for that file. */
  readonly refusedLines: (refused: WaitingText, reason: SafeText) => string;
  readonly changed: () => void;
}

/** Keeps texts for one server on disk until it has accepted them. */
export class Outbox {
  private readonly spool: Spool;
  private readonly delivery: Delivery;

  constructor(options: OutboxOptions) {
    const { directory, name, refusedName, refusedAdvice, refusedLines, logger, changed } = options;
    const refused = new SetAsideFile(resolve(directory, 'refused', refusedName));
    this.spool = new Spool({
      ...options,
      folder: resolve(directory, 'waiting', name),
      changed: () => {
        changed();
        this.delivery.wakeUp();
      },
    });
    this.delivery = new Delivery({
      ...options,
      spool: this.spool,
      setAside: (text, reason) => refused.add(refusedLines(text, logger.withoutSecrets(reason))),
      refusals: new Refusals({ ...options, advice: refusedAdvice, path: refused.path }),
    });
  }

  get health(): OwnHealth {
    const { waiting, lost, problem: diskProblem } = this.spool;
    const { counts, problem } = this.delivery;
    return { ...counts, lost, waiting, problem: problem ?? diskProblem };
  }

  start(): void {
    void this.spool.open();
    this.delivery.start();
  }

  /** Returns at once. */
  put(text: string): void {
    this.spool.put(text);
  }

  async stop(): Promise<void> {
    await this.delivery.stop();
    await this.spool.close();
  }
}

/** A second file of this size (bytes) takes over; the first one is kept until then. */
const LONGEST = 10_000_000;

/** Keeps what a server refused for good, with the reason, for a person to look at and to send again. */
class SetAsideFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Error of the file system where the disk does not take it. */
  async add(lines: string): Promise<void> {
    await makeFolder(dirname(this.path));
    const { size } = await stat(this.path).catch(() => ({ size: 0 }));
    if (size > LONGEST) await rename(this.path, `${this.path}.old`);
    await appendFile(this.path, lines, { mode: 0o600 });
  }
}
