import { key } from '../schema/key.ts';
import { amountOf, flag } from '../schema/validators.ts';

/** What is known of earlier days. */
export const historyKeys = {
  // Ten years of half a dozen meters, and little beside any disk, also an old SD card: the add-on need not ask.
  maxMegabytes: key(
    'Megabytes of disk for the history; the oldest goes first.',
    amountOf('megabytes', 10, 100_000),
    250,
    { addon: false },
  ),
  meterLog: key('Whether what the meter wrote down itself is read too.', flag, true),
};
