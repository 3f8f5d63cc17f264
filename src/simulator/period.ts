import { meterDate, meterTime } from './meter-clock.ts';

/** What has been counted at one moment: Wh, l, m³·°C, h. */
export interface Totals {
  readonly heatEnergy: number;
  readonly volume: number;
  readonly flowTemperatureVolume: number;
  readonly returnTemperatureVolume: number;
  readonly operatingHours: number;
}

/** An hourly mean and when its hour ended. */
interface Extreme {
  readonly value: number;
  readonly at: Date;
}

interface Means {
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

/** Weighted by volume: what E8 and E9 gained over what the volume gained (°C). */
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
