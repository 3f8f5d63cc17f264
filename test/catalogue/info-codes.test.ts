import { describe, expect, it } from 'vitest';
import type { InfoTableName } from '../../src/catalogue/family.ts';
import { ENGLISH } from '../../src/catalogue/texts/en.ts';
import { LANGUAGES, textsIn } from '../../src/catalogue/texts/languages.ts';
import type { InfoTexts } from '../../src/catalogue/texts/texts.ts';
import { configKeys } from '../../src/config/keys.ts';
import { statements } from '../../src/readings/info-stage.ts';
import { stateOfBits } from '../../src/readings/info-state.ts';
import { flattenKeys } from '../../src/schema/key.ts';

describe('info tables', () => {
  function said(code: bigint, table: InfoTableName, bytes: number): readonly string[] {
    return statements(stateOfBits({ code, bytes }, table), ENGLISH);
  }

  describe.each<[InfoTableName, number, string, Record<string, RegExp>]>([
    [
      '601',
      4,
      'TD602 p.49',
      {
        1: /supply interrupted/,
        4: /return temperature sensor out of range/,
        8: /flow temperature sensor out of range/,
        16: /data error of the flow sensor/,
        32: /T3 out of range/,
        64: /leak in the cold water/,
        128: /wrong pulse figure of flow sensor V2/,
        256: /leak in the heating/,
        512: /burst pipe in the heating/,
        1024: /data error of flow sensor V2/,
        2048: /wrong pulse figure of the flow sensor/,
        4096: /air in the flow sensor/,
        8192: /air in flow sensor V2/,
        16384: /^wrong flow direction$/,
        32768: /wrong flow direction at V2/,
      },
    ],
    [
      'x3',
      4,
      'TD403 p.92, wmbusmeters',
      {
        1: /supply interrupted/,
        2: /low battery/,
        4: /^external alarm$/,
        8: /^flow temperature sensor disconnected/,
        16: /^return temperature sensor disconnected/,
        32: /^flow temperature sensor short/,
        64: /^return temperature sensor short/,
        128: /invalid temperature difference/,
        256: /air in the flow sensor/,
        512: /^wrong flow direction$/,
        2048: /flow above its limit/,
        4096: /leak at input A$/,
        8192: /leak at input B$/,
        16384: /alarm on input A/,
        32768: /alarm on input B/,
        65536: /no communication with the flow sensor/,
        131072: /wrong pulse figure of the flow sensor/,
        262144: /leak at input A2/,
        524288: /leak at input B2/,
        1048576: /T3 or T4 disconnected/,
        2097152: /T3 or T4 short/,
        4194304: /no communication with flow sensor V2/,
        8388608: /wrong pulse figure of flow sensor V2/,
        16777216: /air in flow sensor V2/,
        33554432: /wrong flow direction at V2/,
        134217728: /increased flow at V2/,
        268435456: /burst pipe: water is being lost/,
        536870912: /burst pipe: water is getting in/,
        1073741824: /leak: water is being lost/,
        2147483648: /leak: water is getting in/,
      },
    ],
    [
      'x3',
      2,
      'wmbusmeters#1653',
      {
        1: /supply interrupted/,
        2: /low battery/,
        8: /^flow temperature sensor disconnected/,
        16: /^return temperature sensor disconnected/,
        32: /^flow temperature sensor short/,
        64: /^return temperature sensor short/,
        128: /invalid temperature difference/,
        256: /air in the flow sensor/,
        512: /^wrong flow direction$/,
        2048: /flow above its limit/,
      },
    ],
    ['water', 2, 'TD3100 p.40', { 1: /no water/, 2: /backwards/, 4: /^leak$/, 8: /burst/ }],
    [
      'water',
      4,
      'wmbusmeters; bit 7 is disputed (jktjkt/PyKMP)',
      {
        1: /no water/,
        2: /backwards/,
        4: /^leak$/,
        8: /burst/,
        16: /tampering/,
        32: /low battery/,
        64: /low ambient/,
        512: /no consumption/,
      },
    ],
  ])('the info table %s in %i bytes (%s)', (table, bytes, _source, expected) => {
    const width = table === 'water' && bytes === 2 ? 4 : 8 * bytes;

    it.each(Array.from({ length: width }, (_, bit) => 2 ** bit))('bit of value %i', (bit) => {
      const text = expected[bit];
      const all = said(BigInt(bit), table, bytes);
      expect(all).toHaveLength(1);
      if (text === undefined) expect(all[0]).toBe(`unknown info bit ${bit}`);
      else expect(all[0]).toMatch(text);
    });

    it('says in every language that a bit is unknown, and which', () => {
      const unknown = Array.from({ length: width }, (_, bit) => 2 ** bit).filter((bit) => !expected[bit]);
      for (const bit of unknown)
        for (const language of LANGUAGES) {
          const state = stateOfBits({ code: BigInt(bit), bytes }, table);
          expect(statements(state, textsIn(language))).toEqual([
            textsIn(language).unknownInfo.replace('{code}', String(bit)),
          ]);
        }
    });

    it('adds up', () => {
      const sum = Object.keys(expected).reduce((bits, bit) => bits | BigInt(bit), 0n);
      expect(said(sum, table, bytes)).toHaveLength(Object.keys(expected).length);
      expect(new Set(said(sum, table, bytes)).size).toBe(Object.keys(expected).length);
      expect(said(0n, table, bytes)).toEqual([]);
    });

    it('is for no register that was never written', () => {
      const ones = (1n << BigInt(8 * bytes)) - 1n;
      expect(said(ones, table, bytes)).toEqual([`info code ${ones}, whose meaning is not clear`]);
    });
  });

  describe('a water meter of two bytes', () => {
    it('has hours above its four flags, which are no complaints', () => {
      expect(said(0xfff0n, 'water', 2)).toEqual([]);
      expect(said(0b001_010_000_000_0100n, 'water', 2)).toEqual(['leak']);
    });
  });

  it.each([1, 3, 8])('an info code of a water meter in %i bytes is the number as it is', (bytes) => {
    expect(said(5n, 'water', bytes)).toEqual(['info code 5']);
    expect(said(0n, 'water', bytes)).toEqual([]);
  });
});

describe('texts', () => {
  const KEYS = Object.keys(ENGLISH) as (keyof InfoTexts)[];

  it('there are five languages, and the configuration takes each of them', () => {
    expect(LANGUAGES).toEqual(['en', 'da', 'nl', 'sv', 'de']);
    const key = new Map(flattenKeys(configKeys)).get('language');
    expect(LANGUAGES.filter((language) => key?.validator.fault(language) !== null)).toEqual([]);
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
});
