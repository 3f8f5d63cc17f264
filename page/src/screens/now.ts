import { mdiArrowLeft } from '@mdi/js';
import { html, type TemplateResult } from 'lit';
import type { BridgeState } from '../../../src/web/api.ts';
import { icon } from '../parts/icon.ts';
import { meterCard } from '../parts/meter-card.ts';
import { note } from '../parts/note.ts';
import { Part } from '../parts/part.ts';
import { say } from '../say.ts';
import '../parts/meter-table.ts';

/** More meters than these are a table. */
const CARDS = 6;

/** Each meter as it is now. */
class Now extends Part {
  static override properties = {
    state: { attribute: false },
    name: { attribute: false },
    tick: { state: true },
  };
  declare state: BridgeState;
  /** One of many, opened from the table. */
  declare name: string | undefined;
  declare tick: number;
  private timer: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.tick = 0;
    // Ages count up, and the next reading comes nearer.
    this.timer = setInterval(() => {
      if (!document.hidden) this.tick++;
    }, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  protected override render(): TemplateResult {
    const { meters, clockProblem } = this.state;
    const one = meters.find(({ name }) => name === this.name);
    const clock = clockProblem === null ? '' : note('warn', clockProblem);
    if (meters.length === 0) return html`${clock}${noMeter()}`;
    if (meters.length <= CARDS) return html`${clock}<div class="cards">${meters.map(meterCard)}</div>`;
    if (one === undefined)
      return html`${clock}<m2m-meter-table .meters=${meters} .tick=${this.tick}></m2m-meter-table>`;
    return html`${clock}<p><a class="back" href="#/now">${icon(mdiArrowLeft)}${say('allMeters')}</a></p>
      <div class="cards">${meterCard(one)}</div>`;
  }
}

function noMeter(): TemplateResult {
  return html`<section class="card centre"><h2>${say('noMeter')}</h2><p>${say('noMeterHelp')}</p>
    <a class="button" href="#/setup">${say('setUp')}</a></section>`;
}

customElements.define('m2m-now', Now);
