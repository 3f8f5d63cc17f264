import type { Surroundings } from '../addon/surroundings.ts';
import { LANGUAGES, type Language } from '../catalogue/texts/languages.ts';
import type { Appearance } from '../outputs/home-assistant/discovery.ts';
import { BackOff } from '../shared/clock.ts';
import type { Deps } from '../shared/deps.ts';
import { messageOf } from '../shared/errors.ts';
import type { DocumentKind, StateDocument } from './state-document.ts';
import type { StateStore } from './state-store.ts';

interface SurroundingsWatchOptions extends Deps {
  /** Undefined where there is nobody to ask. */
  readonly surroundings: Surroundings | undefined;
  /** What holds while nobody has told otherwise. */
  readonly standard: Appearance;
  /** That of the configuration; undefined where it names none. */
  readonly ownLanguage: Language | undefined;
  readonly store: StateStore;
  readonly changed: () => void;
}

type Told = Partial<Appearance>;

/** Milliseconds. Home Assistant may start after us, and take its time. */
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 600_000;

/**
 * How the bridge is to appear, as its surroundings tell. They are asked beside everything else; until they answer, what
 * they told in an earlier run holds.
 */
export class SurroundingsWatch {
  private readonly options: SurroundingsWatchOptions;
  private readonly document: StateDocument<Told>;
  private readonly ending = new AbortController();
  /** By what is asked for. */
  private readonly pauses = new Map<keyof Told, () => void>();

  constructor(options: SurroundingsWatchOptions) {
    this.options = options;
    this.document = options.store.document('bridge/surroundings', TOLD);
  }

  get appearance(): Appearance {
    const { surroundings, standard } = this.options;
    if (surroundings === undefined) return standard;
    const { language, page = standard.page } = this.document.read() ?? {};
    return { language: this.options.ownLanguage ?? language ?? standard.language, page };
  }

  start(): void {
    const { surroundings } = this.options;
    if (surroundings === undefined) return;
    this.ask('page', surroundings.page);
    if (this.options.ownLanguage === undefined) this.ask('language', surroundings.language);
  }

  stop(): void {
    this.ending.abort();
    for (const cancel of this.pauses.values()) cancel();
  }

  private ask<Name extends keyof Told>(name: Name, ask: (signal: AbortSignal) => Promise<Told[Name]>): void {
    const { clock, random, logger } = this.options;
    const { signal } = this.ending;
    const backOff = new BackOff(FIRST_PAUSE, LONGEST_PAUSE, random);
    const attempt = (): void => {
      ask(signal).then(
        (told) => {
          if (!signal.aborted) this.keep(name, told);
        },
        (error: unknown) => {
          if (signal.aborted) return;
          logger.debug(`${messageOf(error)} It is asked again`);
          this.pauses.set(name, clock.after(backOff.next(), attempt));
        },
      );
    };
    attempt();
  }

  private keep<Name extends keyof Told>(name: Name, told: Told[Name]): void {
    const { [name]: before, ...others } = this.document.read() ?? {};
    if (told === before) return;
    this.document.write({ ...others, ...(told !== undefined && { [name]: told }) });
    this.options.changed();
  }
}

const TOLD: DocumentKind<Told> = {
  restore: ({ page, language: tag }) => ({
    ...withLanguage(LANGUAGES.find((each) => each === tag)),
    ...(typeof page === 'string' && page.startsWith('homeassistant://') && { page }),
  }),
  holds: 'where Home Assistant shows the page of the bridge, and in which language it speaks',
};

function withLanguage(language: Language | undefined): Told {
  return language === undefined ? {} : { language };
}
