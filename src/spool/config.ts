import { key } from '../schema/key.ts';
import { amountOf } from '../schema/validators.ts';

/** Limits of the texts that each output keeps on disk while its server is away. */
export const waitingKeys = {
  maxMegabytes: key(
    'Most disk space of one output whose server is away, in megabytes.',
    amountOf('megabytes', 1, 10_000),
    50,
  ),
  maxDays: key('What waits for longer than these days is given up.', amountOf('days', 1, 3_650), 365),
};
