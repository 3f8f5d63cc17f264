import { DANISH } from './texts/da.ts';
import { GERMAN } from './texts/de.ts';
import { ENGLISH } from './texts/en.ts';
import type { InfoTexts } from './texts/info-texts.ts';
import { DUTCH } from './texts/nl.ts';
import { SWEDISH } from './texts/sv.ts';

const TEXTS = { en: ENGLISH, da: DANISH, nl: DUTCH, sv: SWEDISH, de: GERMAN } as const satisfies Readonly<
  Record<string, InfoTexts>
>;

/** By the first part of its IETF tag. */
export type Language = keyof typeof TEXTS;

export const LANGUAGES = Object.keys(TEXTS) as readonly Language[];

export function textsIn(language: Language): InfoTexts {
  return TEXTS[language];
}
