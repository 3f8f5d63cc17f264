import { join } from 'node:path';
import type { Logger } from '../log/logger.ts';
import type { Random } from '../shared/back-off.ts';
import type { Clock } from '../shared/clock.ts';
import { Delivery, type DeliveryOptions } from './delivery.ts';
import { SetAsideFile } from './set-aside-file.ts';
import { Spool, type WaitingText } from './spool.ts';

export interface WaitingRoomOptions extends Pick<DeliveryOptions, 'batch' | 'send'> {
  /** Of all outputs: each has a folder of its own in it. */
  readonly directory: string;
  /** The output, as the configuration names it, and as people do. */
  readonly name: string;
  readonly label: string;
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** Of the file for what was refused. */
  readonly refusedName: string;
  /** What a refused text looks like there. */
  readonly refusedLines: (refused: WaitingText, reason: string) => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly changed: () => void;
}

/** Texts for one server: they wait on disk until it has taken them. */
export class WaitingRoom {
  private readonly spool: Spool;
  private readonly delivery: Delivery;

  constructor(options: WaitingRoomOptions) {
    const { directory, name, label, refusedName, refusedLines, logger } = options;
    const refused = new SetAsideFile(join(directory, 'refused', refusedName));
    this.spool = new Spool({
      ...options,
      folder: join(directory, 'waiting', name),
    });
    this.delivery = new Delivery({
      ...options,
      spool: this.spool,
      setAside: async (text, reason) => {
        await refused.add(refusedLines(text, reason));
        logger.error(`${label} refuses a reading for good: ${reason}. It is set aside in ${refused.path}`);
      },
    });
  }

  /** What is known of it, in the terms of an output's health. */
  get health() {
    const { waiting, lost, problem: diskProblem } = this.spool;
    const { delivered, refused, lastDelivery, problem } = this.delivery;
    return { waiting, delivered, refused, lost, lastDelivery, problem: problem ?? diskProblem };
  }

  start(): void {
    void this.spool.open();
    this.delivery.start();
  }

  /** Returns at once. */
  put(text: string): void {
    this.spool.put(text);
    this.delivery.notice();
  }

  async stop(): Promise<void> {
    await this.delivery.stop();
    await this.spool.close();
  }
}
