import { mdiFire, mdiFlash, mdiGauge, mdiThermometer, mdiWater, mdiWaves } from '@mdi/js';
import { html, type TemplateResult } from 'lit';
import type { MeterState, Value } from '../../../src/web/api.ts';
import { bridgeNow } from '../api.ts';
import { ago, countdown, exact, moment } from '../format.ts';
import { say, tag } from '../say.ts';
import { besides, type Health, health, isTimed, mainValue, newestReading } from './glance.ts';
import { icon } from './icon.ts';
import { loop } from './loop.ts';
import { note } from './note.ts';
import './read-now.ts';

const KINDS = { heat: mdiFire, water: mdiWater, electricity: mdiFlash };
/** Values that came earlier than this before the newest are told with their own age. */
const TOGETHER = 120_000;

/** A meter as somebody sees it who passes by. */
export function meterCard(meter: MeterState): TemplateResult {
  const main = mainValue(meter);
  const who = [meter.model, meter.serialNumber].filter((part) => part !== null).join(' · ');
  return html`<article class="card meter" aria-label=${meter.name}>
    <header>
      <span class="round ${meter.kind ?? ''}">${icon(KINDS[meter.kind ?? 'heat'])}</span>
      <div><h2>${meter.name}</h2><p class="faint">${who === '' ? meter.port : who}</p></div>
      ${statePill(health(meter), meter)}
    </header>
    ${troubles(meter)}
    ${
      main === undefined
        ? html`<p class="empty">${say('noValues')}</p>`
        : html`<div class="totals">
          <div class="main"><span class="label">${main.label}</span>${number(main)}${ownAge(main, meter)}</div>
          ${today(meter, main)}
        </div>`
    }
    ${loop(meter) ?? ''}
    <dl class="tiles">${besides(meter).map((value) => tile(value, meter))}</dl>
    <footer>
      <div class="times">${times(meter)}</div>
      <m2m-read-now .meter=${meter}></m2m-read-now>
      ${readingLog(meter)}
      <nav aria-label=${say('moreOf', { name: meter.name })}>
        <a href="#/history/${encodeURIComponent(meter.name)}">${say('history')}</a>
        <a href="#/registers/${encodeURIComponent(meter.name)}">${say('registers')}</a>
        ${meter.mainsPowered ? '' : html`<a href="#/battery/${encodeURIComponent(meter.name)}">${say('battery')}</a>`}
      </nav>
    </footer>
  </article>`;
}

/** What is wrong, and what to do. */
export function troubles({ lastError, problems }: MeterState): TemplateResult[] {
  return [
    ...(lastError === null ? [] : [note('bad', lastError, say('lastReadingFailed'))]),
    ...problems.map((problem) => note('warn', problem, say('meterSays'))),
  ];
}

export function statePill(kind: Health, meter: MeterState): TemplateResult {
  return html`<span class="pill ${kind}">${stateWords(meter)}</span>`;
}

export function stateWords(meter: MeterState): string {
  if (meter.online === false) return say('offline');
  if (meter.lastError !== null) return say('failed');
  if (meter.problems.length > 0) return say('complains');
  if (meter.online === true) return say('online');
  if (meter.glance.length > 0) return say('notReadSince');
  return meter.serialNumber === null ? say('neverAnswered') : say('notReadYet');
}

export function number({ value, unit }: Pick<Value, 'value' | 'unit'>): TemplateResult {
  return html`<span class="number">${exact(value, tag())} <span class="unit">${unit}</span></span>`;
}

function today({ today, lastReading }: MeterState, main: Value): TemplateResult | string {
  if (today === null) return '';
  // It was counted until that reading, and not until now.
  const until = lastReading === null ? age(main.readAt) : '';
  const cost = today.cost === null ? '' : html`<span class="cost">${today.cost}</span>`;
  return html`<div class="today"><span class="label">${say('today')}</span>${number(today)}${cost}${until}</div>`;
}

function tile(value: Value, meter: MeterState): TemplateResult {
  return html`<div><dt>${icon(tileIcon(value))}${value.label}</dt><dd>${number(value)}${ownAge(value, meter)}</dd></div>`;
}

function ownAge({ readAt }: Value, meter: MeterState): TemplateResult | string {
  return (newestReading(meter) ?? readAt) - readAt > TOGETHER ? age(readAt) : '';
}

function age(readAt: number): TemplateResult {
  return html`<span class="faint">${isTimed(readAt) ? ago(bridgeNow() - readAt, tag()) : say('fromBefore')}</span>`;
}

function tileIcon({ unit }: Value): string {
  if (/^(m³|l)$/.test(unit)) return mdiWater;
  if (/\/h$/.test(unit)) return mdiWaves;
  if (/W$|Wh$|J$|^V$|^A$/.test(unit)) return mdiFlash;
  return /^(°C|K)$/.test(unit) ? mdiThermometer : mdiGauge;
}

/** What the meter wrote down comes beside its readings, for a minute or an hour. */
function readingLog({ readingLog }: MeterState): TemplateResult | string {
  if (readingLog === null) return '';
  const { logger, rows, of } = readingLog;
  const words = say('readingLog', { rows: String(rows), of: String(of), what: rowsOf(logger) });
  return html`<div class="log-progress"><span class="faint">${words}</span>
    <progress max=${Math.max(1, of)} value=${rows} aria-label=${words}></progress></div>`;
}

function rowsOf(logger: string): string {
  switch (logger) {
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
      return say(`rows_${logger}`);
    default:
      return say('rows_other');
  }
}

function times(meter: MeterState): TemplateResult {
  const { nextReading, reading } = meter;
  const now = bridgeNow();
  const read = lastRead(newestReading(meter), now);
  if (nextReading === null || reading !== null) return html`${read}`;
  return html`${read}<span class="next">${say('nextIn', { time: countdown(nextReading - now) })}</span>`;
}

function lastRead(readAt: number | null, now: number): TemplateResult | string {
  if (readAt === null) return say('notReadYet');
  if (!isTimed(readAt)) return say('fromBefore');
  return html`<time title=${moment(readAt, tag(), now)}>${say('readAgo', { ago: ago(now - readAt, tag()) })}</time>`;
}
