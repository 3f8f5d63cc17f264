import { describe, expect, it } from 'vitest';
import { DANISH } from '../../page/src/words/da.ts';
import { GERMAN } from '../../page/src/words/de.ts';
import { ENGLISH, type Words } from '../../page/src/words/en.ts';
import { DUTCH } from '../../page/src/words/nl.ts';
import { SWEDISH } from '../../page/src/words/sv.ts';
import { LANGUAGES } from '../../src/catalogue/texts/languages.ts';

const ALL: Readonly<Record<string, Words>> = { en: ENGLISH, da: DANISH, nl: DUTCH, sv: SWEDISH, de: GERMAN };
const blanks = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();

describe('the words of the page', () => {
  it('are there in each language that readings have', () => {
    expect(Object.keys(ALL).sort()).toEqual([...LANGUAGES].sort());
  });

  it.each(Object.entries(ALL))('say all of it in %s, with the same blanks', (_, words) => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(ENGLISH).sort());
    for (const [key, text] of Object.entries(words)) {
      expect(text.trim(), key).not.toBe('');
      expect(blanks(text), key).toEqual(blanks(ENGLISH[key as keyof Words]));
    }
  });
});
