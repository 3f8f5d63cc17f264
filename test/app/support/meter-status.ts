import { newCounters } from '../../../src/link/session.ts';
import { Health } from '../../../src/meter/health.ts';
import type { MeterStatus } from '../../../src/meter/meter.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';

/** What a meter that has never answered says of itself, but for what is `given`. */
export function statusOf(given: Partial<MeterStatus> = {}): MeterStatus {
  return {
    meter: undefined,
    online: undefined,
    diagnostics: new Health(newCounters(), new CollectingLogger()).diagnostics,
    latest: [],
    revision: '',
    busyFor: 0,
    progress: { asked: 0, of: 0 },
    ...given,
  };
}
