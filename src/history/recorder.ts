import { natureOf, traitsOf } from '../catalogue/quantities.ts';
import type { ReadingNature } from '../catalogue/register.ts';
import type { MeterIdentity } from '../meter/publisher.ts';
import { SelectivePublisher } from '../outputs/output.ts';
import { UntimedReadings } from '../outputs/untimed-readings.ts';
import { isNumber, type Reading } from '../readings/reading.ts';
import type { Deps } from '../shared/deps.ts';
import { messageOf } from '../shared/errors.ts';
import { Repeats } from '../shared/repeats.ts';
import type { SafeText } from '../shared/secrets.ts';
import { Trouble } from '../shared/trouble.ts';
import { NoDriver } from './database.ts';
import { isDamage, markDamaged, openHistory } from './file.ts';
import type { HistoryStore, StoredReading, StoredValue } from './store.ts';

/** Milliseconds between two writes: a memory card wears out by them. What a crash takes is no older. */
const WRITES_EVERY = 60_000;
/** Values that wait for a disk: some days of hourly readings of a few meters. */
const MOST_WAITING = 20_000;
/** What is damaged cannot be replaced while it is open. */
const RESTART = 'Restart the program: it is set aside then, and a new one begins';

const TOTALS: readonly (ReadingNature | undefined)[] = ['total', 'pulse-total'];
/** What has a course. Figures of a day or a month follow from totals, and numbers that name something have none. */
const KEPT: readonly (ReadingNature | undefined)[] = [...TOTALS, 'live', 'peak', 'mean'];

interface RecorderOptions extends Pick<Deps, 'clock' | 'logger'> {
  readonly file: string;
  readonly mostBytes: number;
}

/**
 * Writes the numbers of a meter into the history, in the meter's own units, so that what somebody chooses later changes
 * nothing in it. Its trouble is its own: readings go on without it.
 */
export class HistoryRecorder extends SelectivePublisher {
  private readonly options: RecorderOptions;
  private readonly untimed: UntimedReadings;
  private readonly trouble: Trouble;
  private readonly lookUps: Repeats;
  private opened: HistoryStore | undefined;
  private waiting: readonly StoredReading[] = [];
  private waitingValues = 0;
  private lost = 0;
  private lastWrite = Number.NEGATIVE_INFINITY;
  private isWithout = false;
  private cancelWrite: (() => void) | undefined;
  /** Why nothing is written, in words; null while all is well. */
  problem: SafeText | null = null;

  constructor(options: RecorderOptions) {
    super();
    this.options = options;
    this.trouble = new Trouble(options, { isState: true });
    this.lookUps = new Repeats(options, { isState: true });
    this.untimed = new UntimedReadings('History', { ...options, changed: () => {} }, (meter, fresh) =>
      this.keep(meter, fresh),
    );
  }

  /** With all that was read until now; undefined while the file cannot be opened. */
  get store(): HistoryStore | undefined {
    if (this.waiting.length > 0) this.write();
    return this.opened;
  }

  /** The same without what waits to be written. */
  get written(): HistoryStore | undefined {
    return this.opened;
  }

  start(): void {
    this.write();
  }

  stop(): void {
    this.untimed.stop();
    this.cancelWrite?.();
    this.trouble.stop();
    if (!this.isWithout) this.write();
    this.cancelWrite?.();
    const { logger, file } = this.options;
    if (this.waiting.length > 0)
      logger.warn(`${this.waitingValues} values could not be written to ${file}, and will be missing there`);
    this.close();
  }

  override readingTaken(meter: MeterIdentity, fresh: readonly Reading[]): void {
    this.untimed.take(meter, fresh, []);
  }

  /** What to tell whoever wanted to see something of it, and met this error. Readings go on. */
  lookUpFailed(error: unknown): SafeText {
    const { file, logger } = this.options;
    const advice = isDamage(error)
      ? RESTART
      : 'Ask again in a minute: another program may hold it. If that does not help, see whether its disk is well';
    const text = `The history ${file} cannot be read: ${messageOf(error)}. ${advice}.`;
    this.lookUps.say('warn', text, 'unread');
    if (isDamage(error)) markDamaged(this.options.file);
    return logger.withoutSecrets(text);
  }

  private keep({ serialNumber, name }: MeterIdentity, fresh: readonly Reading[]): void {
    const values = fresh.flatMap(storedValue);
    if (values.length === 0 || this.isWithout) return;
    this.waiting = [...this.waiting, { serialNumber, name, values }];
    this.waitingValues += values.length;
    this.giveUpOldest();
    const rest = WRITES_EVERY - (this.options.clock.monotonic() - this.lastWrite);
    if (rest <= 0) this.write();
    else this.writeLater(rest);
  }

  private writeLater(delay: number): void {
    this.cancelWrite ??= this.options.clock.after(delay, () => this.write());
  }

  private write(): void {
    const { clock, file, mostBytes, logger } = this.options;
    this.cancelWrite?.();
    this.cancelWrite = undefined;
    this.lastWrite = clock.monotonic();
    try {
      this.opened ??= openHistory(file, logger);
      if (this.waiting.length > 0) this.opened.add(this.waiting, mostBytes);
      this.waiting = [];
      this.waitingValues = 0;
      this.recovered();
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    const { file, logger } = this.options;
    if (error instanceof NoDriver) {
      this.doWithout(error);
      return;
    }
    const advice = isDamage(error)
      ? RESTART
      : 'Make room on its disk, or let the user that this program runs as write there';
    const text = `The history ${file} cannot be written: ${messageOf(error)}. ${advice}.`;
    this.problem = logger.withoutSecrets(text);
    this.trouble.met('warn', `${text} New values wait in memory.`, 'unwritten');
    if (isDamage(error)) markDamaged(this.options.file);
    else this.writeLater(WRITES_EVERY);
  }

  /** It will not come while we run. */
  private doWithout(error: NoDriver): void {
    const { logger } = this.options;
    const text = `No history is kept, because ${messageOf(error)}. All else works. Node 24 brings its own: run this program with that, or with a newer one.`;
    this.problem = logger.withoutSecrets(text);
    this.isWithout = true;
    this.waiting = [];
    this.waitingValues = 0;
    logger.warn(text);
  }

  private recovered(): void {
    this.problem = null;
    const lost =
      this.lost === 0 ? 'and nothing is missing' : `but the oldest ${this.lost} values were too many to wait`;
    if (this.trouble.over(() => `The history ${this.options.file} is written again, ${lost}`)) this.lost = 0;
  }

  private close(): void {
    const { opened } = this;
    this.opened = undefined;
    try {
      opened?.close();
    } catch (error) {
      this.options.logger.warn(`The history ${this.options.file} was not closed well: ${messageOf(error)}`);
    }
  }

  private giveUpOldest(): void {
    for (
      let [first] = this.waiting;
      first !== undefined && this.waitingValues > MOST_WAITING;
      [first] = this.waiting
    ) {
      this.waiting = this.waiting.slice(1);
      this.waitingValues -= first.values.length;
      this.lost += first.values.length;
    }
  }
}

function storedValue(reading: Reading): readonly StoredValue[] {
  const { quantity, unit, readAt: at, nature } = reading;
  const { repeats, measure } = traitsOf(quantity);
  if (!isNumber(reading) || !KEPT.includes(nature) || repeats !== undefined || measure === 'gas') return [];
  const { value, decimals } = reading.value;
  // A number of more digits than a floating-point number has is kept rather not than wrong.
  if (!value.eq(value.toNumber())) return [];
  const isTotal = TOTALS.includes(natureOf(quantity) ?? nature) && measure !== 'balance';
  return [{ quantity, unit, decimals, value: value.toNumber(), isTotal, at }];
}
