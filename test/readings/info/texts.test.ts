import { describe, expect, it } from 'vitest';
import { flattenKeys } from '../../../src/config/config-key.ts';
import { configKeys } from '../../../src/config/config-keys.ts';
import { LANGUAGES, textsIn } from '../../../src/readings/info/language.ts';
import { ENGLISH } from '../../../src/readings/info/texts/en.ts';
import type { InfoTexts } from '../../../src/readings/info/texts/info-texts.ts';

const KEYS = Object.keys(ENGLISH) as (keyof InfoTexts)[];

it('there are five languages, and the configuration takes each of them', () => {
  expect(LANGUAGES).toEqual(['en', 'da', 'nl', 'sv', 'de']);
  const key = new Map(flattenKeys(configKeys('.'))).get('language');
  expect(LANGUAGES.filter((language) => key?.kind.fault(language) !== null)).toEqual([]);
});

describe.each(LANGUAGES)('the texts in %s', (language) => {
  const texts = textsIn(language);

  it('are complete, and nothing else', () => {
    expect(Object.keys(texts).sort()).toEqual([...KEYS].sort());
  });

  it.each(KEYS)('%s is short, trimmed, and takes what is put in', (key) => {
    const text = texts[key];
    expect(text).toBe(text.trim());
    expect(text.length).toBeGreaterThan(2);
    expect(text.length).toBeLessThan(120);
    expect(text).not.toMatch(/[.;]$/);
    expect(text.match(/\{\w+\}/g)).toEqual(ENGLISH[key].match(/\{\w+\}/g));
  });

  it('tell everything apart', () => {
    expect(new Set(Object.values(texts)).size).toBe(KEYS.length);
  });

  it.skipIf(language === 'en')('are translated', () => {
    expect(KEYS.filter((key) => texts[key] === ENGLISH[key])).toEqual([]);
  });
});

it.each([
  ['da', 'more', 'og {count} flere'],
  ['da', 'leakColdWater', 'lækage i koldtvandssystemet'],
  ['nl', 't1AboveRange', 'aanvoertemperatuursensor niet aangesloten of boven het meetbereik'],
  ['nl', 'leakColdWater', 'lek in de koudwaterleiding'],
  ['nl', 'v1PulseFigure', 'verkeerde pulswaarde van de flowsensor'],
  ['sv', 'v1PulseFigure', 'fel pulsvärde för flödesgivaren'],
  ['sv', 'reverseFlow', 'vattnet flödar baklänges'],
  ['de', 'leakColdWater', 'Leck in der Kaltwasserleitung'],
  ['de', 'v1PulseFigure', 'falsche Impulswertigkeit des Durchflusssensors'],
  ['en', 'leakColdWater', 'leak in the cold water pipe'],
] as const)('in %s, %s is "%s"', (language, key, text) => {
  expect(textsIn(language)[key]).toBe(text);
});
