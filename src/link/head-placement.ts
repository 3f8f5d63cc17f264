import { type Clock, sleep } from '../shared/clock.ts';
import { hasCode } from '../shared/errors.ts';
import { type Alignment, AlignmentWindow } from './alignment.ts';
import { getSerialNo } from './exchange.ts';
import type { Addressee, MeterSession } from './session.ts';

interface HeadPlacementOptions {
  readonly session: MeterSession;
  readonly addressee: Addressee;
  /** It ends by itself after so many milliseconds: every answer costs the meter's battery. */
  readonly duration: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** What is known after a try. */
export interface PlacementTry {
  readonly view: Alignment;
  /** Of the meter that answered last; null before the first answer. */
  readonly serialNumber: string | null;
  readonly answered: boolean;
}

/** From one try to the next. */
const EVERY = 500;
/**
 * A meter may stay deaf after a damaged request until the line was silent for 1.6 s (5512-447 section 2.1). Most do
 * not, so that it is granted this silence only after every so many failures in a row.
 */
const SILENCE = 1_600;
const FAILURES_TO_SILENCE = 5;

/**
 * Asks for the serial number about twice a second until `signal` or the time is up; gives the last view. The session needs
 * the times of `alignmentTiming`. Throws what the session throws, but for a meter that does not answer.
 */
export async function* headPlacement({
  session,
  addressee,
  duration,
  signal,
  clock,
}: HeadPlacementOptions): AsyncGenerator<PlacementTry, Alignment> {
  const window = new AlignmentWindow();
  const tried: Addressee['tried'] = (seen) => {
    window.add(seen, clock.monotonic());
    addressee.tried?.(seen);
  };
  const end = clock.monotonic() + duration;
  let serialNumber: string | null = null;
  let failures = 0;
  while (!signal.aborted && clock.monotonic() < end) {
    const next = clock.monotonic() + EVERY;
    try {
      serialNumber = String(await session.request(getSerialNo, { ...addressee, tried }));
      failures = 0;
    } catch (error) {
      if (!hasCode(error, 'no-answer')) throw error;
      failures++;
    }
    yield { view: window.view(clock.monotonic()), serialNumber, answered: failures === 0 };
    const silence = failures > 0 && failures % FAILURES_TO_SILENCE === 0;
    await sleep(clock, silence ? SILENCE : next - clock.monotonic(), signal);
  }
  return window.view(clock.monotonic());
}
