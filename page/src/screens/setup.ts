import { html, type TemplateResult } from 'lit';
import type { MeterState, SavedSetup, SetupState, TestedPort } from '../../../src/web/api.ts';
import { post } from '../api.ts';
import { note } from '../parts/note.ts';
import { Part } from '../parts/part.ts';
import { say, sayNamed } from '../say.ts';
import '../parts/placement.ts';
import '../parts/port-field.ts';

const PRESETS = ['saver', 'hourly', 'balanced', 'keep-awake', 'daily', 'live'] as const;

/** From a head that lies in a hand to a meter that is read. */
class Setup extends Part {
  static override properties = {
    meters: { attribute: false },
    setup: { state: true },
    port: { state: true },
    tested: { state: true },
    testing: { state: true },
    schedule: { state: true },
    mains: { state: true },
    problems: { state: true },
    saving: { state: true },
    saved: { state: true },
  };
  declare meters: readonly MeterState[];
  declare setup: SetupState | undefined;
  declare port: string;
  declare tested: TestedPort | undefined;
  declare testing: boolean;
  declare schedule: string;
  declare mains: boolean;
  declare problems: readonly string[];
  declare saving: boolean;
  declare saved: string | undefined;

  constructor() {
    super();
    this.meters = [];
    this.again();
  }

  private readonly again = (): void => {
    Object.assign(this, { port: '', tested: undefined, testing: false, schedule: 'saver', mains: false });
    Object.assign(this, { problems: [], saving: false, saved: undefined });
  };

  protected override render(): TemplateResult {
    const { setup, saved } = this;
    if (saved !== undefined)
      return html`<section class="card centre">${note('good', say('saved', { name: saved }))}
        <div class="row centred"><a class="button" href="#/now">${say('toNow')}</a>
        <button @click=${this.again}>${say('addAnother')}</button></div></section>`;
    return html`<div class="narrow"><p>${say('setupNeeds')}</p>
      ${setup?.problem ? note('warn', setup.problem) : ''}
      <section class="card"><h2>${say('stepPort')}</h2>
        <m2m-port-field .fresh=${true} .known=${new Map(this.meters.map(({ port, name }) => [port, name]))}
          @setup=${(event: CustomEvent<SetupState | undefined>) => {
            this.setup = event.detail;
          }} @chosen=${this.chosen}></m2m-port-field></section>
      ${this.test()} ${this.tested?.ok === true ? this.details() : ''}</div>`;
  }

  private test(): TemplateResult {
    const { testing, port, tested } = this;
    return html`<section class="card"><h2>${say('stepTest')}</h2>
      <p class="faint">${say('testCost')}</p>
      <button class="filled" ?disabled=${port === ''} aria-disabled=${testing} @click=${this.ask}>${say(testing ? 'testing' : 'test')}</button>
      <div role="status" class="result">${tested === undefined || testing ? '' : result(tested)}</div>
      ${
        tested?.ok === false
          ? html`<h3>${say('placeHead')}</h3><m2m-placement .port=${port} @ended=${this.placed}></m2m-placement>`
          : ''
      }</section>`;
  }

  private details(): TemplateResult {
    const meter = this.tested?.meter;
    return html`<form class="card" @submit=${this.save}><h2>${say('stepName')}</h2>
      <label class="field"><span>${say('meterName')}</span>
        <input name="name" required maxlength="60" .value=${meter?.proposedName ?? ''}></label>
      <label class="check"><input type="checkbox" .checked=${this.mains} @change=${(event: Event) => {
        this.mains = (event.target as HTMLInputElement).checked;
        if (!this.mains && this.schedule === 'live') this.schedule = 'saver';
      }}>${say('mainsPowered')}</label>
      <label class="field"><span>${say('schedule')}</span><select name="schedule" @change=${(
        event: Event,
      ) => {
        this.schedule = (event.target as HTMLSelectElement).value;
      }}>${PRESETS.filter((name) => name !== 'live' || this.mains).map(
        (name) =>
          html`<option value=${name} ?selected=${name === this.schedule}>${sayNamed('preset', name)}</option>`,
      )}</select></label>
      ${meter === null || meter === undefined ? '' : html`<p class="faint">${meter.proposedSchedule.why}</p>`}
      <p class="faint">${this.setup?.target === 'addon' ? say('targetAddon') : say('targetFile')}</p>
      <div role="alert">${this.problems.map((problem) => note('bad', problem))}</div>
      <button class="filled" ?disabled=${this.setup?.target === null} aria-disabled=${this.saving}>${say(this.saving ? 'saving' : 'save')}</button>
    </form>`;
  }

  private readonly chosen = ({ detail }: CustomEvent<string>): void => {
    if (detail !== this.port) this.tested = undefined;
    this.port = detail;
  };

  private readonly placed = ({ detail }: CustomEvent<{ readonly good: boolean }>): void => {
    if (detail.good) void this.ask();
  };

  private readonly ask = async (): Promise<void> => {
    const { port } = this;
    if (this.testing) return;
    this.testing = true;
    try {
      const tested = await post<TestedPort>('setup/test', { port });
      if (port !== this.port) return;
      this.tested = tested;
      const preset = tested.meter?.proposedSchedule.preset;
      if (preset !== undefined) this.schedule = preset;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.tested = { ok: false, meter: null, problem, advice: [] };
    } finally {
      this.testing = false;
    }
  };

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.saving) return;
    const name = new FormData(event.target as HTMLFormElement).get('name')?.toString().trim() ?? '';
    const { port, schedule, mains: mainsPowered } = this;
    this.saving = true;
    try {
      const { problems } = await post<SavedSetup>('setup', { name, port, schedule, mainsPowered });
      this.problems = problems;
      if (problems.length === 0) this.saved = name;
    } catch (error) {
      this.problems = [error instanceof Error ? error.message : String(error)];
    } finally {
      this.saving = false;
    }
  };
}

function result({ ok, meter, problem, advice }: TestedPort): TemplateResult {
  const hints = [...advice, ...(meter?.advice ?? [])];
  const list = hints.length === 0 ? '' : html`<ul>${hints.map((hint) => html`<li>${hint}</li>`)}</ul>`;
  if (!ok || meter === null) return html`${note('bad', problem ?? '', say('notFound'))}${list}`;
  const name = [meter.model, meter.serialNumber].filter((part) => part !== null).join(', ');
  return html`${note('good', say('found', { meter: name }))}${list}`;
}

customElements.define('m2m-setup', Setup);
