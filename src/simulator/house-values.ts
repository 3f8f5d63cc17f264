import { meterDate, meterTime } from './meter-calendar.ts';

/** A meter's counters and peaks when the simulation begins. */
export interface HouseStart {
  /** Wh */
  readonly heatEnergy: number;
  /** l */
  readonly volume: number;
  /** Volume times flow and return temperature, m³·°C. */
  readonly flowTemperatureVolume: number;
  readonly returnTemperatureVolume: number;
  /** h */
  readonly operatingHours: number;
  /** Highest hourly means of this month and this year: l/h and kW. */
  readonly peaks: {
    readonly flowMonth: number;
    readonly powerMonth: number;
    readonly flowYear: number;
    readonly powerYear: number;
  };
}

const COUNTERS = [
  'heatEnergy',
  'volume',
  'mass',
  'flowTemperatureVolume',
  'returnTemperatureVolume',
  'operatingHours',
] as const;

/**
 * The values of one moment that a meter's registers are made of. Energies in Wh, volumes in l, masses in kg, flows in
 * l/h, powers in kW, temperatures in °C, differences in K, dates as YYMMDD and times as hhmmss.
 */
export const HOUSE_QUANTITIES = [
  ...COUNTERS,
  'flow',
  'power',
  'flowTemperature',
  'returnTemperature',
  'temperatureDifference',
  'maxFlowYear',
  'maxFlowYearDate',
  'maxFlowYearTime',
  'minFlowYear',
  'minFlowYearDate',
  'minFlowYearTime',
  'maxPowerYear',
  'maxPowerYearDate',
  'maxPowerYearTime',
  'minPowerYear',
  'minPowerYearDate',
  'minPowerYearTime',
  'maxFlowMonth',
  'maxFlowMonthDate',
  'maxFlowMonthTime',
  'minFlowMonth',
  'minFlowMonthDate',
  'minFlowMonthTime',
  'maxPowerMonth',
  'maxPowerMonthDate',
  'maxPowerMonthTime',
  'minPowerMonth',
  'minPowerMonthDate',
  'minPowerMonthTime',
  'meanFlowTemperatureYear',
  'meanReturnTemperatureYear',
  'meanFlowTemperatureMonth',
  'meanReturnTemperatureMonth',
  'meanFlowTemperatureDay',
  'meanReturnTemperatureDay',
  'meanFlowTemperatureHour',
  'meanReturnTemperatureHour',
  'date',
  'clock',
] as const;

export type HouseQuantity = (typeof HOUSE_QUANTITIES)[number];

export type HouseValues = Readonly<Record<HouseQuantity, number>>;

/** Registers cut counters, so that they never show more than was counted, and round everything else. */
export const COUNTED: ReadonlySet<HouseQuantity> = new Set(COUNTERS);

/** kg in a litre of warm water. */
export const WATER_DENSITY = 0.98;

/** Counters at one moment: Wh, l, m³·°C, h. */
export interface Totals {
  readonly heatEnergy: number;
  readonly volume: number;
  readonly flowTemperatureVolume: number;
  readonly returnTemperatureVolume: number;
  readonly operatingHours: number;
}

/** An hourly mean and when its hour ended, as the meter shows it. */
interface Extreme {
  readonly value: number;
  readonly at: Date;
}

/** Of an hour: l/h and kW. */
export interface Means {
  readonly flow: number;
  readonly power: number;
}

/** Highest and lowest hourly means and volume-weighted mean temperatures of a month or a year, as meters keep them. */
export class Period {
  private readonly began: Totals;
  private maxFlow: Extreme;
  private minFlow: Extreme;
  private maxPower: Extreme;
  private minPower: Extreme;

  constructor(began: Totals, at: Date, highest: Means, lowest: Means = highest) {
    this.began = began;
    this.maxFlow = { value: highest.flow, at };
    this.minFlow = { value: lowest.flow, at };
    this.maxPower = { value: highest.power, at };
    this.minPower = { value: lowest.power, at };
  }

  add({ flow, power }: Means, at: Date): void {
    if (flow > this.maxFlow.value) this.maxFlow = { value: flow, at };
    if (flow < this.minFlow.value) this.minFlow = { value: flow, at };
    if (power > this.maxPower.value) this.maxPower = { value: power, at };
    if (power < this.minPower.value) this.minPower = { value: power, at };
  }

  /** The period's values under the names that end in `name`. */
  values<Name extends 'Month' | 'Year'>(name: Name, now: Totals): Record<PeriodQuantity<Name>, number> {
    const means = meanTemperatures(this.began, now);
    const entries = [
      ...extreme(`maxFlow${name}`, this.maxFlow),
      ...extreme(`minFlow${name}`, this.minFlow),
      ...extreme(`maxPower${name}`, this.maxPower),
      ...extreme(`minPower${name}`, this.minPower),
      [`meanFlowTemperature${name}`, means.flow],
      [`meanReturnTemperature${name}`, means.return],
    ];
    return Object.fromEntries(entries) as Record<PeriodQuantity<Name>, number>;
  }
}

type PeriodQuantity<Name extends string> =
  | `${'max' | 'min'}${'Flow' | 'Power'}${Name}${'' | 'Date' | 'Time'}`
  | `mean${'Flow' | 'Return'}Temperature${Name}`;

/** Means weighted by volume: growth of E8 and E9 over growth of the volume (°C). */
export function meanTemperatures(from: Totals, to: Totals): { flow: number; return: number } {
  const cubicMetres = (to.volume - from.volume) / 1000;
  if (cubicMetres <= 0) return { flow: 0, return: 0 };
  return {
    flow: (to.flowTemperatureVolume - from.flowTemperatureVolume) / cubicMetres,
    return: (to.returnTemperatureVolume - from.returnTemperatureVolume) / cubicMetres,
  };
}

function extreme(name: string, { value, at }: Extreme): [string, number][] {
  return [
    [name, value],
    [`${name}Date`, meterDate(at)],
    [`${name}Time`, meterTime(at)],
  ];
}

/** Flow and power of the hours between two moments. */
export function meansBetween(from: Totals, to: Totals): Means {
  const hours = to.operatingHours - from.operatingHours;
  if (hours <= 0) return { flow: 0, power: 0 };
  return {
    flow: (to.volume - from.volume) / hours,
    power: (to.heatEnergy - from.heatEnergy) / hours / 1000,
  };
}
