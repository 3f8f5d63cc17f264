/**
 * What a meter writes its totals down in, at the end of each period: the coarsest first. `interval` is the one of a 601's
 * module and of an 801, whose period somebody has set.
 */
export const LOGGERS = ['year', 'month', 'day', 'hour', 'minute-1', 'minute-2', 'interval'] as const;

export type LoggerName = (typeof LOGGERS)[number];

/** Registers of flow and return temperature, each with the one that has its mean of a logger's period (jktjkt/PyKMP). */
export const LOGGED_MEANS = {
  day: [
    [86, 379],
    [87, 380],
  ],
  hour: [
    [86, 381],
    [87, 382],
  ],
} as const satisfies Partial<Record<LoggerName, readonly (readonly [momentary: number, mean: number])[]>>;
