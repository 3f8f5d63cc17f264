import { type Alignment, AlignmentWindow } from '../link/alignment.ts';
import { getSerialNo } from '../link/exchange.ts';
import { alignmentTiming } from '../link/timing.ts';
import { type Clock, sleep, systemClock } from '../shared/clock.ts';
import { hasCode } from '../shared/errors.ts';
import { type OneShotOptions, withMeter } from './one-shot.ts';

interface AlignHeadOptions extends OneShotOptions {
  /** It ends by itself after so many milliseconds: every answer costs the meter's battery. */
  readonly duration: number;
  readonly signal: AbortSignal;
  /** After each try. `serialNumber`: of the meter that answered last; null before the first answer. */
  readonly onView: (view: Alignment, serialNumber: string | null, answered: boolean) => void;
  readonly clock?: Clock;
}

/** From one try to the next. */
const EVERY = 500;
/**
 * A meter may stay deaf after a damaged request until the line was silent for 1.6 s (5512-447 section 2.1). Most do
 * not, so that it is granted this silence only after every so many failures in a row.
 */
const SILENCE = 1_600;
const FAILURES_TO_SILENCE = 5;

/** Asks for the serial number about twice a second until `signal` or the time is up; gives the last view. */
export function alignHead(options: AlignHeadOptions): Promise<Alignment> {
  const { address: destination, duration, signal, onView, clock = systemClock } = options;
  return withMeter({ ...options, retime: alignmentTiming }, async ({ session, visit }) => {
    const window = new AlignmentWindow();
    const addressee = {
      destination,
      counters: visit.counters,
      tried: (seen: Parameters<AlignmentWindow['add']>[0]) => {
        window.add(seen, clock.monotonic());
        visit.tried();
      },
    };
    const end = clock.monotonic() + duration;
    let serialNumber: string | null = null;
    let failures = 0;
    while (!signal.aborted && clock.monotonic() < end) {
      const next = clock.monotonic() + EVERY;
      try {
        serialNumber = String(await session.request(getSerialNo, addressee));
        visit.answered(serialNumber);
        failures = 0;
      } catch (error) {
        if (!hasCode(error, 'no-answer')) throw error;
        failures++;
      }
      onView(window.view(clock.monotonic()), serialNumber, failures === 0);
      const silence = failures > 0 && failures % FAILURES_TO_SILENCE === 0;
      await sleep(clock, silence ? SILENCE : next - clock.monotonic(), signal);
    }
    return window.view(clock.monotonic());
  });
}
