import type { Alignment } from '../link/alignment.ts';
import { headPlacement } from '../link/head-placement.ts';
import { alignmentTiming } from '../link/timing.ts';
import { systemClock } from '../shared/clock.ts';
import { type OneShotOptions, withMeter } from './one-shot.ts';

interface AlignHeadOptions extends OneShotOptions {
  /** It ends by itself after so many milliseconds: every answer costs the meter's battery. */
  readonly duration: number;
  readonly signal: AbortSignal;
  /** After each try. `serialNumber`: of the meter that answered last; null before the first answer. */
  readonly onView: (view: Alignment, serialNumber: string | null, answered: boolean) => void;
}

/** Asks for the serial number about twice a second until `signal` or the time is up; gives the last view. */
export function alignHead(options: AlignHeadOptions): Promise<Alignment> {
  const { address: destination, duration, signal, onView } = options;
  return withMeter({ ...options, retime: alignmentTiming }, async ({ session, visit, endsInOrder }) => {
    endsInOrder();
    const { counters } = visit;
    const addressee = { destination, counters, tried: () => visit.tried() };
    const placing = headPlacement({ session, addressee, duration, signal, clock: systemClock });
    for (;;) {
      const { done, value } = await placing.next();
      if (done) return value;
      const { view, serialNumber, answered } = value;
      if (answered && serialNumber !== null) visit.answered(serialNumber);
      onView(view, serialNumber, answered);
    }
  });
}
