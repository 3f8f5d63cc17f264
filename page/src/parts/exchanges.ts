import { html, type TemplateResult } from 'lit';
import type { ExchangeState, MeterState } from '../../../src/web/api.ts';
import { bridgeNow, get, meterPath } from '../api.ts';
import { moment } from '../format.ts';
import { report } from '../masked.ts';
import { say, tag } from '../say.ts';
import { note } from './note.ts';
import { Part } from './part.ts';

/** The last hundred exchanges, each byte in words, and a copy of them for whoever is to help. */
class Exchanges extends Part {
  static override properties = {
    meter: { attribute: false },
    version: {},
    exchanges: { state: true },
    problem: { state: true },
    shown: { state: true },
    copied: { state: true },
    whole: { state: true },
  };
  declare meter: MeterState;
  declare version: string;
  declare exchanges: readonly ExchangeState[] | undefined;
  declare problem: string;
  /** Opened ones, by when they were. */
  declare shown: ReadonlySet<number>;
  declare copied: string;
  declare whole: boolean;

  constructor() {
    super();
    Object.assign(this, { problem: '', shown: new Set(), copied: '', whole: false });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.fetch();
  }

  private readonly fetch = async (): Promise<void> => {
    this.problem = '';
    try {
      this.exchanges = await get<ExchangeState[]>(meterPath(this.meter.name, 'exchanges'));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  };

  protected override render(): TemplateResult {
    const { exchanges, problem, copied } = this;
    return html`<section class="card"><h2>${say('exchanges')}</h2><p class="faint">${say('exchangesHelp')}</p>
      <div class="row"><button @click=${this.copy} ?disabled=${exchanges === undefined || exchanges.length === 0}>${say('copyReport')}</button>
        <button class="quiet" @click=${this.fetch}>${say('again')}</button>
        <label class="check"><input type="checkbox" .checked=${this.whole} @change=${(event: Event) => {
          this.whole = (event.target as HTMLInputElement).checked;
        }}>${say('withSerial')}</label></div>
      <div role="status">${copied === '' ? '' : note('good', copied)}</div>
      ${problem === '' ? '' : note('bad', problem)}
      ${exchanges?.length === 0 ? html`<p class="empty">${say('noExchanges')}</p>` : ''}
      ${(exchanges ?? []).map((exchange) => this.row(exchange))}
      <textarea class="hidden" tabindex="-1" aria-hidden="true"></textarea></section>`;
  }

  private row(exchange: ExchangeState): TemplateResult {
    const { at, outcome, took, sent, received } = exchange;
    return html`<details class="exchange" @toggle=${(event: Event) => {
      const open = (event.target as HTMLDetailsElement).open;
      this.shown = new Set([...this.shown].filter((one) => one !== at).concat(open ? [at] : []));
    }}><summary><time>${moment(at, tag(), bridgeNow())}</time> <span>${outcome}</span>
      <span class="faint">${took === null ? '' : `${took} ms`}</span></summary>
      ${this.shown.has(at) ? html`${bytes(say('sent'), sent)}${bytes(say('received'), received)}` : ''}</details>`;
  }

  private readonly copy = async (): Promise<void> => {
    const { meter, exchanges = [], version } = this;
    const head = `multical2mqtt ${version}, ${meter.model ?? '?'}, ${meter.serialNumber ?? '?'}`;
    const text = report(head, exchanges, this.whole ? null : meter.serialNumber);
    await this.put(text);
    this.copied = this.whole ? say('copiedWhole') : say('copied');
  };

  /** Over plain HTTP there is no clipboard for scripts, but for what is selected. */
  private async put(text: string): Promise<void> {
    if (navigator.clipboard !== undefined) {
      const done = await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      );
      if (done) return;
    }
    const field = this.querySelector('textarea');
    if (field === null) return;
    field.value = text;
    field.select();
    document.execCommand('copy');
    field.value = '';
  }
}

function bytes(label: string, { parts, bytes: all }: ExchangeState['sent']): TemplateResult {
  return html`<h3>${label}</h3>${
    all === ''
      ? html`<p class="faint">–</p>`
      : html`<dl class="bytes">${parts.map((part) => html`<div><dt>${part.bytes}</dt><dd>${part.meaning}</dd></div>`)}</dl>`
  }`;
}

customElements.define('m2m-exchanges', Exchanges);
