import type { Random } from '../shared/clock.ts';
import { type Heating, heatingAt, hourOf } from './heating.ts';
import {
  type HouseStart,
  type HouseValues,
  meansBetween,
  meanTemperatures,
  Period,
  type Totals,
  WATER_DENSITY,
} from './house-values.ts';
import { MeterCalendar } from './meter-calendar.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
/** Power, flow and temperatures hold for one step; between steps everything is counted exactly. */
const STEP = 20 * SECOND;
const STEPS_PER_HOUR = HOUR / STEP;
/** Peaks and means of month and year before the simulation began: l/h and °C. */
const BEFORE = { flow: 120, flowTemperature: 66, returnTemperature: 36 };

/** A house in winter. Totals never go back, and are the exact integrals of power, flow and temperatures. */
export class House {
  private readonly calendar: MeterCalendar;
  private readonly weather: SlowNoise;
  private readonly draught: SlowNoise;
  private stepBegan: number;
  /** No step goes beyond a full hour, so that hours, days and months end with what was counted until then. */
  private hourEnds: number;
  private heating: Heating;
  private totals: Totals;
  private hour: { readonly began: Totals; readonly at: number };
  private hourOfDay: number;
  private day: { readonly began: Totals; readonly on: Date };
  private meansOfHour = { flow: BEFORE.flowTemperature, return: BEFORE.returnTemperature };
  private meansOfDay = this.meansOfHour;
  private month: Period;
  private year: Period;
  private ended: { readonly at: number; readonly values: HouseValues } | undefined;

  /** `time`: the beginning, in milliseconds since 1970. */
  constructor(start: HouseStart, time: number, random: Random, calendar = new MeterCalendar()) {
    this.calendar = calendar;
    this.weather = new SlowNoise(36 * STEPS_PER_HOUR, random);
    this.draught = new SlowNoise(STEPS_PER_HOUR / 6, random);
    this.stepBegan = time;
    this.hourEnds = calendar.fullHour(time) + HOUR;
    const { peaks, ...totals } = start;
    this.totals = totals;
    const now = calendar.shown(time);
    const monthBegan = calendar.beginningOf(now.getUTCFullYear(), now.getUTCMonth(), 1);
    const yearBegan = calendar.beginningOf(now.getUTCFullYear(), 0, 1);
    this.hour = { began: totals, at: time };
    this.hourOfDay = hourOf(now);
    this.day = { began: totals, on: now };
    const idle = { flow: 0, power: 0 };
    const ofMonth = { flow: peaks.flowMonth, power: peaks.powerMonth };
    const ofYear = { flow: peaks.flowYear, power: peaks.powerYear };
    const begin = (at: number, highest: typeof idle): Period =>
      new Period(before(totals, time - at), calendar.shown(at), highest, idle);
    this.month = begin(monthBegan, ofMonth);
    this.year = begin(yearBegan, ofYear);
    this.heating = this.nextHeating();
  }

  /** `time` (milliseconds since 1970) must not lie before that of an earlier call. */
  at(time: number): HouseValues {
    while (time >= this.stepEnds) this.step();
    return this.values(time, this.totalsAfter(time - this.stepBegan));
  }

  /** As `at`; at a full hour its mean, and the peaks of a day, month or year that ends with it, are still those. */
  atEndOf(time: number): HouseValues {
    const values = this.at(time);
    return this.ended?.at === time ? this.ended.values : values;
  }

  private values(time: number, totals: Totals): HouseValues {
    const { power, flow, flowTemperature, returnTemperature } = this.heating;
    const { date, clock } = this.calendar.registers(time);
    return {
      ...totals,
      mass: totals.volume * WATER_DENSITY,
      flow,
      power,
      flowTemperature,
      returnTemperature,
      temperatureDifference: flowTemperature - returnTemperature,
      ...this.month.values('Month', totals),
      ...this.year.values('Year', totals),
      meanFlowTemperatureHour: this.meansOfHour.flow,
      meanReturnTemperatureHour: this.meansOfHour.return,
      meanFlowTemperatureDay: this.meansOfDay.flow,
      meanReturnTemperatureDay: this.meansOfDay.return,
      date,
      clock,
    };
  }

  private get stepEnds(): number {
    return Math.min(this.stepBegan + STEP, this.hourEnds);
  }

  private step(): void {
    const ends = this.stepEnds;
    this.totals = this.totalsAfter(ends - this.stepBegan);
    this.stepBegan = ends;
    if (ends === this.hourEnds) this.endHour();
    this.heating = this.nextHeating();
  }

  private endHour(): void {
    const { totals, stepBegan: at } = this;
    const now = this.calendar.shown(at);
    const { began, on } = this.day;
    const means = meansBetween(this.hour.began, totals);
    this.month.add(means, now);
    this.year.add(means, now);
    this.meansOfHour = meanTemperatures(this.hour.began, totals);
    this.hour = { began: totals, at };
    this.hourOfDay = hourOf(now);
    this.hourEnds += HOUR;
    const dayEnds = now.getUTCDate() !== on.getUTCDate();
    if (dayEnds) {
      this.meansOfDay = meanTemperatures(began, totals);
      this.day = { began: totals, on: now };
    }
    this.ended = { at, values: this.values(at, totals) };
    if (now.getUTCMonth() !== on.getUTCMonth()) this.month = new Period(totals, now, means);
    if (now.getUTCFullYear() !== on.getUTCFullYear()) this.year = new Period(totals, now, means);
  }

  private totalsAfter(duration: number): Totals {
    const hours = duration / HOUR;
    const { power, flow, flowTemperature, returnTemperature } = this.heating;
    const litres = flow * hours;
    return {
      heatEnergy: this.totals.heatEnergy + power * 1000 * hours,
      volume: this.totals.volume + litres,
      flowTemperatureVolume: this.totals.flowTemperatureVolume + (litres / 1000) * flowTemperature,
      returnTemperatureVolume: this.totals.returnTemperatureVolume + (litres / 1000) * returnTemperature,
      operatingHours: this.totals.operatingHours + hours,
    };
  }

  private nextHeating(): Heating {
    return heatingAt(
      this.hourOfDay + (this.stepBegan - this.hour.at) / HOUR,
      this.weather.next(),
      this.draught.next(),
    );
  }
}

/** Counters `duration` milliseconds before they stood at `totals`. */
function before(totals: Totals, duration: number): Totals {
  const hours = duration / HOUR;
  const cubicMetres = (BEFORE.flow * hours) / 1000;
  return {
    ...totals,
    volume: totals.volume - cubicMetres * 1000,
    flowTemperatureVolume: totals.flowTemperatureVolume - cubicMetres * BEFORE.flowTemperature,
    returnTemperatureVolume: totals.returnTemperatureVolume - cubicMetres * BEFORE.returnTemperature,
  };
}

/** Noise between -1 and 1 that forgets where it was within about `memory` steps. */
class SlowNoise {
  private readonly memory: number;
  private readonly random: Random;
  private value = 0;

  constructor(memory: number, random: Random) {
    this.memory = memory;
    this.random = random;
  }

  next(): number {
    // Scaled so that the walk's spread is about half of the range, whatever its memory.
    const push = (this.random() - 0.5) * Math.sqrt(6 / this.memory);
    this.value = Math.min(1, Math.max(-1, this.value * (1 - 1 / this.memory) + push));
    return this.value;
  }
}
