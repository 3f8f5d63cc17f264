import { Big } from 'big.js';
import { unitRatio } from '../catalogue/units.ts';
import { convertUnit } from '../readings/conversion.ts';

/** Of what Home Assistant's users may choose, what this program has no unit of: so many of ours are one of it, exactly. */
const FOREIGN: Readonly<Record<string, readonly [unit: string, amount: string]>> = {
  mWh: ['Wh', '0.001'],
  TWh: ['GWh', '1000'],
  mL: ['l', '0.001'],
  gal: ['l', '3.785411784'],
  'fl. oz.': ['l', '0.0295735295625'],
  'ft³': ['l', '28.316846592'],
  CCF: ['l', '2831.6846592'],
  MCF: ['l', '28316.846592'],
};
/** Where the two spell one unit in two ways. */
const SPELT: Readonly<Record<string, string>> = { L: 'l', 'L/h': 'l/h' };

export interface StatisticNumber {
  readonly value: number;
  /** How much its last digit is. */
  readonly digit: number;
}

/**
 * A logged number in the unit that a statistic of Home Assistant has (empty: none), rounded as the bridge itself does where
 * it publishes in that unit; undefined where the two are not of one kind.
 */
export function inStatisticUnit(
  { value, decimals }: { readonly value: Big; readonly decimals: number },
  from: string,
  to: string,
): StatisticNumber | undefined {
  const temperature = temperatureIn(value, from, to);
  if (temperature !== undefined) return { value: temperature, digit: 10 ** -decimals };
  const unit = SPELT[to] ?? to;
  const converted = convertUnit({ value, decimals }, from, unit);
  if (converted !== undefined) return { value: converted.value.toNumber(), digit: 10 ** -converted.decimals };
  const [ours = '', amount = '1'] = FOREIGN[to] ?? [];
  const ratio = unitRatio(from, ours);
  if (ratio === undefined) return undefined;
  const scale = (number: Big): number => {
    const [numerator, denominator] = ratio;
    return number.times(numerator).div(new Big(denominator).times(amount)).toNumber();
  };
  return { value: scale(value), digit: scale(new Big(`1e-${decimals}`)) };
}

function temperatureIn(value: Big, from: string, to: string): number | undefined {
  if (from !== '°C') return undefined;
  if (to === '°F') return value.times('1.8').plus(32).toNumber();
  return to === 'K' ? value.plus('273.15').toNumber() : undefined;
}
