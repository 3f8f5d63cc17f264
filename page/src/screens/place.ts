import { html, type TemplateResult } from 'lit';
import type { MeterState } from '../../../src/web/api.ts';
import { Part } from '../parts/part.ts';
import { say } from '../say.ts';
import '../parts/placement.ts';
import '../parts/port-field.ts';

/** Helps whoever stands at the meter with the head in a hand. */
class Place extends Part {
  static override properties = {
    meters: { attribute: false },
    name: { attribute: false },
    port: { state: true },
  };
  declare meters: readonly MeterState[];
  declare name: string | undefined;
  declare port: string;
  declare running: boolean;

  constructor() {
    super();
    Object.assign(this, { meters: [], port: '', running: false });
  }

  protected override render(): TemplateResult {
    const known = new Map(this.meters.map(({ port, name }) => [port, name]));
    return html`<div class="narrow"><section class="card" ?hidden=${this.running}><h2>${say('chooseHead')}</h2>
      <m2m-port-field .known=${known} @chosen=${(event: CustomEvent<string>) => {
        this.port = event.detail;
      }}></m2m-port-field></section>
      <section class="card">${this.running ? html`<h2 class="centred">${known.get(this.port) ?? this.port}</h2>` : ''}
        <m2m-placement .port=${this.port} @began=${() => this.run(true)} @ended=${() => this.run(false)}></m2m-placement></section></div>`;
  }

  private run(running: boolean): void {
    this.running = running;
    scrollTo(0, 0);
  }
}

customElements.define('m2m-place', Place);
