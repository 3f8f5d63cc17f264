import type { Random } from '../shared/back-off.ts';
import { type Heating, heatingAt } from './heat-demand.ts';
import type { HouseStart } from './house-start.ts';
import type { HouseValues } from './house-values.ts';
import { meterClock } from './meter-clock.ts';
import { meanTemperatures, Period, type Totals } from './period.ts';
import { SlowNoise } from './slow-noise.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
/** Power, flow and temperatures hold for one step; between steps everything is counted exactly. */
const STEP = 20 * SECOND;
const STEPS_PER_HOUR = HOUR / STEP;
const WATER_DENSITY = 0.98;
/** What the month and the year looked like before the simulation began: l/h and °C. */
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

  /** `time`: when the house begins, in milliseconds since 1970. */
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

  /** Everything at `time` (milliseconds since 1970), which must not lie before that of an earlier call. */
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

/** What the meter had counted `duration` milliseconds before it counted `totals`. */
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
