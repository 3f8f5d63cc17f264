import { html, type TemplateResult } from 'lit';
import type { MeterState, Value } from '../../../src/web/api.ts';
import { difference, exact } from '../format.ts';
import { say, tag } from '../say.ts';
import { named } from './glance.ts';

/** The water's way: warm in, through the house, cooler out. Null where the meter tells of none of it. */
export function loop(meter: MeterState): TemplateResult | null {
  const [into, back] = [named(meter, 'flow_temperature'), named(meter, 'return_temperature')];
  if (into === undefined || back === undefined) return null;
  const cooled = difference(into.value, back.value);
  const flow = named(meter, 'flow');
  const moves = flow !== undefined && Number(flow.value) > 0;
  return html`<div class="loop">
    <svg viewBox="0 0 360 132" role="img" aria-label=${label(into, back, cooled)}>
      <path class="house" d="M252 122V58L302 14l50 44v64z" />
      <path class="pipe in" d="M8 40H262a8 8 0 0 1 8 8v22" /><path class="pipe out" d="M8 108H262a8 8 0 0 0 8-8V78" />
      <g class=${moves ? 'moves' : ''}><path class="stream" d="M8 40H262" /><path class="stream" d="M262 108H8" /></g>
      <path class="heater" d="M286 62v42M300 62v42M314 62v42M328 62v42M280 70h54M280 96h54" />
      <text x="8" y="22" class="name">${say('flowIn')}</text><text x="236" y="26" class="value end">${text(into)}</text>
      <text x="8" y="90" class="name">${say('flowOut')}</text><text x="236" y="94" class="value end">${text(back)}</text>
    </svg>
    ${cooled === null ? '' : html`<p>${say('cooledBy', { kelvin: `${exact(cooled, tag())} K` })}</p>`}
  </div>`;
}

function text({ value, unit }: Value): string {
  return `${exact(value, tag())} ${unit}`;
}

function label(into: Value, back: Value, cooled: string | null): string {
  const parts = [`${say('flowIn')}: ${text(into)}`, `${say('flowOut')}: ${text(back)}`];
  return [...parts, ...(cooled === null ? [] : [`${say('cooled')}: ${exact(cooled, tag())} K`])].join(', ');
}
