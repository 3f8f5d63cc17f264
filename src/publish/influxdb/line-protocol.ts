import { printable } from './printable.ts';

type Pair = readonly [key: string, value: string];

export interface Point {
  readonly measurement: string;
  /** Plain texts. An empty value is left out: InfluxDB has no empty tags. */
  readonly tags: readonly Pair[];
  /** Values as they stand in the line: `fieldOf` makes them. */
  readonly fields: readonly Pair[];
  /** Milliseconds since 1970, which is the precision to write it with. */
  readonly time: number;
}

/**
 * One point in InfluxDB's line protocol, without a line end; undefined where there is no field, which InfluxDB takes for
 * a fault.
 *
 *   multical,name=Fjernvarme\ Kælder,serial_number=6655443 heat_energy=227.445,info_code=0i 1769192387000
 */
export function linePoint({ measurement, tags, fields, time }: Point): string | undefined {
  if (fields.length === 0) return undefined;
  const told = tags
    .map(([key, value]) => [escapeKey(key), escapeKey(value)] as const)
    .filter(([, value]) => value !== '')
    // InfluxDB sorts them anyway, and asks for it.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `,${key}=${value}`);
  const said = fields.map(([key, value]) => `${escapeKey(key)}=${value}`);
  return `${escapeMeasurement(measurement)}${told.join('')} ${said.join(',')} ${Math.round(time)}`;
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
