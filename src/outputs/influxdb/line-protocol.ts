import { traitsOf } from '../../catalogue/quantities.ts';
import type { Content } from '../../catalogue/register.ts';
import type { MeterDiagnostics } from '../../meter/publisher.ts';
import { type Reading, readingValueText } from '../../readings/reading.ts';
import { type Figure, flatKey, METER_FIGURES } from '../diagnostics-figures.ts';

type Pair = readonly [key: string, value: string];

export interface Point {
  readonly measurement: string;
  /** Plain texts. An empty value is left out: InfluxDB has no empty tags. */
  readonly tags: readonly Pair[];
  /** Values as they stand in the line: `fieldOf` makes them. */
  readonly fields: readonly Pair[];
  /** Milliseconds since 1970, which is the precision to write it with; null where it is not known. */
  readonly time: number | null;
}

/**
 * One point in InfluxDB's line protocol, without a line end; undefined where there is no field, which InfluxDB takes for
 * a fault.
 *
 *   multical,name=Fjernvarme\ Kælder,serial_number=6655443 heat_energy=227.445,info_code=0i 1769192387000
 */
export function linePoint({ measurement, tags, fields, time }: Point): string | undefined {
  if (fields.length === 0) return undefined;
  const tagTexts = tags
    .map(([key, value]) => [escapeKey(key), escapeKey(value)] as const)
    .filter(([, value]) => value !== '')
    // InfluxDB sorts them anyway, and asks for it.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `,${key}=${value}`);
  const fieldTexts = fields.map(([key, value]) => `${escapeKey(key)}=${value}`);
  return `${escapeMeasurement(measurement)}${tagTexts.join('')} ${fieldTexts.join(',')}${time === null ? '' : ` ${Math.round(time)}`}`;
}

function escapeMeasurement(text: string): string {
  return withoutEnd(printable(text)).replace(/[, ]/g, '\\$&');
}

/** Tag keys, tag values and field keys. */
function escapeKey(text: string): string {
  return withoutEnd(printable(text)).replace(/[,= ]/g, '\\$&');
}

/**
 * A backslash stands for itself but before a comma, an equals sign or a space, and cannot be escaped: as the last
 * character it would take the separator that follows into the text (influxdata/influxdb#5231).
 */
function withoutEnd(text: string): string {
  return text.replace(/\\+$/, '');
}

const LARGEST_INTEGER = 2n ** 63n - 1n;
/** A float of 64 bits keeps so many digits whatever they are; with more it would be another number. */
const DIGITS_OF_A_FLOAT = 15;

/**
 * A reading as a field of a point: its quantity, and the value as line protocol writes it. Undefined where there is no
 * value, and where the one there is does not fit the type of its quantity.
 */
export function fieldOf(reading: Reading): readonly [key: string, text: string] | undefined {
  const text = fieldText(reading);
  return text === undefined ? undefined : [reading.quantity, text];
}

function fieldText(reading: Reading): string | undefined {
  const { value } = reading;
  const text = readingValueText(value);
  if (text === null) return undefined;
  const isNumber = value.kind === 'number';
  switch (fieldType(reading)) {
    case 'text':
      return quoted(text);
    case 'flag':
      return value.kind === 'flag' ? text : undefined;
    case 'integer':
      return isNumber && isInteger(text) ? `${text}i` : undefined;
    default:
      return isNumber && significantDigits(text) <= DIGITS_OF_A_FLOAT ? text : undefined;
  }
}

function isInteger(text: string): boolean {
  if (text.includes('.')) return false;
  const integer = BigInt(text);
  return integer <= LARGEST_INTEGER && integer >= -LARGEST_INTEGER;
}

function significantDigits(decimal: string): number {
  return decimal.replace(/[-.]/g, '').replace(/^0+/, '').length;
}

function quoted(text: string): string {
  return `"${printable(text).replace(/["\\]/g, '\\$&')}"`;
}

/** The readings by the moment of their replies, the oldest first: each of them is a point of its own. */
export function byMoment(readings: readonly Reading[]): ReadonlyMap<number, readonly Reading[]> {
  const moments = [...new Set(readings.map(({ readAt }) => readAt))].sort((a, b) => a - b);
  return new Map(moments.map((moment) => [moment, readings.filter(({ readAt }) => readAt === moment)]));
}

/** The types that InfluxDB can store a quantity as. */
type FieldType = 'float' | 'integer' | 'flag' | 'text';

const CONTENT_TYPES: Readonly<Record<Content, FieldType>> = {
  whole: 'integer',
  decimal: 'float',
  date: 'text',
};

/**
 * Decided by the quantity alone, never by what one meter says: InfluxDB refuses a whole point when one of its fields has
 * another type than in the points before, and meters differ in decimals, and in whether they give a number or a text.
 */
export function fieldType({ nature, quantity }: Pick<Reading, 'nature' | 'quantity'>): FieldType {
  switch (nature) {
    case 'problem':
      return 'flag';
    // Numbers of meters and modules are names: one family has digits where another has letters.
    case 'identity':
    case 'date':
    case 'clock':
    case 'message':
      return 'text';
    default:
      return CONTENT_TYPES[traitsOf(quantity).content ?? 'decimal'];
  }
}

type Field = readonly [key: string, value: string];

/** The bridge's own work on a meter. Durations are seconds. The type of a field never changes. */
export function diagnosticsFields(diagnostics: MeterDiagnostics): readonly Field[] {
  return METER_FIGURES.flatMap((figure): Field[] => {
    const value = figure.derived || figure.kind === 'timestamp' ? null : figure.get(diagnostics);
    return typeof value === 'number' ? [[flatKey(figure), figureText(figure, value)]] : [];
  });
}

function figureText({ unit, decimals }: Figure<MeterDiagnostics>, value: number): string {
  if (decimals === undefined) return `${Math.round(value)}i`;
  return (unit === 's' ? value / 1000 : value).toFixed(decimals);
}

/** Line protocol knows no line ends within a line, not even escaped ones; other control characters only do harm. */
function printable(text: string): string {
  return text.replace(/\r\n|[\p{Cc}\u2028\u2029]/gu, ' ');
}
