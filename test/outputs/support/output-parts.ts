import type { OutputParts } from '../../../src/outputs/output.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** What a bridge hands to an output, with a clock that stands still and nothing else on. */
export function outputParts<Changed extends Partial<OutputParts>>(changed: Changed) {
  return {
    version: '1.2.3',
    connection: undefined,
    brokerConnected: () => true,
    outbox: { directory: '', maxBytes: 50_000_000, maxAge: 31_536_000_000 },
    clock: new FakeClock(),
    random: () => 0,
    logger: new CollectingLogger(),
    outputs: () => [],
    stuck: () => [],
    notReady: () => [],
    changed: () => {},
    ...changed,
  };
}
