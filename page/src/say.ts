import type { Words } from './words/en.ts';

const LANGUAGES: Readonly<Record<string, () => Promise<Words>>> = {
  en: async () => (await import('./words/en.ts')).ENGLISH,
  da: async () => (await import('./words/da.ts')).DANISH,
  nl: async () => (await import('./words/nl.ts')).DUTCH,
  sv: async () => (await import('./words/sv.ts')).SWEDISH,
  de: async () => (await import('./words/de.ts')).GERMAN,
};

let words: Words | undefined;
let chosen = 'en';
let locale = 'en';

/** The first of the reader's languages that there is, and only that one, is fetched. */
export async function loadWords(wanted: readonly string[]): Promise<void> {
  const first = wanted.find((tag) => Object.hasOwn(LANGUAGES, base(tag)));
  chosen = base(first ?? 'en');
  locale = first ?? 'en';
  words = await LANGUAGES[chosen]?.();
}

function base(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? '';
}

/** As the bridge is asked for it. */
export function language(): string {
  return chosen;
}

/** For `Intl`: with the reader's country. */
export function tag(): string {
  return locale;
}

/** The text for something that the bridge names, such as the preset `keep-awake`; undefined where there is none. */
export function sayNamed(group: 'preset' | 'outlet', name: string): string | undefined {
  const key = `${group}_${name.replaceAll('-', '_')}`;
  return Object.entries(words ?? {}).find(([known]) => known === key)?.[1];
}

/** A text, with `{name}` filled in. */
export function say(key: keyof Words, values: Readonly<Record<string, string>> = {}): string {
  const text = words?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}
