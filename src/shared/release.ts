import { systemClock } from './clock.ts';
import { CredibleClock } from './credible-clock.ts';

/** The day on which this version was released, or one before it: a clock that says less is wrong. */
export const RELEASED_ON = '2026-11-01';

/** The computer's clock, as far as it can be believed. */
export const computerClock = new CredibleClock(systemClock, Date.parse(RELEASED_ON));
