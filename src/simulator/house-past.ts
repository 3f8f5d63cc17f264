import { heatingAt, hourOf } from './heating.ts';
import {
  type HouseQuantity,
  type HouseStart,
  meansBetween,
  meanTemperatures,
  Period,
  type Totals,
  WATER_DENSITY,
} from './house-values.ts';
import type { MeterCalendar } from './meter-calendar.ts';

const HOUR = 3_600_000;
const NOTHING: Totals = {
  heatEnergy: 0,
  volume: 0,
  flowTemperatureVolume: 0,
  returnTemperatureVolume: 0,
  operatingHours: 0,
};

/** A time without mains or battery, in which a meter neither counts nor writes down anything: milliseconds since 1970. */
export interface PowerFailure {
  readonly from: number;
  readonly to: number;
}

interface PastOptions {
  /** What the meter has counted in the end. */
  readonly start: HouseStart;
  /** The end of the past, in milliseconds since 1970: the beginning of the simulation. */
  readonly until: number;
  /** The same past in every run for the same number. */
  readonly seed: number;
  readonly calendar: MeterCalendar;
  /** Ascending. */
  readonly powerFailures?: readonly PowerFailure[];
}

/**
 * What a house burnt before the simulation began: summers and winters, days and nights, for as long as the meter has
 * been on. It ends with exactly what the meter has counted, and never goes back on the way there.
 */
export class HousePast {
  /** When the meter was switched on. */
  readonly since: number;
  readonly powerFailures: readonly PowerFailure[];
  private readonly options: PastOptions;
  private readonly end: Totals;
  /** Made when somebody looks at it: a simulator starts without. */
  private course: Course | undefined;

  constructor(options: PastOptions) {
    const { start, until, powerFailures = [] } = options;
    const { peaks: _, ...end } = start;
    this.options = options;
    this.end = end;
    this.powerFailures = powerFailures;
    const off = powerFailures.reduce((sum, { from, to }) => sum + to - from, 0);
    this.since = until - start.operatingHours * HOUR - off;
  }

  /** Exactly what the meter had counted at `time`; zero before it was switched on. */
  totals(time: number): Totals {
    if (time >= this.options.until) return this.end;
    if (time <= this.since) return NOTHING;
    const { until } = this.options;
    const whole = this.counted(until);
    const part = this.counted(time);
    // A quotient may round up; the end is the most that there ever was.
    return eachTotal((name) =>
      whole[name] === 0 ? 0 : Math.min(1, part[name] / whole[name]) * this.end[name],
    );
  }

  /** Quantities at the end of an hour, with the means and peaks of the hour, day, month and year that end with it. */
  atEndOf(time: number): (quantity: HouseQuantity) => number {
    const { calendar } = this.options;
    const shown = calendar.shown(time - 1);
    const [year, month, day] = [shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate()];
    const known: Partial<Record<HouseQuantity, number>> = {
      ...this.lately(time),
      ...this.meansOf('Day', calendar.beginningOf(year, month, day), time),
    };
    return (quantity) => {
      // A year has many hours to be looked at, and few registers ask for its peaks.
      if (known[quantity] === undefined) {
        if (quantity.includes('Month')) {
          Object.assign(known, this.period('Month', calendar.beginningOf(year, month, 1), time));
        } else Object.assign(known, this.period('Year', calendar.beginningOf(year, 0, 1), time));
      }
      return known[quantity] ?? 0;
    };
  }

  private lately(time: number): Partial<Record<HouseQuantity, number>> {
    const totals = this.totals(time);
    const before = this.totals(time - HOUR);
    const { flow, power } = meansBetween(before, totals);
    const means = meanTemperatures(before, totals);
    const flowTemperature = means.flow + (flow > 0 ? smoothNoise(this.options.seed + 1, time / HOUR) : 0);
    const { date, clock } = this.options.calendar.registers(time);
    return {
      ...totals,
      mass: totals.volume * WATER_DENSITY,
      flow,
      power,
      flowTemperature,
      returnTemperature: means.return,
      temperatureDifference: flowTemperature - means.return,
      meanFlowTemperatureHour: means.flow,
      meanReturnTemperatureHour: means.return,
      date,
      clock,
    };
  }

  private meansOf(name: 'Day', from: number, to: number): Partial<Record<HouseQuantity, number>> {
    const means = meanTemperatures(this.totals(from), this.totals(to));
    return { [`meanFlowTemperature${name}`]: means.flow, [`meanReturnTemperature${name}`]: means.return };
  }

  private period(name: 'Month' | 'Year', from: number, to: number): Partial<Record<HouseQuantity, number>> {
    const { calendar } = this.options;
    const began = Math.max(from, this.since);
    let before = this.totals(began);
    let period: Period | undefined;
    for (let ends = Math.min(calendar.fullHour(began) + HOUR, to); ends <= to; ends += HOUR) {
      const after = this.totals(ends);
      const means = meansBetween(before, after);
      period ??= new Period(this.totals(began), calendar.shown(ends), means);
      period.add(means, calendar.shown(ends));
      before = after;
    }
    return period?.values(name, this.totals(to)) ?? {};
  }

  /** What the course comes to, in units that only its shares tell. */
  private counted(time: number): Totals {
    const course = this.course ?? new Course(this.options, this.since);
    this.course = course;
    const off = this.powerFailures.find(({ from, to }) => time > from && time < to);
    const counting = off === undefined ? time : off.from;
    const missing = this.powerFailures.filter(({ to }) => to <= counting);
    return missing.reduce(
      (sum, { from, to }) => minus(sum, minus(course.at(to), course.at(from))),
      minus(course.at(counting), course.at(this.since)),
    );
  }
}

/** What a house would burn without power failures: even within an hour, and summed up once. */
class Course {
  private readonly began: number;
  /** What was counted at the beginning of each hour. */
  private readonly hours: readonly Totals[];

  constructor({ start, until, seed, calendar }: PastOptions, since: number) {
    this.began = calendar.fullHour(since);
    const length = Math.ceil((until - this.began) / HOUR);
    const usual = Array.from({ length }, (_, index) => hourFrom(this.began + index * HOUR, seed, calendar));
    const age = (index: number): number => 1 - index / length;
    const more = moreOnceThanNow(start, usual, age);
    const hours: Totals[] = [NOTHING];
    for (const [index, hour] of usual.entries()) {
      const before = hours[index] ?? NOTHING;
      hours.push(eachTotal((name) => before[name] + hour[name] * (1 + more[name] * age(index))));
    }
    this.hours = hours;
  }

  at(time: number): Totals {
    const hours = Math.max(0, (time - this.began) / HOUR);
    const index = Math.min(Math.floor(hours), this.hours.length - 2);
    const [from = NOTHING, to = NOTHING] = [this.hours[index], this.hours[index + 1]];
    return plus(from, minus(to, from), hours - index);
  }
}

/** Where the meter shows far less than such a house uses, it has always used less, evenly. */
const LEAST_ONCE = -0.8;

/**
 * A meter that shows more than such a house uses hangs in one that has saved ever since: the share that it used more
 * when the meter was new. So a past of any size goes over into the present without a step.
 */
function moreOnceThanNow(
  start: HouseStart,
  usual: readonly Totals[],
  age: (index: number) => number,
): Totals {
  return eachTotal((name) => {
    const whole = usual.reduce((sum, hour) => sum + hour[name], 0);
    const aged = usual.reduce((sum, hour, index) => sum + hour[name] * age(index), 0);
    const more = (start[name] - whole) / aged;
    return name === 'operatingHours' || !(more > LEAST_ONCE) ? 0 : more;
  });
}

/** °C outside in the mean of a year and how much warmer July is, and its coldest day, as in Denmark. */
const MEAN_OUTSIDE = 9;
const SWING_OUTSIDE = 9;
const COLDEST_DAY = 20;
/** Hours in which the weather becomes another one. */
const WEATHER_LASTS = 40;
const DAYS_A_YEAR = 365.25;

function hourFrom(time: number, seed: number, calendar: MeterCalendar): Totals {
  const shown = calendar.shown(time + HOUR / 2);
  const dayOfYear = (shown.getTime() - Date.UTC(shown.getUTCFullYear(), 0, 1)) / (24 * HOUR);
  const season =
    MEAN_OUTSIDE - SWING_OUTSIDE * Math.cos(((dayOfYear - COLDEST_DAY) / DAYS_A_YEAR) * 2 * Math.PI);
  const weather = smoothNoise(seed, time / HOUR / WEATHER_LASTS);
  const draught = smoothNoise(seed + 1, time / HOUR);
  const { power, flow, flowTemperature, returnTemperature } = heatingAt(
    hourOf(shown),
    weather,
    draught,
    season,
  );
  return {
    heatEnergy: power * 1000,
    volume: flow,
    flowTemperatureVolume: (flow * flowTemperature) / 1000,
    returnTemperatureVolume: (flow * returnTemperature) / 1000,
    operatingHours: 1,
  };
}

function eachTotal(of: (name: keyof Totals) => number): Totals {
  return {
    heatEnergy: of('heatEnergy'),
    volume: of('volume'),
    flowTemperatureVolume: of('flowTemperatureVolume'),
    returnTemperatureVolume: of('returnTemperatureVolume'),
    operatingHours: of('operatingHours'),
  };
}

function plus(to: Totals, added: Totals, times = 1): Totals {
  return eachTotal((name) => to[name] + added[name] * times);
}

function minus(from: Totals, taken: Totals): Totals {
  return plus(from, taken, -1);
}

/** -1 to 1, the same for the same seed and place, without a jump between places. */
function smoothNoise(seed: number, place: number): number {
  const from = Math.floor(place);
  const share = place - from;
  const eased = share * share * (3 - 2 * share);
  return noiseAt(seed, from) * (1 - eased) + noiseAt(seed, from + 1) * eased;
}

/** Mixed as in murmur3, so that neighbours have nothing to do with each other. */
function noiseAt(seed: number, place: number): number {
  let mixed = Math.imul(place ^ Math.imul(seed, 0x9e37_79b1), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1;
}
