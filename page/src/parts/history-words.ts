import { html, type TemplateResult } from 'lit';
import type { HistoryContents } from '../../../src/web/api.ts';
import { bridgeNow } from '../api.ts';
import { moment, money, rounded } from '../format.ts';
import { say, tag } from '../say.ts';
import { longestStep } from '../view.ts';
import { type Quantity, timeLabel } from './drawings.ts';
import type { Answer } from './history-answer.ts';
import type { Answered } from './history-data.ts';
import type { Bar } from './year-before.ts';

/** More are in the CSV. */
const ROWS = 400;

function text(value: number | null | undefined, quantity: Quantity | undefined): string {
  if (value === null || value === undefined || quantity === undefined) return '–';
  return `${rounded(value, quantity.decimals, tag())} ${quantity.unit}`;
}

/** What is at a place of the chart; undefined where it is not asked. */
export function pointWords(
  { answered, asked: { by, zone }, shown }: Answer,
  /** Of bars: which; of lines: seconds since 1970. */
  x: number | null,
): string | undefined {
  if (x === null) return undefined;
  if (answered.kind === 'bars') {
    const bar = answered.now.bars[x];
    if (bar === undefined) return undefined;
    const before = answered.beside[x];
    const told = (one: Bar): string =>
      `${timeLabel(one.from, by, zone, true)}: ${[text(one.used, shown[0]), ...barWords(one, zone)].join(', ')}`;
    return before === undefined || before.used === null ? told(bar) : `${told(bar)} (${told(before)})`;
  }
  const point = closest(answered.courses[0]?.points ?? [], x * 1000);
  if (point === undefined) return undefined;
  const values = answered.courses.map(({ points }, course) => {
    const found = closest(points, point.at);
    const isNear = found !== undefined && Math.abs(found.at - point.at) <= longestStep(points) / 2;
    const nearest = isNear ? found : undefined;
    const band =
      nearest === undefined || nearest.low === nearest.high
        ? ''
        : ` (${text(nearest.low, shown[course])} – ${text(nearest.high, shown[course])})`;
    return `${shown[course]?.label ?? ''} ${text(nearest?.mean, shown[course])}${band}`;
  });
  return `${timeLabel(point.at, 'hour', zone, true)}: ${values.join(' · ')}`;
}

/** What is to be known of a bar beside its number: since when it is counted, if that is not its beginning, and by whom. */
function barWords(bar: Bar, zone: string): readonly string[] {
  return [...sinceWords(bar, zone), ...(bar.source === 'log' ? [say('logged')] : [])];
}

function sinceWords({ since }: Bar, zone: string): readonly string[] {
  return since === null ? [] : [say('countedSince', { since: moment(since, tag(), bridgeNow(), zone) })];
}

function closest<T extends { readonly at: number }>(points: readonly T[], at: number): T | undefined {
  let best: T | undefined;
  for (const point of points)
    if (best === undefined || Math.abs(point.at - at) < Math.abs(best.at - at)) best = point;
  return best;
}

/** All of it in a line: what was used, what it cost, and how that compares. */
export function summary(
  { answered, asked, shown }: Answer,
  { price }: HistoryContents,
  now: number,
): TemplateResult | string {
  const [quantity] = shown;
  if (answered.kind === 'lines') return '';
  const { bars } = answered.now;
  const used = sum(bars);
  const before = sum(answered.before?.bars ?? []);
  const isPriced = quantity !== undefined && price?.quantities.includes(quantity.quantity) === true;
  const priced = isPriced && price.unit === quantity.unit && asked.isTotal && used !== null;
  const cost = priced ? money(used * Number(price.value), price.currency, tag()) : null;
  const [first] = bars.filter(({ used }) => used !== null);
  const missing = bars.filter(({ to, used }) => used === null && to <= now).length;
  const logged = bars.filter(({ source }) => source === 'log').length;
  return html`<div class="sums">
    <div><span class="key now">${say('used')}</span><strong>${text(used, quantity)}</strong>
      ${cost === null ? '' : html`<span class="cost">${cost}</span>`}
      ${missing === 0 || used === null ? '' : html`<span class="faint">${say('gaps', { bars: String(missing) })}</span>`}
      ${logged === 0 ? '' : html`<span class="key logged">${say('loggedBars', { bars: String(logged) })}</span>`}
      ${(first === undefined ? [] : sinceWords(first, asked.zone)).map((words) => html`<span class="faint">${words}</span>`)}</div>
    ${
      before === null
        ? ''
        : html`<div><span class="key past">${say('yearBefore')}</span><strong>${text(before, quantity)}</strong>
      ${change(answered, now)}</div>`
    }
  </div>`;
}

interface Used {
  readonly used: number | null;
}

function sum(bars: readonly Used[]): number | null {
  return bars.every(({ used }) => used === null)
    ? null
    : bars.reduce((total, { used }) => total + (used ?? 0), 0);
}

/** Of those bars that are over, and that are known of both years. */
function change(
  { now, beside }: Answered & { readonly kind: 'bars' },
  time: number,
): TemplateResult | string {
  const pairs = now.bars.flatMap((bar, index) => {
    const past = beside[index]?.used ?? null;
    return bar.used === null || past === null || bar.to > time ? [] : [[bar.used, past] as const];
  });
  const [is, was] = [0, 1].map((side) => pairs.reduce((total, pair) => total + (pair[side] ?? 0), 0));
  if (is === undefined || was === undefined || was <= 0) return '';
  const percent = (is / was - 1) * 100;
  const words = `${percent < 0 ? '\u2212' : '+'}${rounded(Math.abs(percent), 0, tag())} %`;
  const over = (now.bars.at(-1)?.to ?? 0) <= time;
  return html`<span class="cost">${over ? words : say('soFar', { change: words })}</span>`;
}

/** The same as numbers, to be read one after the other. */
export function historyTable({ answered, asked: { by, zone }, shown }: Answer): TemplateResult {
  const [quantity] = shown;
  if (answered.kind === 'bars') {
    const { now, before, beside } = answered;
    const cell = (bar: Bar | undefined): TemplateResult | string =>
      bar === undefined
        ? ''
        : html`${text(bar.used, quantity)}${barWords(bar, zone).map((words) => html`<br><span class="faint">${words}</span>`)}`;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${say('asTable')}><table><thead><tr><th>${say('time')}</th><th class="right">${say('used')}</th>
      <th class="right">${before === undefined ? '' : say('yearBefore')}</th></tr></thead><tbody>${now.bars
        .slice(0, ROWS)
        .map(
          (bar, index) => html`<tr><td>${timeLabel(bar.from, by, zone, true)}</td>
        <td class="right">${cell(bar)}</td><td class="right">${cell(beside[index])}</td></tr>`,
        )}</tbody></table></div>`;
  }
  const points = answered.courses[0]?.points ?? [];
  const every = Math.max(1, Math.ceil(points.length / ROWS));
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${say('asTable')}><table><thead><tr><th>${say('time')}</th><th class="right">${say('mean')}</th>
    <th class="right">${say('lowest')}</th><th class="right">${say('highest')}</th></tr></thead><tbody>${points
      .filter((_, index) => index % every === 0)
      .map(
        ({ at, mean, low, high }) => html`<tr><td>${timeLabel(at, 'hour', zone, true)}</td>
      <td class="right">${text(mean, quantity)}</td><td class="right">${text(low, quantity)}</td><td class="right">${text(high, quantity)}</td></tr>`,
      )}</tbody></table></div>`;
}
