import { mdiStop, mdiVolumeHigh, mdiVolumeOff } from '@mdi/js';
import { html, type TemplateResult } from 'lit';
import type { PlacementMessage } from '../../../src/web/api.ts';
import { lines } from '../api.ts';
import { countdown, exact } from '../format.ts';
import { say, tag } from '../say.ts';
import { dial } from './dial.ts';
import { icon } from './icon.ts';
import { note } from './note.ts';
import { Part } from './part.ts';
import { Sound } from './sound.ts';

type Seen = PlacementMessage & { readonly kind: 'view' };

const MINUTES = 5;
/** Nobody looks any more: the meter's battery is not for that. */
const HIDDEN = 30_000;
/** The bridge tells something twice a second. */
const SILENT = 15_000;
const VERDICTS = [
  'good',
  'hold-still',
  'unsteady',
  'damaged',
  'foreign',
  'echo-only',
  'noise',
  'nothing',
] as const;
const FAIR = ['hold-still', 'unsteady', 'damaged'];

/** Asks the meter twice a second, from a tap until a tap, and tells how well the head sits. */
class Placement extends Part {
  static override properties = {
    port: {},
    baudRate: { attribute: false },
    running: { state: true },
    seen: { state: true },
    ended: { state: true },
    loud: { state: true },
  };
  declare port: string;
  declare baudRate: number | undefined;
  declare running: boolean;
  declare seen: Seen | undefined;
  /** Why it ended, and whether that is bad. */
  declare ended: { readonly text: string; readonly mark: 'good' | 'warn' | 'bad' } | undefined;
  declare loud: boolean;
  private readonly sound = new Sound();
  private gone: AbortController | undefined;
  private lock: WakeLockSentinel | undefined;
  private silence: number | undefined;
  private unseen: number | undefined;

  constructor() {
    super();
    Object.assign(this, { port: '', running: false, loud: false });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.looked);
    addEventListener('pagehide', this.left);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.looked);
    removeEventListener('pagehide', this.left);
    this.left();
  }

  protected override render(): TemplateResult {
    const { running, seen, ended } = this;
    const mark = ended === undefined ? '' : note(ended.mark, ended.text);
    if (!running)
      return html`<div role="status">${mark}</div>
        <p>${say('placeWhat')}</p><p class="faint">${say('placeCost', { minutes: String(MINUTES) })}</p>
        <button class="filled big" ?disabled=${this.port === ''} @click=${this.start}>${say('start')}</button>`;
    return html`<div class="placing">
      ${seen === undefined ? html`<p class="loading">${say('waitingForPort')}</p>` : this.picture(seen)}
      <p class="advice" role="status">${seen === undefined ? '' : advice(seen)}</p>
      ${seen === undefined ? '' : facts(seen)}
      <div class="big-buttons">
        <button aria-pressed=${this.loud} @click=${this.turn}>${icon(this.loud ? mdiVolumeHigh : mdiVolumeOff)}${say(this.loud ? 'soundOn' : 'soundOff')}</button>
        <button class="danger" @click=${() => this.stop(say('placeOver'), 'good')}>${icon(mdiStop)}${say('stop')}</button>
      </div>
    </div>`;
  }

  private picture({ answered, asked, verdict }: Seen): TemplateResult {
    return dial(answered, asked, verdict === 'good' ? 'good' : FAIR.includes(verdict) ? 'warn' : 'bad');
  }

  private readonly start = async (): Promise<void> => {
    const gone = new AbortController();
    Object.assign(this, { gone, running: true, seen: undefined, ended: undefined, loud: true });
    this.dispatchEvent(new CustomEvent('began'));
    this.sound.start();
    void this.stayAwake();
    try {
      this.listen();
      const asked = {
        port: this.port,
        minutes: MINUTES,
        ...(this.baudRate === undefined ? {} : { baudRate: this.baudRate }),
      };
      for await (const message of lines<PlacementMessage>('placement', asked, gone.signal)) {
        this.listen();
        if (message.kind === 'over') {
          this.stop(message.problem ?? say('placeOver'), message.problem === null ? 'good' : 'bad');
          return;
        }
        if (message.kind === 'view') this.take(message);
      }
      if (!gone.signal.aborted) this.stop(say('placeLost'), 'bad');
    } catch (error) {
      if (!gone.signal.aborted)
        this.stop(
          error instanceof Error && error.name !== 'TypeError' ? error.message : say('placeLost'),
          'bad',
        );
    }
  };

  private take(view: Seen): void {
    const more = view.asked > 0 && view.answered > 0;
    if (this.loud && more) this.sound.beep(view.answered / view.asked);
    this.seen = view;
  }

  /** Closing the stream gives the port back to the bridge. */
  private stop(text: string, mark: 'good' | 'warn' | 'bad'): void {
    clearTimeout(this.silence);
    clearTimeout(this.unseen);
    this.gone?.abort();
    this.gone = undefined;
    this.sound.stop();
    void this.lock?.release().catch(() => undefined);
    this.lock = undefined;
    if (!this.running) return;
    this.running = false;
    this.ended = { text, mark };
    const { serialNumber, verdict } = this.seen ?? { serialNumber: null, verdict: '' };
    this.dispatchEvent(new CustomEvent('ended', { detail: { serialNumber, good: verdict === 'good' } }));
  }

  private listen(): void {
    clearTimeout(this.silence);
    // A reading that runs may keep the port for a while at first.
    this.silence = setTimeout(
      () => this.stop(say('placeLost'), 'bad'),
      this.seen === undefined ? SILENT * 8 : SILENT,
    );
  }

  private async stayAwake(): Promise<void> {
    try {
      this.lock = await navigator.wakeLock?.request('screen');
      if (!this.running) void this.lock?.release();
    } catch {
      // Over plain HTTP there is none, and a low battery refuses it.
    }
  }

  private readonly looked = (): void => {
    clearTimeout(this.unseen);
    if (!this.running) return;
    if (document.hidden) this.unseen = setTimeout(() => this.stop(say('placeHidden'), 'warn'), HIDDEN);
    else void this.stayAwake();
  };

  private readonly left = (): void => this.stop(say('placeOver'), 'good');

  private readonly turn = (): void => {
    this.loud = !this.loud;
    if (this.loud) this.sound.start();
  };
}

function advice({ verdict, asked }: Seen): string {
  if (asked === 0) return say('verdict_first');
  const known = VERDICTS.find((each) => each === verdict);
  if (known === undefined) return '';
  return say(`verdict_${known.replace('-', '_') as 'hold_still'}`);
}

function facts(seen: Seen): TemplateResult {
  const fact = (label: string, value: string): TemplateResult =>
    html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  const cost = exact(seen.cost.toFixed(1), tag());
  return html`<dl class="facts">
    ${fact(say('serial'), seen.serialNumber ?? '–')} ${fact(say('echo'), say(seen.echoSeen ? 'echoYes' : 'echoNo'))}
    ${fact(say('damaged'), String(seen.damagedReplies))} ${fact(say('discarded'), String(seen.discardedBytes))}
    </dl><p class="faint centred">${say('stopsIn', { time: countdown(seen.left) })} · ${say('costSoFar', { cost })}</p>`;
}

customElements.define('m2m-placement', Placement);
