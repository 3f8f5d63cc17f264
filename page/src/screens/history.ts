import {
  mdiChevronLeft,
  mdiChevronRight,
  mdiDownload,
  mdiMagnifyMinusOutline,
  mdiMagnifyPlusOutline,
} from '@mdi/js';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import uPlot from 'uplot';
import type { HistoryContents, MeterState } from '../../../src/web/api.ts';
import { bridgeNow, get, meterPath } from '../api.ts';
import { companions } from '../parts/companions.ts';
import { periodLabel, type Quantity } from '../parts/drawings.ts';
import { type Answer, answerTo, fetchAnswer } from '../parts/history-answer.ts';
import { type Asked, csvPath } from '../parts/history-data.ts';
import { historyTable, pointWords, summary } from '../parts/history-words.ts';
import { icon } from '../parts/icon.ts';
import { chosenMeter, meterChooser } from '../parts/meter-chooser.ts';
import { note } from '../parts/note.ts';
import { Part } from '../parts/part.ts';
import { say } from '../say.ts';
import { barsOf, type Period, shifted, type View, viewOf, wholeBars, zoomed } from '../view.ts';
import '../parts/chart.ts';

const PERIODS: readonly Period[] = ['day', 'month', 'year', 'all'];
/** Shown together unless somebody wants it otherwise. */
const PAIRS: Readonly<Record<string, string>> = { flow_temperature: 'return_temperature' };

/** What was used, and how power and temperatures went. */
class History extends Part {
  static override properties = {
    meters: { attribute: false },
    name: { attribute: false },
    contents: { state: true },
    quantity: { state: true },
    together: { state: true },
    view: { state: true },
    period: { state: true },
    latest: { state: true },
    at: { state: true },
    problem: { state: true },
    table: { state: true },
  };
  declare meters: readonly MeterState[];
  declare name: string | undefined;
  declare contents: HistoryContents | undefined;
  declare quantity: Quantity | undefined;
  declare together: readonly string[];
  declare view: View;
  declare period: Period | undefined;
  /** It may be of what was asked before: `answer` is what is shown. */
  declare latest: Answer | undefined;
  declare at: number | null;
  declare problem: string;
  declare table: boolean;
  private meter: MeterState | undefined;
  private seen: number | null = null;
  private asking: AbortController | undefined;

  constructor() {
    super();
    const view = { from: 0, to: 0 };
    Object.assign(this, {
      meters: [],
      together: [],
      view,
      period: 'month',
      at: null,
      problem: '',
      table: false,
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asking?.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const meter = chosenMeter(this.meters, this.name);
    const other = meter?.name !== this.meter?.name;
    const news = !other && meter?.lastReading !== this.seen;
    const hasLog = !other && meter?.readingLog === null && this.meter?.readingLog !== null;
    this.meter = meter;
    this.seen = meter?.lastReading ?? null;
    if (meter === undefined) return;
    if (other) void this.open(meter.name);
    else if (hasLog) void this.renew(meter.name);
    else if (news && (this.asked?.view.to ?? 0) > bridgeNow()) void this.fetch();
    if (['view', 'quantity', 'together'].some((key) => changed.has(key)) && !other) void this.fetch();
  }

  private async open(name: string): Promise<void> {
    this.asking?.abort();
    Object.assign(this, { contents: undefined, latest: undefined, problem: '' });
    try {
      const contents = await get<HistoryContents>(meterPath(name, 'history'));
      if (this.meter?.name !== name) return;
      this.contents = contents;
      const first = contents.quantities.find(({ isTotal }) => isTotal) ?? contents.quantities[0];
      this.choose(contents.quantities.find(({ quantity }) => quantity === this.quantity?.quantity) ?? first);
      this.show(this.period ?? 'month', bridgeNow());
    } catch (error) {
      if (this.meter?.name === name) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** What the meter wrote down has come: there is more to be seen, and it stays where somebody looks at it. */
  private async renew(name: string): Promise<void> {
    try {
      const contents = await get<HistoryContents>(meterPath(name, 'history'));
      if (this.meter?.name !== name || this.contents === undefined) return;
      this.contents = contents;
      this.quantity = contents.quantities.find(({ quantity }) => quantity === this.quantity?.quantity);
    } catch {
      // What is shown is true all the same.
    }
  }

  /** What is to be shown; undefined while that is not known. */
  get asked(): Asked | undefined {
    const { meter, quantity, contents, view, period, together } = this;
    if (meter === undefined || quantity === undefined || contents === undefined || view.to === 0)
      return undefined;
    const by = barsOf(view, period);
    const { isTotal } = quantity;
    const zone = contents.timezone;
    return {
      meter: meter.name,
      quantity: quantity.quantity,
      together,
      isTotal,
      by,
      view: isTotal ? wholeBars(view, by, zone) : view,
      zone,
    };
  }

  /** Of what is asked now; undefined until it comes. */
  private get answer(): Answer | undefined {
    return answerTo(this.asked, this.latest);
  }

  private async fetch(): Promise<void> {
    const { asked } = this;
    this.asking?.abort();
    if (asked === undefined) return;
    const asking = new AbortController();
    this.asking = asking;
    if (this.answer === undefined) {
      this.problem = '';
      this.at = null;
    }
    try {
      const latest = await fetchAnswer(asked, this.shown, asking.signal);
      if (asking.signal.aborted) return;
      this.latest = latest;
      this.problem = '';
    } catch (error) {
      // What is shown of the same is true all the same.
      if (asking.signal.aborted || this.answer !== undefined) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** All whose lines there are. */
  private get shown(): readonly Quantity[] {
    const names = [this.quantity?.quantity, ...this.together];
    return names.flatMap((name) => this.contents?.quantities.find(({ quantity }) => quantity === name) ?? []);
  }

  private choose(quantity: Quantity | undefined): void {
    this.quantity = quantity;
    const pair = PAIRS[quantity?.quantity ?? ''];
    const there = this.contents?.quantities.some(
      (each) => each.quantity === pair && each.unit === quantity?.unit,
    );
    this.together = pair !== undefined && there === true ? [pair] : [];
  }

  private show(period: Period, time: number): void {
    const { contents } = this;
    if (contents === undefined) return;
    this.period = period;
    this.view = viewOf(period, time, contents.timezone, this.quantity?.first ?? time, bridgeNow());
  }

  protected override render(): TemplateResult {
    const { meter, contents } = this;
    if (meter === undefined) return html`<p class="empty">${say('noMeter')}</p>`;
    const chooser = meterChooser('history', this.meters, meter.name);
    if (contents === undefined)
      return html`${chooser}<div class="loading" role="status">${this.problem === '' ? say('loading') : this.problem}</div>`;
    return html`${contents.problem === null ? '' : note('warn', contents.problem)}
      <div class="row end">${chooser} ${this.quantities(contents)}</div>
      ${this.quantity === undefined ? html`<p class="empty">${say('nothingKept')}</p>` : this.chart(contents)}`;
  }

  private quantities({ quantities }: HistoryContents): TemplateResult {
    return html`<label class="field grow"><span>${say('quantity')}</span>
      <select @change=${(event: Event) => {
        this.choose(
          quantities.find(({ quantity }) => quantity === (event.target as HTMLSelectElement).value),
        );
      }}>${quantities.map(
        ({ quantity, label, unit }) =>
          html`<option value=${quantity} ?selected=${quantity === this.quantity?.quantity}>${unit === '' ? label : `${label} (${unit})`}</option>`,
      )}</select></label>`;
  }

  private chart(contents: HistoryContents): TemplateResult {
    const { asked, answer, period } = this;
    const at = this.at === null ? null : (answer?.drawing.data[0]?.[this.at] ?? null);
    const waiting = this.problem === '' ? say('loading') : '';
    const words = answer === undefined ? waiting : (pointWords(answer, at) ?? say('chartHelp'));
    return html`<section class="card history">
      <div class="row periods">
        <div class="segments" role="group" aria-label=${say('period')}>${PERIODS.map(
          (each) =>
            html`<button aria-pressed=${period === each} @click=${() => this.show(each, this.middle)}>${say(`period_${each}`)}</button>`,
        )}</div>
        <div class="steps">
          ${this.step(mdiChevronLeft, say('earlier'), () => this.shift(-1))}
          <strong aria-live="polite">${asked === undefined ? '' : periodLabel(asked.view, period, asked.zone)}</strong>
          ${this.step(mdiChevronRight, say('later'), () => this.shift(1), this.view.to >= bridgeNow())}
        </div>
        <div class="zoom">
          ${this.step(mdiMagnifyMinusOutline, say('zoomOut'), () => this.zoom(zoomed(this.view, 2)))}
          ${this.step(mdiMagnifyPlusOutline, say('zoomIn'), () => this.zoom(zoomed(this.view, 0.5)))}
        </div>
      </div>
      ${this.problem === '' ? '' : note('bad', this.problem)}
      ${answer === undefined ? '' : summary(answer, contents, bridgeNow())}
      <p class="readout">${words}</p>
      <m2m-chart .drawing=${answer?.drawing} .library=${uPlot} name=${this.quantity?.label ?? ''} spoken=${words}
        @zoom=${this.dragged} @point=${(event: CustomEvent<number | null>) => {
          this.at = event.detail;
        }} @pick=${this.picked} @step=${(event: CustomEvent<number>) => this.zoom(zoomed(this.view, event.detail))}></m2m-chart>
      ${companions(contents, this.shown, (together) => {
        this.together = together;
      })}
      <div class="row foot">
        ${asked === undefined ? '' : html`<a class="csv" href=${csvPath(asked)} download>${icon(mdiDownload)}${say('csv')}</a>`}
        <details class="grow" @toggle=${(event: Event) => {
          this.table = (event.target as HTMLDetailsElement).open;
        }}><summary>${say('asTable')}</summary>
          ${this.table && answer !== undefined ? historyTable(answer) : ''}</details>
      </div>
    </section>`;
  }

  private step(path: string, label: string, act: () => void, disabled = false): TemplateResult {
    return html`<button class="quiet round-button" aria-label=${label} title=${label} aria-disabled=${disabled} @click=${disabled ? undefined : act}>${icon(path)}</button>`;
  }

  /** The last of what is shown that has been already. */
  private get middle(): number {
    const now = bridgeNow();
    const { from, to } = this.view;
    return this.period === 'all' || (from <= now && now < to) ? now : (from + to) / 2;
  }

  private shift(by: -1 | 1): void {
    this.view = shifted(this.view, this.period, by, this.contents?.timezone ?? 'UTC');
  }

  private zoom(view: View): void {
    this.period = undefined;
    this.view = view;
  }

  private readonly dragged = ({ detail }: CustomEvent<View>): void => {
    const { answered } = this.answer ?? {};
    if (answered?.kind === 'lines') this.zoom({ from: detail.from * 1000, to: detail.to * 1000 });
    const bars = answered?.kind === 'bars' ? answered.now.bars : [];
    const at = (index: number): number => Math.max(0, Math.min(bars.length - 1, Math.round(index)));
    const [first, last] = [bars[at(detail.from)], bars[at(detail.to)]];
    if (first !== undefined && last !== undefined) this.zoom({ from: first.from, to: last.to });
  };

  /** A bar opens to what it is made of. */
  private readonly picked = ({ detail }: CustomEvent<number>): void => {
    const { asked, answered } = this.answer ?? {};
    const bar = answered?.kind === 'bars' ? answered.now.bars[detail] : undefined;
    if (bar === undefined || asked === undefined || asked.by === 'hour') return;
    this.show(asked.by, bar.from);
  };
}

customElements.define('m2m-history', History);
