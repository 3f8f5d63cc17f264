import type { LoggerName } from '../catalogue/loggers.ts';
import type { RegisterRecord } from '../kmp/register.ts';
import type { House } from './house.ts';
import type { HousePast, PowerFailure } from './house-past.ts';
import type { HouseQuantity } from './house-values.ts';
import { type Periods, periodsOf } from './log-periods.ts';
import type { MeterCalendar } from './meter-calendar.ts';
import type { LoggerModel } from './models/meter-model.ts';

/** A meter writes its rows down some seconds after the period is over (jktjkt/PyKMP: 00:00:04). */
const WRITTEN_AFTER = 4000;

type Row = readonly RegisterRecord[];

/** Makes the records of a row. `time`: what the meter's clock shows in it. */
type RowWriter = (
  registers: readonly number[],
  house: (quantity: HouseQuantity) => number,
  time: number,
) => Row;

export interface LogRange {
  readonly oldest: number;
  readonly newest: number;
}

interface LogBookOptions {
  readonly loggers: readonly LoggerModel[];
  readonly past: HousePast;
  readonly house: House;
  readonly calendar: MeterCalendar;
  /** The beginning of the simulation, by the meter's clock. */
  readonly began: number;
  /** With the registers that the meter had until then. */
  readonly writePast: RowWriter;
  /** With those of now. */
  readonly write: RowWriter;
}

/**
 * A meter's loggers. Rows of before the simulation are made from the house's past when somebody asks for them; later
 * ones are written down as time goes by, with the registers and conditions that the meter has then.
 */
export class LogBook {
  private readonly options: LogBookOptions;
  private logs: ReadonlyMap<LoggerName, Log>;

  constructor(options: LogBookOptions) {
    this.options = options;
    this.logs = this.makeLogs((periods, depth) => {
      const { began, past } = options;
      return new Log(periods, depth, past.since, began, past.powerFailures);
    });
  }

  /** Writes down what ended until `now`, which must not lie before that of an earlier call. */
  advance(now: number): void {
    for (;;) {
      const due = Math.min(...Array.from(this.logs.values(), ({ nextEnd }) => nextEnd));
      if (due > now) return;
      const values = this.options.house.atEndOf(due);
      for (const [name, log] of this.logs) {
        if (log.nextEnd !== due) continue;
        log.write(
          this.options.write(this.model(name).registers, (quantity) => values[quantity], due + WRITTEN_AFTER),
        );
      }
    }
  }

  /** Forgets everything: ids begin with 1 again. */
  beginAnew(now: number): void {
    this.logs = this.makeLogs((periods, depth) => new Log(periods, depth, now, now, []));
  }

  /** Undefined where nothing is written down at `now`. */
  range(logger: LoggerName, now: number): LogRange | undefined {
    return this.logs.get(logger)?.range(now - WRITTEN_AFTER);
  }

  /** The row must be in the range. */
  row(logger: LoggerName, id: number): Row {
    const log = this.logs.get(logger);
    if (log === undefined) throw new RangeError(`the ${logger} logger is empty`);
    const known = log.known(id);
    if (known !== undefined) return known;
    const ended = log.endOf(id);
    const { past, writePast } = this.options;
    const row = writePast(this.model(logger).registers, past.atEndOf(ended), ended + WRITTEN_AFTER);
    log.remember(id, row);
    return row;
  }

  /** When the meter wrote a row down, by its clock. */
  writtenAt(logger: LoggerName, id: number): number {
    return (this.logs.get(logger)?.endOf(id) ?? Number.NaN) + WRITTEN_AFTER;
  }

  private model(name: LoggerName): LoggerModel {
    const model = this.options.loggers.find((each) => each.name === name);
    if (model === undefined) throw new RangeError(`this meter has no ${name} logger`);
    return model;
  }

  private makeLogs(make: (periods: Periods, depth: number) => Log): Map<LoggerName, Log> {
    const { loggers, calendar } = this.options;
    // One whose interval nobody has set writes nothing.
    const running = loggers.filter(({ interval }) => interval !== 0);
    return new Map(
      running.map(({ name, depth, interval = 0 }) => [
        name,
        make(periodsOf(name, interval, calendar), depth),
      ]),
    );
  }
}

/** The rows of one logger, a ring: ids go on, the oldest row falls out. */
class Log {
  private readonly periods: Periods;
  private readonly depth: number;
  private readonly powerFailures: readonly PowerFailure[];
  /** The period in which the logger was switched on: it ends with row 1. */
  private readonly first: number;
  private next: { readonly period: number; readonly ends: number; readonly id: number };
  private readonly rows = new Map<number, Row>();

  constructor(
    periods: Periods,
    depth: number,
    since: number,
    now: number,
    powerFailures: readonly PowerFailure[],
  ) {
    this.periods = periods;
    this.depth = depth;
    this.powerFailures = powerFailures;
    this.first = periods.at(since);
    const period = periods.at(now);
    const missed = powerFailures.reduce((sum, failure) => sum + this.missed(failure), 0);
    this.next = { period, ends: periods.beginning(period + 1), id: period - this.first - missed + 1 };
  }

  /** When the period ends that is to be written down next. */
  get nextEnd(): number {
    return this.next.ends;
  }

  write(row: Row): void {
    const { period, id } = this.next;
    this.remember(id, row);
    this.next = { period: period + 1, ends: this.periods.beginning(period + 2), id: id + 1 };
  }

  remember(id: number, row: Row): void {
    this.rows.set(id, row);
    // One more than the ring holds: the newest is not to be seen yet while its stamp lies ahead.
    this.rows.delete(this.next.id - this.depth - 1);
  }

  known(id: number): Row | undefined {
    return this.rows.get(id);
  }

  /** Rows of periods that ended at `until` or earlier. */
  range(until: number): LogRange | undefined {
    const tooEarly = this.endOf(this.next.id - 1) > until ? 1 : 0;
    const newest = this.next.id - 1 - tooEarly;
    return newest < 1 ? undefined : { oldest: Math.max(1, newest - this.depth + 1), newest };
  }

  /** When the period of a row ended. */
  endOf(id: number): number {
    let period = this.first + id - 1;
    for (const failure of this.powerFailures) {
      if (period >= this.periods.at(failure.from)) period += this.missed(failure);
    }
    return this.periods.beginning(period + 1);
  }

  /** Ends of periods that fell into a power failure: nobody wrote them down, and no id was used for them. */
  private missed({ from, to }: PowerFailure): number {
    return this.periods.at(to) - this.periods.at(from);
  }
}
