import type { Random } from '../shared/clock.ts';
import {
  type HouseStart,
  type HouseValues,
  meanTemperatures,
  meterClock,
  Period,
  type Totals,
} from './house-values.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
/** Power, flow and temperatures hold for one step; between steps everything is counted exactly. */
const STEP = 20 * SECOND;
const STEPS_PER_HOUR = HOUR / STEP;
const WATER_DENSITY = 0.98;
/** Peaks and means of month and year before the simulation began: l/h and °C. */
const BEFORE = { flow: 120, flowTemperature: 66, returnTemperature: 36 };

/** A house in winter. Totals never go back, and are the exact integrals of power, flow and temperatures. */
export class House {
  private readonly weather: SlowNoise;
  private readonly draught: SlowNoise;
  private stepBegan: number;
  private heating: Heating;
  private totals: Totals;
  private hour: { readonly began: Totals; readonly at: Date };
  private day: { readonly began: Totals; readonly at: Date };
  private meansOfHour = { flow: BEFORE.flowTemperature, return: BEFORE.returnTemperature };
  private meansOfDay = this.meansOfHour;
  private month: Period;
  private year: Period;

  /** `time`: the beginning, in milliseconds since 1970. */
  constructor(start: HouseStart, time: number, random: Random) {
    this.weather = new SlowNoise(36 * STEPS_PER_HOUR, random);
    this.draught = new SlowNoise(STEPS_PER_HOUR / 6, random);
    this.stepBegan = time;
    const { peaks, ...totals } = start;
    this.totals = totals;
    const now = new Date(time);
    const monthBegan = new Date(now.getFullYear(), now.getMonth(), 1);
    const yearBegan = new Date(now.getFullYear(), 0, 1);
    this.hour = { began: totals, at: now };
    this.day = this.hour;
    const idle = { flow: 0, power: 0 };
    const ofMonth = { flow: peaks.flowMonth, power: peaks.powerMonth };
    const ofYear = { flow: peaks.flowYear, power: peaks.powerYear };
    this.month = new Period(before(totals, time - monthBegan.getTime()), monthBegan, ofMonth, idle);
    this.year = new Period(before(totals, time - yearBegan.getTime()), yearBegan, ofYear, idle);
    this.heating = this.nextHeating();
  }

  /** `time` (milliseconds since 1970) must not lie before that of an earlier call. */
  at(time: number): HouseValues {
    while (time >= this.stepBegan + STEP) this.step();
    const totals = this.totalsAfter(time - this.stepBegan);
    const { power, flow, flowTemperature, returnTemperature } = this.heating;
    const { date, clock } = meterClock(time);
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

  private step(): void {
    this.totals = this.totalsAfter(STEP);
    this.stepBegan += STEP;
    const now = new Date(this.stepBegan);
    if (now.getHours() !== this.hour.at.getHours()) this.endHour(now);
    if (now.getDate() !== this.day.at.getDate()) {
      this.meansOfDay = meanTemperatures(this.day.began, this.totals);
      this.day = { began: this.totals, at: now };
    }
    this.heating = this.nextHeating();
  }

  private endHour(now: Date): void {
    const { began, at } = this.hour;
    const hours = this.totals.operatingHours - began.operatingHours;
    const means = {
      flow: (this.totals.volume - began.volume) / hours,
      power: (this.totals.heatEnergy - began.heatEnergy) / hours / 1000,
    };
    this.month.add(means, now);
    this.year.add(means, now);
    this.meansOfHour = meanTemperatures(began, this.totals);
    this.hour = { began: this.totals, at: now };
    if (now.getMonth() !== at.getMonth()) this.month = new Period(this.totals, now, means);
    if (now.getFullYear() !== at.getFullYear()) this.year = new Period(this.totals, now, means);
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
    const now = new Date(this.stepBegan);
    const hour = now.getHours() + now.getMinutes() / 60 + now.getSeconds() / 3600;
    return heatingAt(hour, this.weather.next(), this.draught.next());
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

/** Heating of the house at one moment. */
interface Heating {
  /** kW */
  readonly power: number;
  /** l/h */
  readonly flow: number;
  /** °C */
  readonly flowTemperature: number;
  readonly returnTemperature: number;
}

/** Wh that a litre of water carries for each kelvin. */
const WATT_HOURS_PER_LITRE_KELVIN = 1.163;

/** kW lost for each kelvin between inside and outside. */
const HEAT_LOSS = 0.24;
const GAINS_OF_PEOPLE_AND_SUN = 0.8;
const LARGEST_POWER = 15.5;
const SMALLEST_POWER = 0.3;

/**
 * A single-family house on district heating in January: warm by day, set back by night, warm water in the morning and
 * in the evening. `hour`: local time of day, 0 to 24; `weather` and `draught`: noise of -1 to 1, slow and quick.
 */
function heatingAt(hour: number, weather: number, draught: number): Heating {
  const outside = 1 + 3 * Math.cos(((hour - 15) / 12) * Math.PI) + 6 * weather;
  const inside = 18 + 3 * rise(hour, 5, 7) * (1 - rise(hour, 21, 23));
  const reheating = 1.5 * bump(hour, 6, 1);
  const warmWater = 3 * bump(hour, 7, 0.6) + 2 * bump(hour, 19.5, 0.8);
  const wanted =
    HEAT_LOSS * (inside - outside) - GAINS_OF_PEOPLE_AND_SUN + reheating + warmWater + 0.4 * draught;
  const power = Math.min(LARGEST_POWER, Math.max(SMALLEST_POWER, wanted));
  const flowTemperature = 66 - 0.6 * outside + 1.5 * draught;
  // The harder the heat exchanger works, the warmer is what it sends back.
  const returnTemperature = 30 + 0.9 * power + weather;
  const flow = (power * 1000) / (WATT_HOURS_PER_LITRE_KELVIN * (flowTemperature - returnTemperature));
  return { power, flow, flowTemperature, returnTemperature };
}

/** 0 before `from`, 1 after `to`, smooth between. */
function rise(hour: number, from: number, to: number): number {
  const share = Math.min(1, Math.max(0, (hour - from) / (to - from)));
  return share * share * (3 - 2 * share);
}

/** 1 at `centre`, falling off within a few times `width`. */
function bump(hour: number, centre: number, width: number): number {
  return Math.exp(-(((hour - centre) / width) ** 2));
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
