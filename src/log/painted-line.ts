import type { Paint, Style } from '../shared/paint.ts';

const LEVELS: Readonly<Record<string, Style>> = { error: 'red', warn: 'yellow', info: 'green', debug: 'dim' };
/** A number that a unit follows: `Heat: 84.817 GJ, 67.3/33.8 °C`. */
const VALUE = /(?<=[:,] )-?\d[\d.]*(?:\/-?\d[\d.]*)*(?= [\p{L}%°])/gu;

export interface Appearance {
  readonly paint: Paint;
  /** Of the meters: they stand before what is said of them. */
  readonly names: readonly string[];
}

/** One entry of the log as a terminal shows it. `level` is as wide as it is to be; `text` has no control characters. */
export function paintedLine(
  { time, level, text }: { readonly time: string; readonly level: string; readonly text: string },
  { paint, names }: Appearance,
): string {
  const kind = level.trim();
  const [name] = names
    .filter((each) => text.startsWith(`${each}: `))
    .sort((one, other) => other.length - one.length);
  const said = name === undefined ? text : text.slice(name.length);
  const values = kind === 'info' && name !== undefined;
  const shown = values ? said.replace(VALUE, (value) => paint('cyan', value)) : said;
  const message = `${name === undefined ? '' : paint('bold', name)}${shown}`;
  return `${paint('dim', time)} ${paint(LEVELS[kind] ?? 'bold', level)} ${kind === 'debug' ? paint('dim', message) : message}`;
}
