import { mdiMagnify } from '@mdi/js';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { BridgeState, MeterState, RegisterState } from '../../../src/web/api.ts';
import { bridgeNow, get, meterPath, post } from '../api.ts';
import { ago, exact } from '../format.ts';
import { icon } from '../parts/icon.ts';
import { chosenMeter, meterChooser } from '../parts/meter-chooser.ts';
import { note } from '../parts/note.ts';
import { Part } from '../parts/part.ts';
import { say, tag } from '../say.ts';
import '../parts/exchanges.ts';

const ID = /^(?:0x([0-9a-f]{1,4})|(\d{1,5}))$/i;

/** All that a meter answers, register by register. */
class Registers extends Part {
  static override properties = {
    state: { attribute: false },
    name: { attribute: false },
    registers: { state: true },
    search: { state: true },
    problem: { state: true },
    asking: { state: true },
    answer: { state: true },
  };
  declare state: BridgeState;
  declare name: string | undefined;
  declare registers: readonly RegisterState[] | undefined;
  declare search: string;
  declare problem: string;
  declare asking: boolean;
  declare answer: { readonly registers: readonly RegisterState[] } | { readonly refused: string } | undefined;
  private meter: MeterState | undefined;

  constructor() {
    super();
    Object.assign(this, { search: '', problem: '', asking: false });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('state') && !changed.has('name')) return;
    const before = this.meter;
    this.meter = chosenMeter(this.state.meters, this.name);
    const { meter } = this;
    if (meter?.name !== before?.name)
      Object.assign(this, { registers: undefined, answer: undefined, problem: '' });
    if (meter?.name !== before?.name || meter?.lastReading !== before?.lastReading) void this.fetch();
  }

  private async fetch(): Promise<void> {
    const name = this.meter?.name;
    if (name === undefined) return;
    try {
      const registers = await get<RegisterState[]>(meterPath(name, 'registers'));
      if (name !== this.meter?.name) return;
      this.registers = registers;
      this.problem = '';
    } catch (error) {
      if (name === this.meter?.name) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  protected override render(): TemplateResult {
    const { meter, registers } = this;
    if (meter === undefined) return html`<p class="empty">${say('noMeter')}</p>`;
    const wanted = this.search.toLowerCase();
    const found = (registers ?? []).filter(({ id, label, quantity }) =>
      `${id} ${label} ${quantity}`.toLowerCase().includes(wanted),
    );
    return html`<div class="row end">${meterChooser('registers', this.state.meters, meter.name)}</div>
      ${this.problem === '' ? '' : note('bad', this.problem)}
      <section class="card wide-table"><label class="search">${icon(mdiMagnify)}<span class="hidden">${say('search')}</span>
        <input type="search" placeholder=${say('searchRegisters')} @input=${(event: Event) => {
          this.search = (event.target as HTMLInputElement).value;
        }}></label>
        ${table(found, say('registers'))}
        ${registers !== undefined && found.length === 0 ? html`<p class="empty inset">${say('nothingFound')}</p>` : ''}
      </section>
      ${this.ask()}
      ${[meter.name].map((name) => html`<m2m-exchanges data-meter=${name} .meter=${meter} .version=${this.state.version}></m2m-exchanges>`)}`;
  }

  private ask(): TemplateResult {
    const { answer, asking } = this;
    return html`<section class="card"><h2>${say('askId')}</h2><p class="faint">${say('askIdHelp')}</p>
      <form class="row end" @submit=${this.send}><label class="field grow"><span>${say('ids')}</span>
        <input name="ids" inputmode="text" placeholder="60, 0x3F" required autocomplete="off"></label>
        <button class="filled" aria-disabled=${asking}>${say(asking ? 'readingNow' : 'ask')}</button></form>
      <div role="status">${
        answer === undefined
          ? ''
          : 'refused' in answer
            ? note('bad', answer.refused)
            : answer.registers.length === 0
              ? note('info', say('notThere'))
              : table(answer.registers, say('askId'))
      }</div></section>`;
  }

  private readonly send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.asking) return;
    const typed = new FormData(event.target as HTMLFormElement).get('ids')?.toString() ?? '';
    const ids = typed
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(idOf);
    if (ids.includes(undefined)) {
      this.answer = { refused: say('noId') };
      return;
    }
    const name = this.meter?.name ?? '';
    this.asking = true;
    try {
      const registers = await post<RegisterState[]>(meterPath(name, 'ask'), { ids });
      if (name === this.meter?.name) this.answer = { registers };
    } catch (error) {
      const refused = error instanceof Error ? error.message : String(error);
      if (name === this.meter?.name) this.answer = { refused };
    } finally {
      this.asking = false;
    }
  };
}

/** Decimal, or hexadecimal with 0x in front. */
function idOf(text: string): number | undefined {
  const [, hex, decimal] = ID.exec(text) ?? [];
  const id = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return id >= 0 && id <= 0xffff ? id : undefined;
}

function table(registers: readonly RegisterState[], name: string): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${name}><table class="registers"><thead><tr>
    <th class="right">${say('id')}</th><th>${say('register')}</th><th class="right">${say('value')}</th><th>${say('bytes')}</th>
    <th class="right">${say('age')}</th></tr></thead><tbody>${registers.map(
      ({ id, label, quantity, value, unit, bytes, readAt }) => html`<tr><td class="right">${id}</td>
      <td>${label ?? say('unknownRegister')}<span class="faint">${quantity ?? ''}</span></td>
      <td class="right">${value === null ? '–' : unit === null ? value : exact(value, tag())} <span class="unit">${unit ?? ''}</span></td>
      <td class="mono">${bytes ?? '–'}</td>
      <td class="right">${readAt === null ? '–' : ago(bridgeNow() - readAt, tag())}</td></tr>`,
    )}</tbody></table></div>`;
}

customElements.define('m2m-registers', Registers);
