import { html, type TemplateResult } from 'lit';
import type { SetupState } from '../../../src/web/api.ts';
import { get } from '../api.ts';
import { say } from '../say.ts';
import { note } from './note.ts';
import { Part } from './part.ts';

const ADDRESS = 'address';

/** Which head: one that is plugged in, by name, or a gateway by its address. Tells `chosen` (the port, '' for none). */
class PortField extends Part {
  static override properties = {
    /** Ports that the bridge reads, with their meters' names. */
    known: { attribute: false },
    /** Only what nobody reads yet. */
    fresh: { attribute: false },
    setup: { state: true },
    problem: { state: true },
    choice: { state: true },
    address: { state: true },
  };
  declare known: ReadonlyMap<string, string>;
  declare fresh: boolean;
  declare setup: SetupState | undefined;
  declare problem: string;
  declare choice: string;
  declare address: string;

  constructor() {
    super();
    Object.assign(this, {
      known: new Map<string, string>(),
      fresh: false,
      problem: '',
      choice: '',
      address: '',
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.search();
  }

  private readonly search = async (): Promise<void> => {
    this.problem = '';
    try {
      this.setup = await get<SetupState>('setup');
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    const first = this.options.find(({ disabled }) => !disabled);
    if (this.choice === '') this.choose(first?.port ?? (this.fresh ? ADDRESS : ''));
    this.dispatchEvent(new CustomEvent('setup', { detail: this.setup }));
  };

  private get options(): readonly { port: string; what: string; disabled: boolean }[] {
    const used = new Set([...(this.setup?.used ?? []), ...this.known.keys()]);
    const mine = this.fresh
      ? []
      : [...this.known].map(([port, name]) => ({ port, what: name, disabled: false }));
    const others = (this.setup?.ports ?? [])
      .filter(({ port }) => this.fresh || !this.known.has(port))
      .map(({ port, what }) => ({ port, what, disabled: this.fresh && used.has(port) }));
    return [...mine, ...others];
  }

  protected override render(): TemplateResult {
    const { choice, options } = this;
    const row = (value: string, title: string, small: string, disabled = false): TemplateResult =>
      html`<label class="option ${disabled ? 'off' : ''}"><input type="radio" name="port" value=${value} ?disabled=${disabled}
        .checked=${choice === value} @change=${() => this.choose(value)}><span>${title}<span class="faint">${small}</span></span></label>`;
    return html`<fieldset class="ports"><legend class="hidden">${say('chooseHead')}</legend>
      ${this.problem === '' ? '' : note('bad', this.problem)}
      ${options.length === 0 && this.setup !== undefined ? note('info', say('noPorts')) : ''}
      ${options.map(({ port, what, disabled }) => row(port, what, disabled ? `${port} · ${say('inUse')}` : port, disabled))}
      ${row(ADDRESS, say('byAddress'), 'ser2net, ESP32, USR-W610')}
      ${
        choice === ADDRESS
          ? html`<label class="field inset"><span>${say('gatewayAddress')}</span>
            <input name="address" placeholder="192.168.1.20:2001" autocapitalize="off" spellcheck="false" .value=${this.address} @input=${(
              event: Event,
            ) => {
              this.address = (event.target as HTMLInputElement).value;
              this.tell();
            }}></label>`
          : ''
      }
      <button type="button" class="quiet" @click=${this.search}>${say('refresh')}</button>
    </fieldset>`;
  }

  private choose(value: string): void {
    this.choice = value;
    this.tell();
  }

  private tell(): void {
    const address = this.address.trim();
    const url = address === '' || address.includes('://') ? address : `tcp://${address}`;
    this.dispatchEvent(new CustomEvent('chosen', { detail: this.choice === ADDRESS ? url : this.choice }));
  }
}

customElements.define('m2m-port-field', PortField);
