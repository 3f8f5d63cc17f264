import { LOGGER, LOGGERS, type LogDialect, type LoggerName } from './loggers.ts';

/**
 * What makes us sure that a log can be read.
 *
 * | word       | meaning |
 * | ---------- | --- |
 * | captured   | frames of real meters are public, and are read here as they are |
 * | reported   | somebody's program reads it, but its frames are not public |
 * | documented | the maker's paper has the commands; no frame of a real meter is public |
 * | related    | a sibling of meters whose frames are public; of this one there is none |
 * | unknown    | how it is asked for is not public, or not well enough to be believed |
 */
export type LogEvidence = 'captured' | 'reported' | 'documented' | 'related' | 'unknown';

/** What a family of meters writes down, and whether it can be read. */
export interface LogProfile {
  /** Null where it is asked for in a way that is not public, or in one that this program does not speak. */
  readonly dialect: LogDialect | null;
  /** Rows that each logger holds as delivered; null where whoever mounts the meter decides, or nobody has said. */
  readonly depths: Readonly<Partial<Record<LoggerName, number | null>>>;
  readonly evidence: LogEvidence;
  /** Where both are from, for a person. */
  readonly source: string;
}

const X3_DEPTHS = { year: 20, month: 36, day: 460, hour: 72, 'minute-1': null, 'minute-2': null };
const DEPTHS_402 = { year: 15, month: 36, day: 460 };
const X3 = { dialect: 'logger', depths: X3_DEPTHS } as const;

/** The configuration of its year and the end of its day log agree with the data sheet of a 403. */
export const LOG_CAPTURED: LogProfile = {
  ...X3,
  evidence: 'captured',
  source: 'frames in jktjkt/PyKMP; depths as in the data sheet of the 403 (p. 13)',
};

export const LOG_RELATED: LogProfile = {
  ...X3,
  evidence: 'related',
  source: 'the same generation as 303 and 603; depths as in the data sheet of the 403 (p. 13)',
};

export const LOG_402: LogProfile = {
  dialect: null,
  depths: DEPTHS_402,
  evidence: 'unknown',
  source: "the meter's data sheet",
};

/** Years, months and days are its own, and read with commands that nobody has published. */
export const LOG_601: LogProfile = {
  dialect: 'interval-log',
  depths: { ...DEPTHS_402, interval: null },
  evidence: 'documented',
  source: 'the interval of a module 67-0B or 67-00-22: 5512-447, section 6.3; the rest: data sheet',
};

export const LOG_801: LogProfile = {
  dialect: 'interval-log',
  depths: { interval: null },
  evidence: 'documented',
  source: '5512-447, section 6.3',
};

export const LOG_21: LogProfile = {
  dialect: null,
  depths: { month: 36, day: 460 },
  evidence: 'unknown',
  source: 'data sheet of the MULTICAL 21 (p. 49)',
};

/** Somebody reads hours with a command that he has not published; A0h is not answered. */
export const LOG_FLOWIQ_22: LogProfile = {
  dialect: null,
  depths: { hour: null },
  evidence: 'unknown',
  source: 'a report on StackOverflow (76229841)',
};

export const LOG_KWM2231: LogProfile = {
  dialect: 'logger',
  depths: { month: null, day: null, hour: null },
  evidence: 'reported',
  source: 'jktjkt/PyKMP, whose registers are from such a log',
};

export const LOG_NOT_KNOWN: LogProfile = {
  dialect: null,
  depths: {},
  evidence: 'unknown',
  source: 'nothing is public',
};

/** Theirs is read with A0h and A2h, or in a dialect of B8h of which there is no frame (Korean AMI head-end code). */
export const LOG_OF_ELECTRICITY: LogProfile = { ...LOG_NOT_KNOWN, source: 'no frame of theirs is public' };

/** Loggers that this program can ask for, the coarsest first. */
export function readableLoggers({ dialect, depths }: LogProfile): readonly LoggerName[] {
  return LOGGERS.filter((name) => name in depths && LOGGER[name].dialect === dialect);
}
