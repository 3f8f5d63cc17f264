/** Numbers and times in the reader's language. A meter's numbers are decimal texts: no digit of them is lost or invented. */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** `12345.670` as `12.345,670`; what is no number stays as it is. */
export function exact(text: string, locale: string): string {
  const [, sign, whole, fraction] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return text;
  const grouped = new Intl.NumberFormat(locale, { useGrouping: 'min2' } as Intl.NumberFormatOptions).format(
    BigInt(whole),
  );
  const after = fraction === undefined ? '' : `${decimalPoint(locale)}${fraction}`;
  return `${sign === '-' ? '\u2212' : ''}${grouped}${after}`;
}

function decimalPoint(locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.';
}

/** `a - b`, with as many decimals as the finer one; null where one is no number. */
export function difference(a: string, b: string): string | null {
  const decimals = Math.max(decimalsOf(a), decimalsOf(b));
  const [x, y] = [scaled(a, decimals), scaled(b, decimals)];
  if (x === null || y === null) return null;
  const result = x - y;
  const digits = String(result < 0n ? -result : result).padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return result < 0n ? `-${text}` : text;
}

export function decimalsOf(text: string): number {
  return DECIMAL.exec(text)?.[3]?.length ?? 0;
}

function scaled(text: string, decimals: number): bigint | null {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return null;
  const value = BigInt(whole + fraction.padEnd(decimals, '0'));
  return sign === '-' ? -value : value;
}

/** A number of the history, with the decimals of its quantity. */
export function rounded(value: number, decimals: number, locale: string): string {
  return exact(value.toFixed(decimals), locale);
}

/** `12,34 kr.`; without a currency the number alone. */
export function money(amount: number, currency: string, locale: string): string {
  if (currency === '') return rounded(amount, 2, locale);
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount);
}

const STEPS: readonly (readonly [
  unit: 'second' | 'minute' | 'hour' | 'day',
  length: number,
  until: number,
])[] = [
  ['second', 1000, 60_000],
  ['minute', 60_000, 3_600_000],
  ['hour', 3_600_000, 172_800_000],
  ['day', 86_400_000, Number.POSITIVE_INFINITY],
];

/** `34 sec. ago` */
export function ago(milliseconds: number, locale: string): string {
  const age = Math.max(0, milliseconds);
  const [unit, length] = STEPS.find(([, , until]) => age < until) ?? ['day', 86_400_000];
  const format = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' });
  return format.format(-Math.floor(age / length), unit);
}

/** `12:34` or `1:02:03`, as on a clock that runs down. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** `3 Nov, 14:05:09`: without the day when it is today. */
export function moment(time: number, locale: string, now: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...zone });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', ...zone }).format(time);
  return day.format(time) === day.format(now) ? clock : `${day.format(time)}, ${clock}`;
}
