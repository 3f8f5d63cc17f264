import type { LoggedRow } from '../../loggers/logged-row.ts';
import type { MeterIdentity } from '../../meter/publisher.ts';
import type { Reading } from '../../readings/reading.ts';
import { BackOff, sleep } from '../../shared/clock.ts';
import { noDeliveries, type OwnHealth } from '../../shared/delivery.ts';
import { messageOf } from '../../shared/errors.ts';
import { Trouble } from '../../shared/trouble.ts';
import { Output, type OutputParts } from '../output.ts';
import { UntimedReadings } from '../untimed-readings.ts';
import { AppendedFiles } from './appended-files.ts';
import { type CsvConfig, csv } from './config.ts';
import { logRows } from './log-rows.ts';
import { csvRows, type FileRows, WaitingRows } from './rows.ts';

/** Rows that wait for a disk: some 500 readings, or three weeks of hourly ones. */
const MOST_WAITING = 10_000;
const FIRST_RETRY = 5_000;
const LONGEST_RETRY = 300_000;
/** An output has two seconds to stop. */
const PATIENCE_AT_STOP = 1_800;

/**
 * Appends every value to a file a day, and what the meter wrote down itself to files of its own. What cannot be written waits in memory, and is tried again after a while and with
 * the next reading.
 */
export class CsvOutput extends Output {
  private readonly config: CsvConfig;
  private readonly parts: OutputParts;
  private readonly files: AppendedFiles;
  private readonly backOff: BackOff;
  private readonly waiting = new WaitingRows(MOST_WAITING);
  private readonly untimed: UntimedReadings;
  private prepared = false;
  private running: Promise<void> | undefined;
  private beingWritten = 0;
  private readonly counts = noDeliveries();
  private problem: string | null = null;
  private readonly log: Trouble;
  /** Rows given up that the log has mentioned. */
  private lostTold = 0;
  private cancelRetry: () => void = () => {};
  private stopped = false;

  constructor(config: CsvConfig, parts: OutputParts) {
    super(csv, parts);
    const { random, logger } = parts;
    this.config = config;
    this.parts = parts;
    this.files = new AppendedFiles(config.directory, (file) =>
      logger.warn(`${file} ended in the middle of a line, as after a power failure: that line is cut off`),
    );
    this.log = new Trouble(parts, { isState: true });
    this.backOff = new BackOff(FIRST_RETRY, LONGEST_RETRY, random);
    this.untimed = new UntimedReadings(csv.label, parts, (meter, fresh) => this.timedReading(meter, fresh));
  }

  protected override get ownHealth(): OwnHealth {
    const { lost, size } = this.waiting;
    const waiting = size + this.beingWritten;
    return this.untimed.addTo({ ...this.counts, lost, waiting, problem: this.problem });
  }

  /** Also where there is nothing to write yet: whether the folder is any good shows at once. */
  override start(): void {
    this.write();
  }

  override async stop(): Promise<void> {
    const { directory } = this.config;
    const { clock, logger } = this.parts;
    this.untimed.stop();
    this.stopped = true;
    this.cancelRetry();
    this.log.stop();
    const done = new AbortController();
    // The write that runs now may have failed already, which is worth one more try.
    const rest = (this.running ?? Promise.resolve()).then(() => this.writeAll()).finally(() => done.abort());
    await Promise.race([rest, sleep(clock, PATIENCE_AT_STOP, done.signal)]);
    const waiting = this.waiting.size + this.beingWritten;
    if (waiting > 0)
      logger.warn(`${values(waiting)} could not be written to ${directory}, and will be missing there`);
  }

  override readingTaken(meter: MeterIdentity, fresh: readonly Reading[]): void {
    this.untimed.take(meter, fresh, []);
  }

  private timedReading(meter: MeterIdentity, fresh: readonly Reading[]): void {
    this.add(csvRows(meter, fresh));
  }

  override logged(meter: MeterIdentity, rows: readonly LoggedRow[]): void {
    this.add(logRows(meter, rows));
  }

  private add(batches: readonly FileRows[]): void {
    if (batches.length === 0) return;
    for (const batch of batches) this.waiting.add(batch);
    this.write();
    this.parts.changed();
  }

  private write(): void {
    if (this.stopped) return;
    this.cancelRetry();
    this.running ??= this.writeAll().finally(() => {
      this.running = undefined;
      // Come just when it had found nothing more.
      if (this.waiting.size > 0 && this.problem === null) this.write();
    });
  }

  /** Never rejects. */
  private async writeAll(): Promise<void> {
    try {
      if (!this.prepared) await this.files.prepare();
      this.prepared = true;
      for (
        let batch = this.waiting.removeFirstFile();
        batch !== undefined;
        batch = this.waiting.removeFirstFile()
      ) {
        this.beingWritten = batch.rows.length;
        const written = await this.files.append(batch).catch((error: unknown) => {
          this.beingWritten = 0;
          this.waiting.putBack(batch);
          throw error;
        });
        this.counts.delivered += written;
        if (written > 0) this.counts.lastDelivery = this.parts.clock.now();
      }
      this.beingWritten = 0;
      this.recovered();
    } catch (error) {
      this.failed(error);
    }
    this.parts.changed();
  }

  private failed(error: unknown): void {
    const { directory } = this.config;
    const { clock } = this.parts;
    const problem = diskProblem(directory, error);
    this.log.met('error', `CSV files: ${problem}. New values wait in memory.`);
    this.problem = problem;
    if (!this.stopped) this.cancelRetry = clock.after(this.backOff.next(), () => this.write());
  }

  private recovered(): void {
    const { directory } = this.config;
    this.backOff.reset();
    this.problem = null;
    const lost = this.waiting.lost - this.lostTold;
    this.lostTold = this.waiting.lost;
    const end = (): string => {
      const missing =
        lost > 0 ? `but the oldest ${values(lost)} were too many to wait` : 'and nothing is missing';
      return `CSV files: ${directory} can be written again, ${missing}`;
    };
    this.log.over(end, lost > 0 ? 'warn' : 'info');
  }
}

function values(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}

/** Explains why nothing can be written to `directory`, and what to do; without a full stop. */
export function diskProblem(directory: string, error: unknown): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk with ${directory} is full: make room on it`;
    case 'EACCES':
    case 'EPERM':
      return `${directory} may not be written by the user that this program runs as: give it the folder, or name another one in csv.directory`;
    case 'EROFS':
      return `${directory} is on a disk that is read-only: name another folder in csv.directory, or mount one there`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `${directory} cannot be a folder, because there is a file in its way: name another one in csv.directory`;
    default:
      return `${directory} cannot be written: ${messageOf(error)}. Look after its disk, or name another folder in csv.directory`;
  }
}
