import { traitsOf } from '../catalogue/quantities.ts';
import type { Language } from '../catalogue/texts/languages.ts';
import { boundariesOf } from '../history/bars.ts';
import type { MeterConfig } from '../meter/config.ts';
import { convertUnit, type DecimalNumber } from '../readings/conversion.ts';
import { isNumber, type NumberReading, type Reading } from '../readings/reading.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import type { MeterState } from '../web/api.ts';

export interface Accounts {
  /** What a meter has used from a moment to this reading of one of its totals; undefined where the history cannot tell. */
  usedSince(serialNumber: string, moment: number, total: NumberReading): DecimalNumber | undefined;
  /** The unit in which a quantity of the meter of that name is published: a price is of it, and the page shows it. */
  publishedUnit(name: string, reading: Pick<Reading, 'quantity' | 'unit'>): string;
}

/** What the meter was bought for; undefined where it is not known, or not believed. */
export function mainTotal(latest: readonly Reading[]): NumberReading | undefined {
  const totals = latest
    .filter(({ quantity, nature }) => nature === 'total' && traitsOf(quantity).glance !== undefined)
    .toSorted((one, other) => (one.register ?? 0) - (other.register ?? 0));
  // A meter that only cools counts heat too, and none.
  const [first] = totals.filter((total) => !isNumber(total) || !total.value.value.eq(0));
  const total = first ?? totals[0];
  return isNumber(total) ? total : undefined;
}

/** The same total with more digits, where the meter tells them. */
export function finelyCounted({ quantity }: Pick<Reading, 'quantity'>): string {
  return `${quantity}_fine`;
}

interface Meter {
  readonly config: Pick<MeterConfig, 'name' | 'price' | 'currency'>;
  readonly serialNumber: string | undefined;
  readonly latest: readonly Reading[];
  /** Undefined while the time is not known. */
  readonly midnight: number | undefined;
}

export function todayOf(meter: Meter, language: Language, accounts: Accounts): MeterState['today'] {
  const main = mainTotal(meter.latest);
  if (main === undefined) return null;
  const used = counted(meter, main, accounts) ?? figureOfDay(meter, main);
  if (used === undefined) return null;
  const unit = accounts.publishedUnit(meter.config.name, main);
  const amount = convertUnit(used, used.unit, unit);
  if (amount === undefined) return null;
  return { value: amount.value.toFixed(amount.decimals), unit, cost: costOf(amount, meter, language) };
}

type Used = DecimalNumber & { readonly unit: string };

function counted({ serialNumber, latest, midnight }: Meter, main: NumberReading, accounts: Accounts) {
  if (serialNumber === undefined || midnight === undefined) return undefined;
  const fine = latest.find(({ quantity }) => quantity === finelyCounted(main));
  // The fine one may be asked for in the night only.
  const totals = isNumber(fine) && fine.readAt >= main.readAt ? [fine, main] : [main];
  for (const total of totals) {
    const used = accounts.usedSince(serialNumber, midnight, total);
    if (used !== undefined) return { ...used, unit: total.unit };
  }
  return undefined;
}

/** As it is published. */
function figureOfDay({ latest }: Meter, { quantity }: NumberReading): Used | undefined {
  const day = latest.find((reading) => reading.quantity === `${quantity}_day`);
  return isNumber(day) ? { ...day.value, unit: day.unit } : undefined;
}

/** `amount`: in the published unit. */
function costOf(amount: DecimalNumber, { config }: Meter, language: Language): string | null {
  if (config.price === 0) return null;
  return money(config.currency, language).format(amount.value.times(config.price).toNumber());
}

/** Making a format is far slower than using it. */
const formats = new Map<string, Intl.NumberFormat>();

function money(currency: string, language: Language): Intl.NumberFormat {
  const name = `${language} ${currency}`;
  const format = formats.get(name) ?? new Intl.NumberFormat(language, styleOf(currency));
  formats.set(name, format);
  return format;
}

function styleOf(currency: string): Intl.NumberFormatOptions {
  if (currency === '') return { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return { style: 'currency', currency };
}

/** When the day began at each place. */
export class Midnights {
  private readonly days = new Map<string, readonly [from: number, to: number]>();

  /** Undefined while the clock is not set. */
  before(now: number, timezone: string): number | undefined {
    if (!isWallTime(now)) return undefined;
    const known = this.days.get(timezone);
    if (known !== undefined && now >= known[0] && now < known[1]) return known[0];
    const [from = now, to = now] = boundariesOf('day', now, now + 1, timezone) ?? [];
    this.days.set(timezone, [from, to]);
    return from;
  }
}
