import type { MeterTraits } from '../meter-traits.ts';
import type { Reading } from '../reading.ts';
import { dependenciesOf } from './dependent-registers.ts';
import { type MeterPart, messageTraits } from './info-messages.ts';
import { KnownInfo } from './known-info.ts';

/** Without which E8 and E9 do not count what V1 counts. */
const PARTS: readonly (MeterPart | undefined)[] = ['t1', 't2', 'difference', 'v1'];

/** Watches the parts of the meter that volume and temperatures come from. */
export class MeasuringParts {
  private readonly info: KnownInfo;

  /** `remembered`: what `toRemember` gave, or anything. */
  constructor(remembered: unknown) {
    this.info = new KnownInfo(remembered);
  }

  /** Whether one of them fails, or may fail, by these readings and by what the info code said last. */
  fail(readings: readonly Reading[], { infoTable }: MeterTraits): boolean {
    this.info.take(readings);
    const state = this.info.state(infoTable);
    const messages = state?.kind === 'unclear' ? state.suspected : (state?.messages ?? []);
    return (
      messages.some((message) => PARTS.includes(messageTraits(message).fails)) || readings.some(isSpoilt)
    );
  }

  toRemember(): unknown {
    return this.info.toRemember();
  }
}

/** What a failed sensor shows was found to be no number. */
function isSpoilt({ register, value }: Reading): boolean {
  if (value.kind !== 'unknown') return false;
  return dependenciesOf(register).some(([part, tie]) => PARTS.includes(part) && tie !== 'mean');
}
