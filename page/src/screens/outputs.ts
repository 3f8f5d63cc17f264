import { html, type TemplateResult } from 'lit';
import type { BridgeState, OutputState } from '../../../src/web/api.ts';
import { bridgeNow } from '../api.ts';
import { ago, exact } from '../format.ts';
import { note } from '../parts/note.ts';
import { Part } from '../parts/part.ts';
import { say, sayNamed, tag } from '../say.ts';

const MARK = { works: 'good', waits: 'warn', trouble: 'bad' } as const;

/** Where each reading went, what waits, and what was refused. */
class Outputs extends Part {
  static override properties = { state: { attribute: false } };
  declare state: BridgeState;

  protected override render(): TemplateResult {
    const { outputs } = this.state;
    if (outputs.length === 0) return html`<p class="empty">${say('noOutputs')}</p>`;
    return html`<div class="cards">${outputs.map(card)}</div>`;
  }
}

function card(output: OutputState): TemplateResult {
  const { name, state, problem, address, refused } = output;
  const label = sayNamed('outlet', name) ?? output.label;
  const mark = MARK[state];
  return html`<article class="card" aria-label=${label}>
    <header class="row"><h2 class="grow">${label}</h2>
      <span class="pill ${mark}">${say(`output_${state}`)}</span></header>
    <p class="faint address">${address ?? ''}</p>
    ${problem === null ? '' : note(state === 'trouble' ? 'bad' : 'warn', problem)}
    ${output.delivered === null ? '' : deliveries(output, output.delivered)}
    ${refused > 0 ? html`<p class="faint">${say('setAsideHelp')}</p>` : ''}
  </article>`;
}

/** Not of a place where nobody counts. */
function deliveries(
  { lastDelivery, waiting, refused, lost }: OutputState,
  delivered: number,
): TemplateResult {
  const last =
    lastDelivery === null
      ? say('nothingDelivered')
      : say('lastDelivery', { ago: ago(bridgeNow() - lastDelivery, tag()) });
  return html`<dl class="counts">
      ${count(say('delivered'), delivered)} ${count(say('waiting'), waiting, waiting > 0 ? 'warn' : '')}
      ${count(say('setAside'), refused, refused > 0 ? 'bad' : '')} ${count(say('givenUp'), lost, lost > 0 ? 'bad' : '')}
    </dl>
    <p class="faint">${last}</p>`;
}

function count(label: string, value: number, mark = ''): TemplateResult {
  return html`<div class=${mark}><dt>${label}</dt><dd>${exact(String(value), tag())}</dd></div>`;
}

customElements.define('m2m-outputs', Outputs);
