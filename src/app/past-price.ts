import { loggedReadings } from '../loggers/logged-readings.ts';
import type { LoggedRow } from '../loggers/logged-row.ts';
import type { MeterConfig } from '../meter/config.ts';
import type { KnownPrice } from '../statistics/costs.ts';
import { finelyCounted, mainTotal } from './today.ts';

/**
 * What a unit of a meter's main total costs, for the costs of the past. `newest`: what it wrote down last, in the meter's
 * own units. `published`: the units of topics, which a price is of. Undefined where nobody has said.
 */
export function pastPrice(
  { price, units }: Pick<MeterConfig, 'price' | 'units'>,
  newest: LoggedRow | undefined,
  published: Readonly<Record<string, string>>,
): KnownPrice | undefined {
  const main = newest && mainTotal(loggedReadings(newest));
  if (price === 0 || main === undefined) return undefined;
  const unit = units[main.quantity] ?? published[main.quantity] ?? main.unit;
  return { amount: price, unit, quantities: [main.quantity, finelyCounted(main)] };
}
