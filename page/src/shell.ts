import {
  mdiBatteryHeartVariant,
  mdiChartBar,
  mdiDotsHorizontal,
  mdiFormatListNumbered,
  mdiGaugeFull,
  mdiLogout,
  mdiPlusCircleOutline,
  mdiTargetVariant,
  mdiTextBoxOutline,
  mdiTransitConnectionVariant,
} from '@mdi/js';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { get, logOut, whenLocked } from './api.ts';
import { Live } from './live.ts';
import { icon } from './parts/icon.ts';
import { note } from './parts/note.ts';
import { Part } from './parts/part.ts';
import { say } from './say.ts';
import './parts/login.ts';
import './screens/now.ts';

type Name = 'now' | 'history' | 'place' | 'battery' | 'registers' | 'outputs' | 'log' | 'setup' | 'more';

/** In the order of the bar; the first three have a place of their own on a phone. */
const BAR: readonly (readonly [name: Name, label: Parameters<typeof say>[0], icon: string])[] = [
  ['now', 'now', mdiGaugeFull],
  ['history', 'history', mdiChartBar],
  ['place', 'placeHead', mdiTargetVariant],
  ['battery', 'battery', mdiBatteryHeartVariant],
  ['registers', 'registers', mdiFormatListNumbered],
  ['outputs', 'outputs', mdiTransitConnectionVariant],
  ['log', 'log', mdiTextBoxOutline],
  ['setup', 'addMeter', mdiPlusCircleOutline],
];
const ON_PHONE = 3;
/** Milliseconds: a server that starts again is not worth a word. */
const SHORT = 2_000;

/** Fetched when they are opened. */
const SCREENS: Readonly<Partial<Record<Name, () => Promise<unknown>>>> = {
  history: () => import('./screens/history.ts'),
  place: () => import('./screens/place.ts'),
  registers: () => import('./screens/registers.ts'),
  battery: () => import('./screens/battery.ts'),
  log: () => import('./screens/log.ts'),
  setup: () => import('./screens/setup.ts'),
  outputs: () => import('./screens/outputs.ts'),
};

/** What is there to be opened. */
const OFFERED = BAR.filter(([name]) => name === 'now' || SCREENS[name] !== undefined);

/** The frame: what is chosen, how the connection is, and who may look. */
class Page extends Part {
  static override properties = {
    ready: { type: Boolean },
    route: { state: true },
    locked: { state: true },
    loaded: { state: true },
    missing: { state: true },
    refused: { state: true },
  };
  declare ready: boolean;
  declare route: { readonly screen: Name; readonly rest: string | undefined };
  declare locked: boolean;
  declare loaded: ReadonlySet<Name>;
  /** Their files did not come: the bridge was updated since, or was away. */
  declare missing: ReadonlySet<Name>;
  /** Why somebody has not been logged out. */
  declare refused: string;
  private readonly live = new Live();
  private started = false;

  constructor() {
    super();
    this.locked = false;
    this.loaded = new Set<Name>(['now', 'more']);
    this.missing = new Set();
    this.refused = '';
    this.route = routeOf(location.hash);
    this.live.addEventListener('change', () => {
      const { state, away } = this.live;
      if (state?.needsSetup === true && location.hash === '') location.replace('#/setup');
      if (away !== undefined) setTimeout(() => this.requestUpdate(), SHORT);
      this.requestUpdate();
    });
    addEventListener('hashchange', () => {
      this.route = routeOf(location.hash);
      void this.updateComplete.then(() => this.querySelector('main')?.focus());
      scrollTo(0, 0);
    });
    whenLocked(() => {
      this.live.stop();
      this.locked = true;
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.ready && !this.started) {
      this.started = true;
      this.live.start();
    }
    if (changed.has('route')) void this.load(this.route.screen);
  }

  private async load(name: Name): Promise<void> {
    if (this.loaded.has(name)) return;
    if (this.missing.has(name)) return this.reload();
    try {
      await SCREENS[name]?.();
      this.loaded = new Set([...this.loaded, name]);
    } catch {
      this.missing = new Set([...this.missing, name]);
    }
  }

  /** Browsers remember that a file did not come until the page is loaded anew. Only somebody's wish leads here: it never goes round. */
  private readonly reload = async (): Promise<void> => {
    const { screen } = this.route;
    try {
      await get('state');
    } catch {
      // Without a bridge there would be no page left.
      return;
    }
    if (this.route.screen === screen) location.reload();
  };

  protected override render(): TemplateResult | string {
    if (!this.ready) return '';
    if (this.locked)
      return html`<m2m-login @done=${() => {
        this.locked = false;
        this.live.again();
      }}></m2m-login>`;
    const { screen } = this.route;
    const title = BAR.find(([name]) => name === screen)?.[1] ?? 'more';
    document.title = `${say(title)} – multical2mqtt`;
    return html`<a class="skip" href="#main" @click=${this.skip}>${say('skip')}</a>
      <div class="frame">
        <nav class="bar" aria-label=${say('screens')}>
          <span class="brand" aria-hidden="true"><img src=${brand()} alt="" width="28" height="28">multical2mqtt</span>
          ${OFFERED.map(([name, label, path], index) => link(name, say(label), path, screen === name, index >= ON_PHONE ? 'not-on-phone' : ''))}
          ${link('more', say('more'), mdiDotsHorizontal, BAR.findIndex(([name]) => name === screen) >= ON_PHONE || screen === 'more', 'only-on-phone')}
        </nav>
        <main id="main" tabindex="-1">
          <header class="top"><h1 class="grow">${say(title)}</h1>${this.exit()}</header>
          ${this.banner()}
          ${this.screen()}
        </main>
      </div>`;
  }

  private exit(): TemplateResult | string {
    if (this.live.state?.usesPassword !== true) return '';
    return html`<button class="quiet round-button" aria-label=${say('logOut')} title=${say('logOut')} @click=${this.leave}>${icon(mdiLogout)}</button>`;
  }

  private readonly leave = async (): Promise<void> => {
    try {
      await logOut();
    } catch (error) {
      this.refused = error instanceof Error ? error.message : String(error);
      return;
    }
    this.refused = '';
    this.live.forget();
    this.locked = true;
  };

  private banner(): TemplateResult {
    const { away, state } = this.live;
    const long = away !== undefined && Date.now() - away.since >= SHORT;
    return html`<div role="status">${
      long
        ? html`<div class="banner">${away.why === '' ? say('bridgeAway') : away.why} ${state === undefined ? '' : say('oldValues')}</div>`
        : ''
    }${this.refused === '' ? '' : note('bad', this.refused)}</div>`;
  }

  private screen(): TemplateResult {
    const { state } = this.live;
    const { screen, rest } = this.route;
    if (this.missing.has(screen))
      return html`<section class="card centre"><p role="status">${say('screenMissing')}</p>
        <button class="filled" @click=${this.reload}>${say('reload')}</button></section>`;
    if (screen === 'more') return more(OFFERED);
    if (state === undefined || !this.loaded.has(screen))
      return html`<div class="loading" role="status">${say('loading')}</div>`;
    switch (screen) {
      case 'history':
        return html`<m2m-history .meters=${state.meters} .name=${rest}></m2m-history>`;
      case 'place':
        return html`<m2m-place .meters=${state.meters} .name=${rest}></m2m-place>`;
      case 'setup':
        return html`<m2m-setup .meters=${state.meters}></m2m-setup>`;
      case 'registers':
        return html`<m2m-registers .state=${state} .name=${rest}></m2m-registers>`;
      case 'battery':
        return html`<m2m-battery .meters=${state.meters} .name=${rest}></m2m-battery>`;
      case 'log':
        return html`<m2m-log .lines=${this.live.log}></m2m-log>`;
      case 'outputs':
        return html`<m2m-outputs .state=${state}></m2m-outputs>`;
      default:
        return html`<m2m-now .state=${state} .name=${rest}></m2m-now>`;
    }
  }

  private readonly skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector('main')?.focus();
  };
}

function link(name: Name, label: string, path: string, current: boolean, style: string): TemplateResult {
  return html`<a class=${style} href="#/${name}" aria-current=${current ? 'page' : 'false'}>${icon(path)}<span>${label}</span></a>`;
}

/** What has no place in the bar of a phone. */
function more(offered: typeof BAR): TemplateResult {
  return html`<nav class="card list" aria-label=${say('more')}>${offered
    .slice(ON_PHONE)
    .map(([name, label, path]) => link(name, say(label), path, false, ''))}</nav>`;
}

function brand(): string {
  return document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '';
}

function routeOf(hash: string): { screen: Name; rest: string | undefined } {
  const [screen = '', rest] = hash.replace(/^#\//, '').split('/');
  const known = BAR.some(([name]) => name === screen) || screen === 'more';
  return {
    screen: known ? (screen as Name) : 'now',
    rest: rest === undefined ? undefined : unescaped(rest),
  };
}

/** What somebody typed may be no escape. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

customElements.define('m2m-page', Page);
