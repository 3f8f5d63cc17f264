import { mdiMagnify } from '@mdi/js';
import { html, type TemplateResult } from 'lit';
import type { LogLine } from '../../../src/web/api.ts';
import { bridgeNow } from '../api.ts';
import { moment } from '../format.ts';
import { icon } from '../parts/icon.ts';
import { Part } from '../parts/part.ts';
import { say, tag } from '../say.ts';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** What the bridge says of itself, the newest first. */
class Log extends Part {
  static override properties = {
    lines: { attribute: false },
    search: { state: true },
    least: { state: true },
  };
  declare lines: readonly LogLine[];
  declare search: string;
  declare least: (typeof LEVELS)[number];

  constructor() {
    super();
    Object.assign(this, { lines: [], search: '', least: 'debug' });
  }

  protected override render(): TemplateResult {
    const wanted = this.search.toLowerCase();
    const levels = LEVELS.slice(0, LEVELS.indexOf(this.least) + 1);
    const found = this.lines
      .filter(({ level, message }) => levels.includes(level) && message.toLowerCase().includes(wanted))
      .toReversed();
    return html`<section class="card wide-table">
      <div class="filters">
        <label class="search grow">${icon(mdiMagnify)}<span class="hidden">${say('search')}</span>
          <input type="search" placeholder=${say('search')} @input=${(event: Event) => {
            this.search = (event.target as HTMLInputElement).value;
          }}></label>
        <label><span class="hidden">${say('level')}</span><select @change=${(event: Event) => {
          this.least = (event.target as HTMLSelectElement).value as typeof this.least;
        }}>${LEVELS.map(
          (level) =>
            html`<option value=${level} ?selected=${level === this.least}>${say(`level_${level}`)}</option>`,
        )}</select></label>
      </div>
      <ol class="log">${found.map(
        ({ time, level, message }) => html`<li class=${level}>
          <time>${moment(time, tag(), bridgeNow())}</time><span class="level">${level}</span><span>${message}</span></li>`,
      )}</ol>
      ${found.length === 0 ? html`<p class="empty inset">${say('nothingFound')}</p>` : ''}
    </section>`;
  }
}

customElements.define('m2m-log', Log);
