import type { Language } from '../../catalogue/texts/languages.ts';
import { BAR_LENGTHS, type BarLength } from '../../shared/bar-length.ts';
import { zonedTime } from '../../shared/zoned-time.ts';
import type { HistoryConsumption, HistoryContents, HistoryCourse } from '../api.ts';
import { type ApiAnswer, type ApiRequest, type ApiRoute, Refused } from '../route.ts';

export interface HistorySource {
  /** Undefined where no meter is called so. */
  contents(meter: string, language: Language): HistoryContents | undefined;
  /** Undefined where these are too many bars. */
  consumption(
    meter: string,
    quantity: string,
    by: BarLength,
    from: number,
    to: number,
  ): HistoryConsumption | undefined;
  course(meter: string, quantity: string, from: number, to: number): HistoryCourse;
}

const FIRST = Date.UTC(2000, 0, 1);
const LAST = Date.UTC(2200, 0, 1);

/** What the bridge has kept of a meter, as JSON and for a spreadsheet. */
export function historyRoutes(source: HistorySource): readonly ApiRoute[] {
  const asked = (request: ApiRequest) => {
    const { name = '' } = request.parameters;
    const contents = source.contents(name, request.language);
    if (contents === undefined) throw new Refused(404, `No meter is called "${name}".`);
    return { name, contents };
  };
  const askedFor = (request: ApiRequest) => {
    const { name, contents } = asked(request);
    // What is written no more can be looked at all the same.
    if (contents.problem !== null && contents.quantities.length === 0)
      throw new Refused(503, contents.problem);
    const quantity = request.query.get('quantity') ?? '';
    const kept = contents.quantities.find((each) => each.quantity === quantity);
    if (kept === undefined) {
      const names = contents.quantities.map((each) => each.quantity).join(', ') || 'none yet';
      throw new Refused(404, `Nothing is kept of "${quantity}". "quantity" is one of: ${names}.`);
    }
    const [from, to] = [momentIn(request, 'from'), momentIn(request, 'to')];
    if (from >= to) throw new Refused(400, '"from" must be earlier than "to".');
    return { name, kept, from, to, timezone: contents.timezone };
  };
  const consumption = (request: ApiRequest) => {
    const { name, kept, from, to, timezone } = askedFor(request);
    if (!kept.isTotal)
      throw new Refused(400, `"${kept.quantity}" is no counter: ask for its course, not for what was used.`);
    const by = BAR_LENGTHS.find((length) => length === request.query.get('by'));
    if (by === undefined) throw new Refused(400, `"by" must be one of: ${BAR_LENGTHS.join(', ')}.`);
    const found = source.consumption(name, kept.quantity, by, from, to);
    if (found === undefined)
      throw new Refused(400, 'These are more than 1500 bars: ask for a shorter time, or longer bars.');
    return { found, timezone, name };
  };
  const course = (request: ApiRequest) => {
    const { name, kept, from, to, timezone } = askedFor(request);
    return { found: source.course(name, kept.quantity, from, to), timezone, name };
  };
  const route = (ending: string, summary: string, handle: (request: ApiRequest) => ApiAnswer): ApiRoute => ({
    method: 'GET',
    path: `api/v1/meters/:name/${ending}`,
    summary,
    handle,
  });
  return [
    route('history', 'What is kept of a meter', (request) => ({ json: asked(request).contents })),
    route('history/consumption', 'What was used, by hours, days, months or years', (request) => ({
      json: consumption(request).found,
    })),
    route('history/consumption.csv', 'The same for a spreadsheet', (request) => {
      const { found, timezone, name } = consumption(request);
      const { quantity, unit, bars } = found;
      const rows = bars.map(({ from, to, used, source: told }) => [
        zonedTime(from, timezone),
        zonedTime(to, timezone),
        text(used),
        told ?? '',
      ]);
      return csv(name, quantity, [['from', 'to', withUnit(quantity, unit), 'source'], ...rows]);
    }),
    route('history/course', 'The course of a value: at most 1,500 points', (request) => ({
      json: course(request).found,
    })),
    route('history/course.csv', 'The same for a spreadsheet', (request) => {
      const { found, timezone, name } = course(request);
      const { quantity, unit, points } = found;
      const rows = points.map(({ at, mean, low, high }) => [
        zonedTime(at, timezone),
        ...[mean, low, high].map(text),
      ]);
      const heads = ['', ' lowest', ' highest'].map((what) => withUnit(`${quantity}${what}`, unit));
      return csv(name, quantity, [['time', ...heads], ...rows]);
    }),
  ];
}

/** Milliseconds since 1970. */
function momentIn({ query }: ApiRequest, key: string): number {
  const text = query.get(key) ?? '';
  const moment = Number(text);
  if (!/^\d{1,15}$/.test(text) || moment < FIRST || moment > LAST)
    throw new Refused(
      400,
      `"${key}" must be a time in milliseconds since 1970, from 2000 on, not "${text}".`,
    );
  return moment;
}

const withUnit = (what: string, unit: string): string => (unit === '' ? what : `${what} (${unit})`);
const text = (value: number | null): string =>
  value === null
    ? ''
    : new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 20 }).format(value);

/** RFC 4180. */
function csv(name: string, quantity: string, rows: readonly (readonly string[])[]): ApiAnswer {
  const lines = rows.map((row) => row.map(field).join(','));
  return { csv: `${lines.join('\r\n')}\r\n`, name: `${name} ${quantity}.csv` };
}

/** A spreadsheet takes a text that begins like a formula for one; numbers below zero are none. */
function field(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?\d/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
