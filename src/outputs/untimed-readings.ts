import type { MeterIdentity } from '../meter/publisher.ts';
import type { Reading } from '../readings/reading.ts';
import { inWallTime, isWallTime } from '../shared/credible-clock.ts';
import type { OwnHealth } from '../shared/delivery.ts';
import type { OutputParts } from './output.ts';

/** In memory: some weeks of hourly readings. */
const MOST_WAITING = 1_000;
/** The clock is looked at this often (ms) while something waits for it. */
const LOOK_EVERY = 10_000;

type Deliver = (meter: MeterIdentity, fresh: readonly Reading[], latest: readonly Reading[]) => void;

/**
 * Keeps readings from an output that writes down when they were taken, until the computer's clock is set. Then they go
 * on, in order, with the times at which they really were taken.
 */
export class UntimedReadings {
  private readonly label: string;
  private readonly parts: Pick<OutputParts, 'clock' | 'logger' | 'changed'>;
  private readonly deliver: Deliver;
  private readonly held: Parameters<Deliver>[] = [];
  /** Given up for newer ones. */
  private lost = 0;
  private cancelLook: () => void = () => {};
  private stopped = false;

  /** `label`: the output, for messages. */
  constructor(label: string, parts: Pick<OutputParts, 'clock' | 'logger' | 'changed'>, deliver: Deliver) {
    this.label = label;
    this.parts = parts;
    this.deliver = deliver;
  }

  /** The health of the output with what waits here. */
  addTo(health: OwnHealth): OwnHealth {
    const { length } = this.held;
    const problem = `The clock of this computer is not set: ${readings(length)} wait for it`;
    return {
      ...health,
      waiting: health.waiting + length,
      lost: health.lost + this.lost,
      problem: health.problem ?? (length > 0 ? problem : null),
    };
  }

  /** Hands the reading on, at once or as soon as its time is known. */
  take(...reading: Parameters<Deliver>): void {
    this.held.push(reading);
    if (this.handOn()) return;
    if (this.held.length > MOST_WAITING) {
      this.held.shift();
      this.lost++;
    }
    this.parts.changed();
  }

  stop(): void {
    this.stopped = true;
    this.cancelLook();
    if (this.held.length > 0)
      this.parts.logger.warn(
        `${this.label}: ${readings(this.held.length)} are lost, because the clock of this computer was not set, and nobody knows when they were taken`,
      );
  }

  /** False while some still wait. */
  private handOn(): boolean {
    const { clock } = this.parts;
    this.cancelLook();
    for (let [first] = this.held; first !== undefined; [first] = this.held) {
      const [meter, ...values] = first;
      const [fresh = [], latest = []] = values.map((each) => each.map((one) => inWallTime(one, clock)));
      const timed = fresh.filter(({ readAt }) => isWallTime(readAt));
      if (timed.length < fresh.length && !isWallTime(clock.now())) {
        if (!this.stopped) this.cancelLook = clock.after(LOOK_EVERY, () => this.look());
        return false;
      }
      this.held.shift();
      this.deliver(meter, timed, latest);
    }
    return true;
  }

  private look(): void {
    if (this.handOn()) this.parts.changed();
  }
}

function readings(count: number): string {
  return count === 1 ? '1 reading' : `${count} readings`;
}
