import { html, type TemplateResult } from 'lit';
import type { MeterState } from '../../../src/web/api.ts';
import { say } from '../say.ts';

/** Which meter a screen is about; nothing where there is but one. */
export function meterChooser(
  screen: string,
  meters: readonly MeterState[],
  chosen: string,
): TemplateResult | string {
  if (meters.length < 2) return '';
  return html`<label class="field grow"><span>${say('meter')}</span>
    <select @change=${(event: Event) => {
      location.hash = `#/${screen}/${encodeURIComponent((event.target as HTMLSelectElement).value)}`;
    }}>${meters.map(({ name }) => html`<option value=${name} ?selected=${name === chosen}>${name}</option>`)}</select></label>`;
}

/** The one of the address, else the first. */
export function chosenMeter(meters: readonly MeterState[], name: string | undefined): MeterState | undefined {
  return meters.find((meter) => meter.name === name) ?? meters[0];
}
