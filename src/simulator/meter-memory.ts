import type { LoggerName } from '../catalogue/loggers.ts';
import type { RegisterRecord } from '../kmp/register.ts';
import type { Clock, Random } from '../shared/clock.ts';
import { type ConditionName, conditionRegisters } from './conditions.ts';
import { House } from './house.ts';
import { HousePast } from './house-past.ts';
import type { HouseQuantity, Totals } from './house-values.ts';
import { LogBook, type LogRange } from './log-book.ts';
import { MeterCalendar } from './meter-calendar.ts';
import { loggedDefinition } from './models/logs.ts';
import {
  type LoggerModel,
  type LogModel,
  type MeterModel,
  type RegisterDefinition,
  registerDefinitions,
} from './models/meter-model.ts';
import type { SimulatedMeterOptions } from './options.ts';
import { registerContent } from './register-content.ts';

type Definitions = ReadonlyMap<number, RegisterDefinition>;

export interface MeterMemoryOptions extends Omit<SimulatedMeterOptions, 'model'> {
  readonly model: MeterModel;
  readonly serialNumber: number;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a meter holds: its house's values in registers, and in a log what they were at the end of each period. */
export class MeterMemory {
  private readonly serialNumber: number;
  private readonly clock: Clock;
  private readonly speed: number;
  /** By the meter's own clock, which everything in here goes by, and by the monotonic one. */
  private readonly began: { readonly shown: number; readonly monotonic: number };
  private readonly clockError: number;
  private readonly calendar: MeterCalendar;
  private readonly past: HousePast;
  private readonly house: House;
  private readonly registers: Map<number, RegisterDefinition>;
  /** Replaces registers while a condition holds. */
  private overrides: Definitions = new Map();
  /** Null where nothing is written down, or cannot be asked for. */
  readonly log: LogModel | null;
  private readonly book: LogBook | undefined;

  constructor(options: MeterMemoryOptions) {
    const { model, clock, random, serialNumber, clockError = 0, powerFailures = [] } = options;
    this.serialNumber = serialNumber;
    this.clock = clock;
    this.speed = options.speed ?? 1;
    this.clockError = clockError;
    this.began = { shown: clock.now() + clockError, monotonic: clock.monotonic() };
    const calendar = new MeterCalendar(options.keepsWinterTime !== true);
    this.calendar = calendar;
    this.past = new HousePast({
      start: model.start,
      until: this.began.shown,
      seed: serialNumber,
      calendar,
      powerFailures: powerFailures.map(({ from, to }) => ({ from: from + clockError, to: to + clockError })),
    });
    this.house = new House(model.start, this.began.shown, random, calendar);
    this.registers = registerDefinitions(model.registers);
    for (const [id, definition] of Object.entries(options.registers ?? {})) {
      this.setRegister(Number(id), definition);
    }
    this.setConditions(options.conditions ?? []);
    this.log = options.withoutLog ? null : model.log;
    this.book = this.log === null ? undefined : this.newBook(this.log.loggers);
  }

  get registerIds(): readonly number[] {
    return Array.from(this.registers.keys());
  }

  /** What the house had burnt at a moment before the simulation began. `time`: the true one. */
  pastTotals(time: number): Totals {
    return this.past.totals(time + this.clockError);
  }

  /** Gives a register another content, or takes it away. */
  setRegister(id: number, definition: RegisterDefinition | null): void {
    this.keepLog();
    if (definition === null) this.registers.delete(id);
    else this.registers.set(id, definition);
  }

  /** Replaces the conditions so far. Error `usage` for one that the meter does not know. */
  setConditions(conditions: readonly ConditionName[]): void {
    this.keepLog();
    this.overrides = conditionRegisters(this.registers, conditions);
  }

  /** Empties the log, as where somebody resets the meter. */
  beginLogAnew(): void {
    const time = this.keepLog();
    this.book?.beginAnew(time);
  }

  /** Registers of this moment; the ones that the meter does not have are left out. */
  read(ids: readonly number[]): RegisterRecord[] {
    const time = this.keepLog();
    const values = this.house.at(time);
    return this.records(
      ids,
      (id) => this.definition(id),
      (quantity) => values[quantity],
      time,
    );
  }

  /** Undefined where the logger is empty. Error for a logger that the meter does not have. */
  logRange(logger: LoggerName): LogRange | undefined {
    const time = this.keepLog();
    return this.book?.range(logger, time);
  }

  /** What a logger wrote down in a row of its range. */
  logRow(logger: LoggerName, id: number): readonly RegisterRecord[] {
    return this.book?.row(logger, id) ?? [];
  }

  /** What the meter's clock showed when it wrote down a row, in the fields of UTC. */
  stampOf(logger: LoggerName, id: number): Date {
    return this.calendar.shown(this.book?.writtenAt(logger, id) ?? Number.NaN);
  }

  /** Writes down what has ended by now: before anything changes, because rows hold what was true then. */
  private keepLog(): number {
    const elapsed = this.clock.monotonic() - this.began.monotonic;
    const time = this.began.shown + elapsed * this.speed;
    this.book?.advance(time);
    return time;
  }

  private newBook(loggers: readonly LoggerModel[]): LogBook {
    const { past, house, calendar, began } = this;
    const before = new Map(this.registers);
    return new LogBook({
      loggers,
      past,
      house,
      calendar,
      began: began.shown,
      writePast: (ids, values, time) => this.records(ids, (id) => loggedDefinition(id, before), values, time),
      write: (ids, values, time) =>
        this.records(ids, (id) => this.definition(id) ?? loggedDefinition(id, this.registers), values, time),
    });
  }

  private definition(id: number): RegisterDefinition | undefined {
    return this.overrides.get(id) ?? this.registers.get(id);
  }

  private records(
    ids: readonly number[],
    definitionOf: (id: number) => RegisterDefinition | undefined,
    values: (quantity: HouseQuantity) => number,
    time: number,
  ): RegisterRecord[] {
    const { date, clock, dateTime } = this.calendar.registers(time);
    const house = (quantity: HouseQuantity): number =>
      quantity === 'date' ? date : quantity === 'clock' ? clock : values(quantity);
    const moment = { house, serialNumber: this.serialNumber, dateTime };
    return ids.flatMap((id) => {
      const definition = definitionOf(id);
      return definition === undefined ? [] : [registerContent(id, definition, moment)];
    });
  }
}
