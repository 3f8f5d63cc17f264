import { CONTENT } from './content.ts';
import { DAMAGE } from './damage.ts';
import type { LineFault } from './fault.ts';
import { PLUG } from './plug.ts';
import { TIMING } from './timing.ts';

/** Everything that a line does to a reading. */
export const LINE_FAULTS: readonly LineFault[] = [...DAMAGE, ...TIMING, ...CONTENT, ...PLUG];
