/**
 * What a meter writes its totals down in, at the end of each period: the coarsest first. `interval` is the one of a 601's
 * module and of an 801, whose period somebody has set.
 */
export const LOGGERS = ['year', 'month', 'day', 'hour', 'minute-1', 'minute-2', 'interval'] as const;

export type LoggerName = (typeof LOGGERS)[number];
