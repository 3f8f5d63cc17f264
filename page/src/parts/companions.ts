import { html, type TemplateResult } from 'lit';
import type { HistoryContents } from '../../../src/web/api.ts';
import { LINES, type Quantity } from './drawings.ts';

/** Others of the same unit, which the first line that is shown can be compared with. */
export function companions(
  { quantities }: HistoryContents,
  shown: readonly Quantity[],
  choose: (together: readonly string[]) => void,
): TemplateResult | string {
  const [quantity, ...others] = shown;
  if (quantity === undefined || quantity.isTotal) return '';
  const together = others.map((each) => each.quantity);
  const possible = quantities.filter(
    (each) => !each.isTotal && each.unit === quantity.unit && each !== quantity,
  );
  const colours = shown.map(
    ({ label }, index) => html`<span class="key line${index % LINES.length}">${label}</span>`,
  );
  return html`<div class="row keys">${colours}</div><div class="row">${possible.slice(0, 6).map(
    (each) => html`<label class="check"><input type="checkbox" .checked=${together.includes(each.quantity)}
      @change=${(event: Event) => {
        const on = (event.target as HTMLInputElement).checked;
        const rest = together.filter((name) => name !== each.quantity);
        choose(on ? [...rest, each.quantity].slice(-(LINES.length - 1)) : rest);
      }}>${each.label}</label>`,
  )}</div>`;
}
