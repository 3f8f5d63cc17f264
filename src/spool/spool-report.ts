import type { Deps } from '../shared/deps.ts';
import { messageOf } from '../shared/errors.ts';
import { Trouble } from '../shared/trouble.ts';

export interface ReportOptions extends Pick<Deps, 'clock' | 'logger'> {
  /** Belongs to this spool alone; made when it is missing. */
  readonly folder: string;
  /** The server and one text, for messages: `InfluxDB`, `point`. */
  readonly label: string;
  readonly noun: string;
  /** Something was put in, found, or given up. */
  readonly changed: () => void;
}

/** Says once what becomes of texts that wait, and of the disk that they wait on. */
export class SpoolReport {
  /** Given up since the start. */
  lost = 0;
  /** Explains why the disk fails; null while it works. */
  problem: string | null = null;
  private readonly options: ReportOptions;
  private readonly disk: Trouble;

  constructor(options: ReportOptions) {
    this.options = options;
    this.disk = new Trouble(options, { isState: true });
  }

  givenUp(count: number, why: string): void {
    if (count === 0) return;
    const { label, noun, logger, changed } = this.options;
    // In a long outage each reading gives up another one: one line is enough, and the count is in the health.
    if (this.lost === 0)
      logger.warn(`${label}: ${noun}s that wait are given up, the oldest first, because ${why}`);
    this.lost += count;
    changed();
  }

  diskFailed(error: unknown): void {
    const { folder, label } = this.options;
    const advice = 'Is the disk full, or dataDir not ours? Until it takes them, they wait in memory.';
    this.problem = `Cannot write below ${folder}: ${messageOf(error)}. ${advice}`;
    this.disk.met('error', `${label}: ${this.problem}`);
  }

  diskWorks(): void {
    if (this.problem === null) return;
    const { label, changed } = this.options;
    this.problem = null;
    this.disk.over(() => `${label}: the disk takes what waits again`);
    changed();
  }

  cursorDamaged(path: string): void {
    const { label, noun, logger } = this.options;
    logger.warn(
      `${label}: ${path} is damaged. All ${noun}s that are still on the disk are sent, some of them perhaps again.`,
    );
  }

  /** The end came while the disk took nothing. */
  neverWritten(count: number): void {
    this.disk.stop();
    const { label, noun, logger } = this.options;
    if (count > 0) logger.error(`${label}: ${count} ${noun}s are lost, because the disk did not take them`);
  }
}
