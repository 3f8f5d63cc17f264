/** `logger`: CID B8h of the x3 family. `interval-log`: A0h to A3h, of a 601's logger module and of an 801. */
export type LogDialect = 'logger' | 'interval-log';

/**
 * What a meter writes its totals down in, at the end of each period: the coarsest first. `interval` is the one of a 601's
 * module and of an 801, whose period somebody has set.
 */
export const LOGGERS = ['year', 'month', 'day', 'hour', 'minute-1', 'minute-2', 'interval'] as const;

export type LoggerName = (typeof LOGGERS)[number];

/** All that is true of a logger, but for how its bytes look. */
interface LoggerFacts {
  /** Of one row, for a person. */
  readonly noun: string;
  readonly dialect: LogDialect;
  /** A period ends with a day of the calendar, with an hour of the clock, or when somebody has set it to. */
  readonly endsWith: 'day' | 'hour' | 'interval';
  /** What curves and bars of the past are made of: of hours, or of days where there are no hours. */
  readonly shows: 'hours' | 'days' | 'nothing';
  /** Its place among those of its dialect that are read where nobody names one; null: for those who ask. */
  readonly turn: number | null;
  /** Registers of flow and return temperature, each with the one that has its mean of a period (jktjkt/PyKMP). */
  readonly means: readonly (readonly [momentary: number, mean: number])[];
}

const DAY_MEANS = [
  [86, 379],
  [87, 380],
] as const;
const HOUR_MEANS = [
  [86, 381],
  [87, 382],
] as const;

// biome-ignore format: a table reads best in rows
/** What shows the last days is read first. Minutes are for those who ask. */
export const LOGGER: Readonly<Record<LoggerName, LoggerFacts>> = {
  year:       { noun: 'year',   dialect: 'logger',       endsWith: 'day',      shows: 'days',    turn: 4,    means: [] },
  month:      { noun: 'month',  dialect: 'logger',       endsWith: 'day',      shows: 'days',    turn: 3,    means: [] },
  day:        { noun: 'day',    dialect: 'logger',       endsWith: 'day',      shows: 'days',    turn: 1,    means: DAY_MEANS },
  hour:       { noun: 'hour',   dialect: 'logger',       endsWith: 'hour',     shows: 'hours',   turn: 2,    means: HOUR_MEANS },
  'minute-1': { noun: 'minute', dialect: 'logger',       endsWith: 'interval', shows: 'nothing', turn: null, means: [] },
  'minute-2': { noun: 'minute', dialect: 'logger',       endsWith: 'interval', shows: 'nothing', turn: null, means: [] },
  interval:   { noun: 'row',    dialect: 'interval-log', endsWith: 'interval', shows: 'hours',   turn: 1,    means: [] },
};

/** The finest first. */
export function loggersThatShow(what: LoggerFacts['shows']): readonly LoggerName[] {
  return LOGGERS.filter((name) => LOGGER[name].shows === what).toReversed();
}

/** Read without being asked for, in this order. */
export function loggersInTurn(dialect: LogDialect): readonly LoggerName[] {
  const turnOf = (name: LoggerName): number => LOGGER[name].turn ?? Number.POSITIVE_INFINITY;
  return LOGGERS.filter((name) => LOGGER[name].dialect === dialect && LOGGER[name].turn !== null).sort(
    (one, other) => turnOf(one) - turnOf(other),
  );
}

/** Where nobody names one: a meter keeps one of them, as a rule. */
export const USUAL_LOGGERS: readonly LoggerName[] = LOGGERS.filter((name) => LOGGER[name].turn === 1);
