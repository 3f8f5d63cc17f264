import { unitRatio } from '../catalogue/units.ts';
import { costStatisticIn, fixedPriceIn, shownUnitIn } from './answers.ts';
import type { Ask } from './connection.ts';

/** What a unit of a meter's main total costs, as its owner has it in the configuration. */
export interface KnownPrice {
  readonly amount: number;
  /** The meter's symbol. */
  readonly unit: string;
  readonly quantities: readonly string[];
}

/** The statistic in which Home Assistant counts what a total costs. */
export interface CostOf {
  readonly statistic: string;
  /** Of one unit of the total's statistic; undefined where nobody knows it for the past. */
  readonly price: number | undefined;
}

/** Home Assistant's unit text -> ours. */
const OURS: Readonly<Record<string, string>> = { L: 'l' };

interface Priced {
  /** Of the total. */
  readonly id: string;
  readonly quantity: string;
  /** Of its statistic, as Home Assistant spells it. */
  readonly unit: string;
  readonly known: KnownPrice | undefined;
}

/**
 * From the Energy dashboard's settings; undefined where that counts no costs of this total. A fixed price of a gas source is
 * per unit of what the entity shows (seen in Core 2026.11), one of water per m³. A price that an entity tells is of
 * today: for the past counts what the owner has written into our configuration.
 */
export async function costOf(ask: Ask, { id, quantity, unit, known }: Priced): Promise<CostOf | undefined> {
  const { statistic } = await ask('energy/info', costStatisticIn(id));
  if (statistic === undefined) return undefined;
  const { price, isWater } = await ask('energy/get_prefs', fixedPriceIn(id));
  if (price !== null) {
    const per = isWater ? 'm³' : await ask('get_states', shownUnitIn(id));
    return { statistic, price: priceIn(price, per, unit) };
  }
  const isOfThis = known?.quantities.includes(quantity) === true;
  return { statistic, price: isOfThis ? priceIn(known.amount, known.unit, unit) : undefined };
}

/** Of one `unit`, where it is known of one `per`. */
function priceIn(price: number, per: string, unit: string): number | undefined {
  if (per === unit) return price;
  const ratio = unitRatio(OURS[unit] ?? unit, OURS[per] ?? per);
  return ratio && (price * Number(ratio[0])) / Number(ratio[1]);
}
