import { mdiArrowDown, mdiArrowUp, mdiMagnify } from '@mdi/js';
import { html, type TemplateResult } from 'lit';
import type { MeterState } from '../../../src/web/api.ts';
import { bridgeNow } from '../api.ts';
import { ago, exact } from '../format.ts';
import { say, tag } from '../say.ts';
import { health, isTimed, mainValue, named, newestReading } from './glance.ts';
import { icon } from './icon.ts';
import { stateWords } from './meter-card.ts';
import { Part } from './part.ts';

const PAGE = 50;
const ORDER = { bad: 0, warn: 1, wait: 2, good: 3 };
type Column = 'state' | 'name' | 'main' | 'power' | 'flow_temperature' | 'return_temperature' | 'age';

/** Many meters: those with a fault first, found by name, number, model or port. */
class MeterTable extends Part {
  static override properties = {
    meters: { attribute: false },
    tick: { attribute: false },
    search: { state: true },
    column: { state: true },
    down: { state: true },
    page: { state: true },
  };
  declare meters: readonly MeterState[];
  declare tick: number;
  declare search: string;
  declare column: Column;
  declare down: boolean;
  declare page: number;

  constructor() {
    super();
    Object.assign(this, { meters: [], search: '', column: 'state', down: false, page: 0 });
  }

  protected override render(): TemplateResult {
    const found = this.found();
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    const page = Math.min(this.page, pages - 1);
    const shown = found.slice(page * PAGE, (page + 1) * PAGE);
    const [from, to] = [found.length === 0 ? 0 : page * PAGE + 1, page * PAGE + shown.length];
    return html`<section class="card wide-table">
      <label class="search">${icon(mdiMagnify)}<span class="hidden">${say('search')}</span>
        <input type="search" placeholder=${say('searchMeters')} .value=${this.search} @input=${this.typed}></label>
      <div class="scroll" tabindex="0" role="region" aria-label=${say('meters')}>
      <table class="meters">
        <thead><tr>
          ${this.head('state', say('state'))} ${this.head('name', say('meter'))}
          ${this.head('main', say('total'), 'right')} ${this.head('power', say('power'), 'right')}
          ${this.head('flow_temperature', say('flowIn'), 'right')}
          ${this.head('return_temperature', say('flowOut'), 'right')} ${this.head('age', say('age'), 'right')}
        </tr></thead>
        <tbody>${shown.map((meter) => this.row(meter))}</tbody>
      </table></div>
      <div class="pager">
        <span role="status">${say('shown', { from: String(from), to: String(to), of: String(found.length) })}</span>
        <button class="quiet" aria-disabled=${page === 0} @click=${() => this.turn(Math.max(0, page - 1))}>${say('before')}</button>
        <button class="quiet" aria-disabled=${page >= pages - 1} @click=${() => this.turn(Math.min(pages - 1, page + 1))}>${say('after')}</button>
      </div>
    </section>`;
  }

  private head(column: Column, label: string, side = ''): TemplateResult {
    const sorted = this.column === column;
    const direction = sorted ? (this.down ? 'descending' : 'ascending') : 'none';
    return html`<th class=${side} aria-sort=${direction}>
      <button @click=${() => this.sort(column)}>${label}${sorted ? icon(this.down ? mdiArrowDown : mdiArrowUp) : ''}</button></th>`;
  }

  private row(meter: MeterState): TemplateResult {
    const open = `#/now/${encodeURIComponent(meter.name)}`;
    const who = meter.serialNumber ?? meter.port;
    const trouble = meter.lastError ?? meter.problems[0];
    return html`<tr>
      <td><span class="pill ${health(meter)}">${stateWords(meter)}</span></td>
      <td><a href=${open}>${meter.name}</a><span class="faint">${trouble ?? who}</span></td>
      ${cell(mainValue(meter))} ${cell(named(meter, 'power') ?? named(meter, 'power_import'))}
      ${cell(named(meter, 'flow_temperature'))} ${cell(named(meter, 'return_temperature'))}
      <td class="right">${ageOf(meter)}</td>
    </tr>`;
  }

  private found(): readonly MeterState[] {
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    const texts = ({ name, serialNumber, model, port }: MeterState): string =>
      `${name} ${serialNumber} ${model} ${port}`.toLowerCase();
    const found = this.meters.filter((meter) => words.every((word) => texts(meter).includes(word)));
    const names = new Intl.Collator(tag(), { numeric: true });
    const sign = this.down ? -1 : 1;
    return found.toSorted((a, b) => sign * this.compare(a, b, names) || names.compare(a.name, b.name));
  }

  private compare(a: MeterState, b: MeterState, names: Intl.Collator): number {
    const { column } = this;
    if (column === 'state') return ORDER[health(a)] - ORDER[health(b)];
    if (column === 'name') return names.compare(a.name, b.name);
    if (column === 'age') return (newestReading(b) ?? 0) - (newestReading(a) ?? 0);
    const value = (meter: MeterState): number =>
      Number(
        (column === 'main' ? mainValue(meter) : named(meter, column))?.value ?? Number.NEGATIVE_INFINITY,
      );
    const [x, y] = [value(a), value(b)];
    return x === y ? 0 : x - y;
  }

  private sort(column: Column): void {
    this.down = this.column === column ? !this.down : false;
    this.column = column;
    this.page = 0;
  }

  private turn(page: number): void {
    this.page = page;
    this.querySelector('.scroll')?.scrollTo({ top: 0 });
  }

  private readonly typed = (event: Event): void => {
    this.search = (event.target as HTMLInputElement).value;
    this.page = 0;
  };
}

function ageOf(meter: MeterState): string {
  const readAt = newestReading(meter);
  if (readAt === null) return '–';
  return isTimed(readAt) ? ago(bridgeNow() - readAt, tag()) : say('fromBefore');
}

function cell(value: { readonly value: string; readonly unit: string } | undefined): TemplateResult {
  if (value === undefined) return html`<td class="right">–</td>`;
  return html`<td class="right">${exact(value.value, tag())} <span class="unit">${value.unit}</span></td>`;
}

customElements.define('m2m-meter-table', MeterTable);
