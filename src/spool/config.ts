import { key } from '../schema/key.ts';
import { amountOf } from '../schema/validators.ts';

/** Limits of the texts that each output keeps on disk while its server is away. */
export const waitingKeys = {
  maxMegabytes: key('Megabytes of disk for each waiting output.', amountOf('megabytes', 1, 10_000), 50),
  maxDays: key('Days until what waits is given up.', amountOf('days', 1, 3_650), 365),
};
