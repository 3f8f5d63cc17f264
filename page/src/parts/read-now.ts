import { mdiRefresh } from '@mdi/js';
import { html, type TemplateResult } from 'lit';
import type { MeterState } from '../../../src/web/api.ts';
import { meterPath, post } from '../api.ts';
import { say } from '../say.ts';
import { icon } from './icon.ts';
import { note } from './note.ts';
import { Part } from './part.ts';

/** Milliseconds from a request that was taken to its reading. */
const TAKEN = 2_000;

/** Reads a meter because somebody wants it, and tells how far it is, or why not. */
class ReadNow extends Part {
  static override properties = {
    meter: { attribute: false },
    refused: { state: true },
    asking: { state: true },
  };
  declare meter: MeterState;
  declare refused: string;
  declare asking: boolean;

  constructor() {
    super();
    this.refused = '';
    this.asking = false;
  }

  protected override render(): TemplateResult {
    const { reading, name } = this.meter;
    const busy = this.isBusy;
    const words = busy ? say('readingNow') : say('readNow');
    return html`<div class="read-now">
      <button class="quiet" aria-disabled=${busy} @click=${this.read} aria-label="${words}: ${name}">
        ${icon(mdiRefresh, busy ? 'turns' : '')}${words}
      </button>
      ${
        reading === null
          ? ''
          : html`<progress max=${Math.max(1, reading.of)} value=${reading.asked} aria-label=${say('progress')}></progress>`
      }
    </div>
    <div role="status">${this.refused === '' ? '' : note('warn', this.refused, say('notRead'))}</div>`;
  }

  private get isBusy(): boolean {
    return this.meter.reading !== null || this.asking;
  }

  private readonly read = async (): Promise<void> => {
    if (this.isBusy) return;
    this.refused = '';
    this.asking = true;
    try {
      await post(meterPath(this.meter.name, 'read'));
      // The line may be busy with another meter; until it begins, nobody needs to ask again.
      await new Promise((begun) => setTimeout(begun, TAKEN));
    } catch (error) {
      this.refused = error instanceof Error ? error.message : String(error);
    } finally {
      this.asking = false;
    }
  };
}

customElements.define('m2m-read-now', ReadNow);
