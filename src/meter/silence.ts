import { AGAIN } from '../link/again.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';

/**
 * What a silent meter is spared: nothing where asking costs nothing, or where it is awake only as long as it is asked;
 * no slot where nobody could press "Read now", because no meter is known yet.
 */
export type Sparing = 'nothing' | 'tries' | 'tries-and-slots';

interface SilenceOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sparing: () => Sparing;
  /** Called with what it is spared from now on, in words. */
  readonly spared: (text: string) => void;
}

const HOUR = 3_600_000;

/**
 * Asks a silent meter less. A request that wakes it costs its battery, whether we hear the answer or not; a head that
 * fell off in May is to cost no battery until October.
 */
export class Silence {
  private readonly options: SilenceOptions;
  /** In a row; those that were left out count. */
  private slots = 0;
  private since = 0;
  private askedAt = 0;
  /** A slot that was taken waits for its outcome. */
  private isSlot = false;

  constructor(options: SilenceOptions) {
    this.options = options;
  }

  /** To be called at each slot of a schedule. False: the meter is not asked at this one. */
  takesSlot(): boolean {
    const { clock, logger, name } = this.options;
    const now = clock.monotonic();
    if (this.isLeftOut(now)) {
      this.slots++;
      logger.debug(`${name}: silent; not asked at this slot`);
      return false;
    }
    this.isSlot = true;
    this.askedAt = now;
    return true;
  }

  /** For a request that may be in vain. */
  get tries(): number {
    return this.isRestrained ? AGAIN.singleTry : AGAIN.requestTries;
  }

  /** A reading brought nothing, because nothing that fits came back. */
  unanswered(): void {
    if (!this.isSlot) return;
    this.isSlot = false;
    if (this.slots === 0) this.since = this.askedAt;
    this.slots++;
    if (this.slots === AGAIN.silence.fullSlots && this.isRestrained) this.tell();
  }

  /** In words what is different when it answers now. */
  get again(): string {
    return this.isRestrained
      ? 'the meter answers again, and is asked at each slot'
      : 'the meter is read again';
  }

  /** It answers, somebody asks for a reading, or the port was gone and is back: the cause of the silence may be. */
  over(): void {
    this.slots = 0;
    this.isSlot = false;
  }

  private get isRestrained(): boolean {
    return this.slots >= AGAIN.silence.fullSlots && this.options.sparing() !== 'nothing';
  }

  private isLeftOut(now: number): boolean {
    const { singleSlots, thenEvery, longestRest } = AGAIN.silence;
    const left = this.slots - singleSlots;
    if (left < 0 || this.options.sparing() !== 'tries-and-slots') return false;
    return left % thenEvery !== 0 && now - this.askedAt < longestRest;
  }

  private tell(): void {
    const { clock, sparing, spared } = this.options;
    const { fullSlots, singleSlots, thenEvery } = AGAIN.silence;
    const hours = ((clock.monotonic() - this.since) / HOUR).toFixed(1);
    const less =
      sparing() === 'tries'
        ? 'It is asked once a slot now'
        : `It is asked once a slot now, and after ${singleSlots} at every ${thenEvery}th, at least once a day; "Read now" asks at once`;
    spared(
      `the meter has been silent at ${fullSlots} slots in a row (${hours} h). ${less}. Its first answer, or a port that was gone and is back, brings everything back.`,
    );
  }
}
