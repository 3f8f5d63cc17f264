import type { Language } from '../texts/languages.ts';
import { DANISH } from './da.ts';
import { GERMAN } from './de.ts';
import type { Labels } from './labels.ts';
import { DUTCH } from './nl.ts';
import { SWEDISH } from './sv.ts';

/** English stands in the row of each quantity. */
const LABELS: Readonly<Record<Exclude<Language, 'en'>, Labels>> = {
  da: DANISH,
  nl: DUTCH,
  sv: SWEDISH,
  de: GERMAN,
};

/** The label of a public name, where `english` is its own; that one where nobody has translated it. */
export function labelIn(language: Language, name: string, english: string): string {
  return language === 'en' ? english : (labelOf(LABELS[language], name) ?? english);
}

function labelOf(labels: Labels, name: string): string | undefined {
  const { names, beginnings, endings } = labels;
  const [number = ''] = /\d+(?=\D*$)/.exec(name) ?? [];
  const numbered = name.replace(/\d+(?=\D*$)/, '#');
  const whole = names[name] ?? names[numbered];
  if (whole !== undefined) return whole.replace('#', number);
  for (const [ending, text] of Object.entries(endings)) {
    const end = ending.replace('#', number);
    const rest = name.endsWith(end) ? labelOf(labels, name.slice(0, -end.length)) : undefined;
    if (rest !== undefined) return text.replace('#', number).replace('{}', rest);
  }
  for (const [beginning, text] of Object.entries(beginnings)) {
    const rest = name.startsWith(beginning) ? labelOf(labels, name.slice(beginning.length)) : undefined;
    if (rest !== undefined) return text.replace('{}', rest);
  }
  return undefined;
}
