import { DANISH } from './da.ts';
import { GERMAN } from './de.ts';
import { ENGLISH } from './en.ts';
import { DUTCH } from './nl.ts';
import { SWEDISH } from './sv.ts';
import type { InfoTexts } from './texts.ts';

const TEXTS = { en: ENGLISH, da: DANISH, nl: DUTCH, sv: SWEDISH, de: GERMAN } as const satisfies Readonly<
  Record<string, InfoTexts>
>;

/** By the first part of its IETF tag. */
export type Language = keyof typeof TEXTS;

export const LANGUAGES = Object.keys(TEXTS) as readonly Language[];

export function textsIn(language: Language): InfoTexts {
  return TEXTS[language];
}
