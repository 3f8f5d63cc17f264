import { rm, stat } from 'node:fs/promises';
import type { Clock } from '../shared/clock.ts';
import { makeFolder } from '../shared/folders.ts';
import { CursorFile } from './cursor.ts';
import {
  countLines,
  isBefore,
  type Position,
  readLines,
  SegmentWriter,
  segmentPath,
  segmentsIn,
  usableLines,
} from './segment.ts';
import { type ReportOptions, SpoolReport } from './spool-report.ts';

export interface SpoolOptions extends ReportOptions {
  /** Beyond this size on disk the oldest is given up. */
  readonly maxBytes: number;
  /** Milliseconds; what has waited for longer while this program ran is given up. */
  readonly maxAge: number;
  readonly clock: Clock;
}

/** One text that waits. */
export interface WaitingText {
  /** Time of its arrival, in milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
  /** The place of the next one on disk; undefined while this one is in memory only, because the disk failed. */
  next: Position | undefined;
}

/** `came`: on the monotonic clock. */
type CameText = WaitingText & { readonly came: number };

/** The whole is made of so many segments, so that little is given up at once. */
const SEGMENTS = 16;
/** A disk that fails does not fill the memory too. */
const MOST_IN_MEMORY = 10_000;
const DISK_PAUSE = 30_000;
/** So many bytes that are done with may stay where they are. */
const LEFT_BEHIND = 65_536;

/**
 * Keeps texts on disk in the order in which they came, until somebody drops them:
 *
 *     put ──▶ 000000000003.log ──▶ ... ──▶ 000000000001.log ──▶ peek ... drop
 *              (synced)                         ▲
 *                                          cursor.json
 *
 * A kill or a power cut loses nothing that was written, and brings back at most what was peeked but not dropped yet. A
 * text ages by the time for which this program has run since it came, because any clock that can be set may jump.
 */
export class Spool {
  private readonly options: SpoolOptions;
  private readonly writer: SegmentWriter;
  private readonly cursorFile: CursorFile;
  private readonly report: SpoolReport;
  /** Sizes by number, oldest first; the last one grows. */
  private readonly segments = new Map<number, number>();
  private cursor: Position = { segment: 1, offset: 0 };
  private onDisk = 0;
  /** Not written yet, oldest first. */
  private inMemory: CameText[] = [];
  /** Milliseconds for which earlier runs have run, as far as what waits tells; undefined until that was read. */
  private ranBefore: number | undefined;
  private openedAt = 0;
  private cancelRetry: () => void = () => {};
  /** Resolves when the latest file operation has ended: there is one after the other. */
  private turn: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(options: SpoolOptions) {
    this.options = options;
    this.writer = new SegmentWriter(options.folder);
    this.cursorFile = new CursorFile(options.folder);
    this.report = new SpoolReport(options);
  }

  get waiting(): number {
    return this.onDisk + this.inMemory.length;
  }

  /** Given up since the start. */
  get lost(): number {
    return this.report.lost;
  }

  /** Explains why the disk fails; null while it works. */
  get problem(): string | null {
    return this.report.problem;
  }

  /** Finds the texts of an earlier run. Never fails: without a disk there is the memory. */
  open(): Promise<void> {
    this.openedAt = this.options.clock.monotonic();
    return this.inTurn(async () => {
      await this.find().catch((error) => this.diskFailed(error));
      this.options.changed();
    });
  }

  /** Returns at once. Ignores empty texts. */
  put(text: string): void {
    if (text === '') return;
    const { clock } = this.options;
    this.inMemory.push({ time: clock.now(), text, next: undefined, came: clock.monotonic() });
    if (this.inMemory.length > MOST_IN_MEMORY) {
      this.inMemory.shift();
      this.report.givenUp(1, `more than ${MOST_IN_MEMORY} wait, and the disk takes none`);
    }
    this.options.changed();
    void this.inTurn(() => this.write());
  }

  /** The oldest texts, at most `count`; from the disk of about `size` bytes. None when nothing waits. */
  peek(count: number, size: number): Promise<readonly WaitingText[]> {
    return this.inTurn(async () => {
      const found = await this.oldestOnDisk(count, size)
        // Somebody may have removed files.
        .catch(() => this.findAgain().then(() => this.oldestOnDisk(count, size)))
        .catch((error) => this.diskFailed(error) ?? []);
      return found.length > 0 ? found : this.inMemory.slice(0, count);
    });
  }

  /** Removes these from the beginning of what waits. */
  drop(done: readonly WaitingText[]): Promise<void> {
    return this.inTurn(async () => {
      const dropped = new Set(done);
      this.inMemory = this.inMemory.filter((each) => !dropped.has(each));
      // Some may have been given up meanwhile, because there was too much.
      const left = done.filter(({ next }) => next !== undefined && isBefore(this.cursor, next));
      const end = left.at(-1)?.next;
      if (end !== undefined) await this.advance(end, left.length);
    });
  }

  /** Tries once more to write what is in memory only. */
  async close(): Promise<void> {
    this.cancelRetry();
    await this.inTurn(() => this.write());
    this.closed = true;
    this.report.neverWritten(this.inMemory.length);
    await this.inTurn(() => this.writer.close());
    this.cancelRetry();
  }

  private async findAgain(): Promise<void> {
    await this.writer.close();
    await this.find();
  }

  private async find(): Promise<void> {
    const { folder } = this.options;
    await makeFolder(folder);
    this.segments.clear();
    this.onDisk = 0;
    const numbers = await segmentsIn(folder);
    const known = await this.knownCursor(numbers);
    for (const number of numbers) {
      if (number < known.segment) await rm(segmentPath(folder, number), { force: true });
      else this.segments.set(number, (await stat(segmentPath(folder, number))).size);
    }
    const [first = known.segment] = this.segments.keys();
    const active = Math.max(numbers.at(-1) ?? known.segment, known.segment);
    this.segments.set(active, await this.writer.open(active));
    // Somebody may have removed files.
    const length = this.segments.get(first) ?? 0;
    this.cursor = { segment: first, offset: first === known.segment ? Math.min(known.offset, length) : 0 };
    if (this.cursor.offset < known.offset) await this.cursorFile.write(this.cursor);
    let ranBefore = 0;
    for (const number of this.segments.keys()) {
      const { count, ran } = await this.countLines(number);
      this.onDisk += count;
      ranBefore = Math.max(ranBefore, ran);
    }
    this.ranBefore ??= ranBefore;
  }

  private async knownCursor([oldest]: readonly number[]): Promise<Position> {
    const written = await this.cursorFile.read();
    // A disk that was full has an old one; in the middle of a run we know better than a damaged one.
    if (typeof written !== 'string') return isBefore(this.cursor, written) ? written : this.cursor;
    if (written === 'none' || oldest === undefined || this.ranBefore !== undefined) return this.cursor;
    this.report.cursorDamaged(this.cursorFile.path);
    const beginning = { segment: oldest, offset: 0 };
    await this.cursorFile.write(beginning);
    return beginning;
  }

  /** Milliseconds for which this program had run at a moment of the monotonic clock, all runs together. */
  private ranAt(moment = this.options.clock.monotonic()): number {
    return Math.round((this.ranBefore ?? 0) + moment - this.openedAt);
  }

  /** Counts from the cursor on. */
  private countLines(number: number): ReturnType<typeof countLines> {
    const start = number === this.cursor.segment ? this.cursor.offset : 0;
    return countLines(segmentPath(this.options.folder, number), start);
  }

  private async write(): Promise<void> {
    const batch = [...this.inMemory];
    if (this.closed || (batch.length === 0 && this.problem === null)) return;
    this.cancelRetry();
    try {
      if (!(await this.writer.isThere())) await this.findAgain();
      const contents = batch.map(({ time, text, came }) => ({ time, text, ran: this.ranAt(came) }));
      const positions = await this.writer.append(contents);
      for (const [index, waiting] of batch.entries()) waiting.next = positions[index];
      // Texts that came in meanwhile are behind them and stay for the next turn.
      this.inMemory = this.inMemory.slice(this.inMemory.indexOf(batch.at(-1) as CameText) + 1);
      this.onDisk += batch.length;
      if (this.problem !== null) await this.cursorFile.write(this.cursor);
      this.report.diskWorks();
      await this.keepWithinBounds();
    } catch (error) {
      this.diskFailed(error);
    }
  }

  private async keepWithinBounds(): Promise<void> {
    const { maxBytes } = this.options;
    if (this.writer.number !== undefined) this.segments.set(this.writer.number, this.writer.size);
    if (this.writer.size >= maxBytes / SEGMENTS) await this.beginSegment();
    const total = (): number => [...this.segments.values()].reduce((sum, size) => sum + size, 0);
    while (total() > maxBytes && this.segments.size > 1) {
      const [oldest = 0, following = 0] = this.segments.keys();
      const { count } = await this.countLines(oldest);
      await this.advance({ segment: following, offset: 0 }, count);
      this.report.givenUp(count, `they take more than ${maxBytes / 1e6} MB (waiting.maxMegabytes)`);
    }
  }

  private async beginSegment(): Promise<number> {
    const number = await this.writer.next();
    this.segments.set(number, 0);
    return number;
  }

  /** The beginning of an empty segment, where everything before it is done with and worth removing. */
  private async leaveBehind({ segment, offset }: Position): Promise<Position | undefined> {
    const { number, size } = this.writer;
    if (segment !== number || offset < size || size < LEFT_BEHIND) return undefined;
    return this.beginSegment().then(
      (next) => ({ segment: next, offset: 0 }),
      (error) => this.diskFailed(error),
    );
  }

  private async oldestOnDisk(count: number, size: number): Promise<readonly WaitingText[]> {
    for (;;) {
      const { segment, offset } = this.cursor;
      if (this.onDisk === 0 || !this.segments.has(segment)) return [];
      const lines = await readLines(segmentPath(this.options.folder, segment), offset, size);
      if (lines.length === 0) {
        const following = [...this.segments.keys()].find((number) => number > segment);
        if (following === undefined) return [];
        await this.advance({ segment: following, offset: 0 }, 0);
        continue;
      }
      const { useless, usable } = usableLines(lines, this.ranAt() - this.options.maxAge);
      const last = useless.at(-1);
      if (last === undefined)
        return usable
          .slice(0, count)
          .map(({ time, text, end }) => ({ time, text, next: { segment, offset: end } }));
      await this.advance({ segment, offset: last.end }, useless.length);
      this.report.givenUp(useless.length, 'they are damaged, or have waited for longer than waiting.maxDays');
    }
  }

  private async advance(to: Position, count: number): Promise<void> {
    this.onDisk = Math.max(0, this.onDisk - count);
    this.cursor = (await this.leaveBehind(to)) ?? to;
    const reached = this.cursor;
    for (const number of [...this.segments.keys()].filter((each) => each < reached.segment)) {
      this.segments.delete(number);
      await rm(segmentPath(this.options.folder, number), { force: true });
    }
    // If this fails, the next write counts; a server may get a text twice after a crash.
    await this.cursorFile.write(reached).catch((error) => this.diskFailed(error));
  }

  private diskFailed(error: unknown): undefined {
    this.report.diskFailed(error);
    if (this.closed) return undefined;
    this.cancelRetry();
    this.cancelRetry = this.options.clock.after(DISK_PAUSE, () => void this.inTurn(() => this.write()));
    return undefined;
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.turn.then(task);
    this.turn = result.catch(() => {});
    return result;
  }
}
