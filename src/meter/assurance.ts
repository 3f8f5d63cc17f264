import { R } from '../catalogue/register.ts';
import type { MeterSession } from '../link/session.ts';
import { readingText } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import { type AskedRegisters, omittedIn, readingsOf } from './ask.ts';
import type { KnownMeter } from './known-meter.ts';

/** A line that stays open is trusted this long (ms), whatever the totals say. */
const TRUST_FOR = 24 * 3_600_000;
/** A gap between two readings that is so many times the longest regular one makes the later reading late. */
const LATE = 1.25;
/** The meter gave its number right before the registers, or for an earlier reading on the same line. */
export type NumberGiven = 'just-now' | 'earlier';

/** One reading, as far as it tells which meter answered. */
interface Testimony {
  readonly asked: AskedRegisters;
  readonly given: NumberGiven;
  /** Tries without a reply, before the registers were asked for. */
  readonly failedTries: number;
  /** Details take seconds, and their totals need not say anything. */
  readonly isDetail: boolean;
}

/**
 * Knows how sure it is that the head still sits on the meter that gave its number last. A head that was moved leaves
 * the line open, so that nobody is told.
 *
 * | then                                           | the number is asked for                                     |
 * | ---------------------------------------------- | ----------------------------------------------------------- |
 * | the line was opened, or the last reading failed | before the registers, and after several requests once more |
 * | the totals go on as they stood                 | not at all                                                  |
 * | they do not, stand near zero, or there are none | after the registers                                        |
 * | the reading is late, or one of details         | after the registers                                         |
 * | a day without having been asked                | after the registers                                         |
 *
 * All in the same wake-up. A number takes 16 bytes of the line (6 there, 10 back); a usual reading of eight registers
 * some 100.
 */
export class Assurance {
  private readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  private readonly lateAfter: number;
  private session: MeterSession | undefined;
  private givenAt = 0;
  private lastReading: { readonly wall: number; readonly monotonic: number } | undefined;

  /** `interval`: milliseconds from one reading to the next. */
  constructor(clock: Pick<Clock, 'now' | 'monotonic'>, interval: number) {
    this.clock = clock;
    this.lateAfter = LATE * interval;
  }

  /** False where the meter has to give its number before anything else. */
  holdsFor(session: MeterSession): boolean {
    return session === this.session;
  }

  /** The meter gave its number. */
  given(session: MeterSession): void {
    this.session = session;
    this.givenAt = this.clock.monotonic();
  }

  /** A reading failed, wholly or in part: somebody may be at the head. */
  lost(): void {
    this.session = undefined;
  }

  /** A reading came to its end. */
  readingTaken(): void {
    this.lastReading = { wall: this.clock.now(), monotonic: this.clock.monotonic() };
  }

  /** True where what was read is the known meter's own beyond doubt. */
  isProven(meter: KnownMeter, { asked, given, failedTries, isDetail }: Testimony): boolean {
    const { ids, batches, failure } = asked;
    if (ids.length === 0) return true;
    const readings = readingsOf(asked);
    const number = readings.find(({ register }) => register === R.serialNumber);
    if (number !== undefined && readingText(number) !== meter.serialNumber) return false;
    const isOneReply = batches.length === 1 && failure === undefined;
    // A head cannot be moved without an exchange that fails.
    const from = given === 'just-now' ? failedTries : batches[0]?.failedTries;
    const isUndisturbed = batches.every((batch) => batch.failedTries === from);
    if (given === 'just-now' && isUndisturbed && (isOneReply || failure !== undefined)) return true;
    if (isOneReply && number !== undefined) return true;
    if (!isUndisturbed || omittedIn(asked).some((id) => meter.present.has(id))) return false;
    // Whoever fell silent cannot be asked any more: its totals have to do.
    if (failure === undefined && (isDetail || this.isDue)) return false;
    return meter.recognises(readings);
  }

  private get isDue(): boolean {
    const { clock } = this;
    if (clock.monotonic() - this.givenAt >= TRUST_FOR) return true;
    if (this.lastReading === undefined) return false;
    const { wall, monotonic } = this.lastReading;
    // The monotonic clock stands still while the machine sleeps.
    return Math.max(clock.monotonic() - monotonic, clock.now() - wall) > this.lateAfter;
  }
}
