import { describe, expect, it, test } from 'vitest';
import {
  distinguishingRegisters,
  type Identification,
  identifyModel,
  type MeterEvidence,
  modelOf,
  modelText,
  revisionOfEdition,
} from '../../src/meter/identification.ts';

describe('identification', () => {
  interface Clues {
    readonly type?: number;
    readonly present?: readonly number[];
    readonly absent?: readonly number[];
    readonly texts?: Readonly<Record<number, string>>;
    readonly lengths?: Readonly<Record<number, number>>;
  }

  function evidence({ type, present = [], absent = [], texts = {}, lengths = {} }: Clues): MeterEvidence {
    const byId = <Value>(record: Readonly<Record<number, Value>>): Map<number, Value> =>
      new Map(Object.entries(record).map(([id, value]) => [Number(id), value]));
    return {
      type: type ?? null,
      present: new Set([...present, ...Object.keys(texts).map(Number), ...Object.keys(lengths).map(Number)]),
      absent: new Set(absent),
      texts: byId(texts),
      lengths: byId(lengths),
    };
  }

  const textOf = (identification: Identification): string | null => {
    const model = modelOf(identification);
    return model && modelText(model);
  };
  const said = (clues: Clues): string | null => textOf(identifyModel(evidence(clues)));

  const HEAT = [60, 68, 74, 80, 86, 87, 89, 99];

  describe('a public type code is certain', () => {
    test.each([
      [0x0001, 'MULTICAL 601', '601', '5512-447 section 6.2.1'],
      [0x0004, 'MULTICAL 601', '601', '5512-447 section 6.2.1'],
      [0x0005, 'MULTICAL 601', '601', '5512-447 section 6.2.1'],
      [0x1501, 'MULTICAL 601', '601', 'through a 67-05 top module'],
      [0x5307, 'Kamstrup 382', '382', 'AMI head-end code: the high byte decides'],
      [0x6200, 'Kamstrup 382L', '382', 'AMI head-end code'],
      [0x7001, 'Kamstrup 162M', '162', 'AMI head-end code'],
      [0x5801, 'Kamstrup 282', '282', 'AMI head-end code'],
      [0x7500, 'Kamstrup 351C', '351', 'AMI head-end code'],
      [0x5a00, 'Kamstrup OMNIPOWER', 'omnipower', 'AMI head-end code'],
      [0x76ff, 'Kamstrup 251C', '351', 'AMI head-end code; read as a 351'],
    ])('%i is a %s', (type, name, model) => {
      expect(identifyModel(evidence({ type }))).toEqual({
        models: [model],
        certainty: 'certain',
        name,
        why: 'by its type code',
      });
      expect(said({ type, present: HEAT })).toBe(name);
    });

    test.each([0x0000, 0x0002, 0x0010, 0x2001, 0x5200, 0xffff])('%i is not public', (type) => {
      expect(identifyModel(evidence({ type }))).toMatchObject({
        models: [],
        certainty: 'unknown',
        name: null,
      });
    });
  });

  describe('the owner’s word', () => {
    it('overrules everything', () => {
      const clues = evidence({ type: 0x0001, present: HEAT });
      expect(identifyModel(clues, '803')).toMatchObject({
        models: ['803'],
        certainty: 'configured',
        name: 'MULTICAL 803',
      });
      expect(textOf(identifyModel(clues, 'kwm2231'))).toBe(
        'KWM2231 (as configured, but it answers like MULTICAL 601)',
      );
    });
  });

  describe('what a meter says of itself makes a model likely', () => {
    test.each([
      [
        'the edition 5098-1454 B1 (TD403 p. 68)',
        { 1005: '14540201' },
        'MULTICAL 403 (by its software edition)',
      ],
      [
        'the edition 5098-1357 C1 (TD403 p. 68)',
        { 1005: '13570301' },
        'MULTICAL 403 (by its software edition)',
      ],
      [
        'the edition of a 382J (mushorg/conpot)',
        { 1005: '53011401' },
        'Kamstrup 382 (by its software edition)',
      ],
      ['the type number of a KWM2231', { 254: '02K52AC1A7CZ' }, 'KWM2231 (by its type number)'],
      ['a type text', { 640: 'MULTICAL® 603' }, 'MULTICAL 603 (by its type number)'],
      ['a meter type', { 404: '803' }, 'MULTICAL 803 (by its type number)'],
    ])('%s', (_case, texts, expected) => {
      expect(said({ texts })).toBe(expected);
      expect(identifyModel(evidence({ texts })).certainty).toBe('likely');
    });

    it('unless its registers say otherwise', () => {
      const clues = { texts: { 1005: '14540201' }, present: [86, 155, 223], absent: [348, 369] };
      expect(said(clues)).toBe('MULTICAL 402 (by its registers)');
    });

    it('a number that only begins like a model is none', () => {
      expect(said({ texts: { 404: '60312345' }, present: HEAT })).not.toContain('by its type number');
    });
  });

  describe('the registers tell the family', () => {
    test.each<[string, Clues, string | null]>([
      ['nothing at all', {}, null],
      ['nothing that is left out', { absent: HEAT }, null],
      ['date and time, info bits', { present: [...HEAT, 348, 369] }, 'MULTICAL 303, 403, 603 or 803'],
      ['the first eight, short', { present: HEAT, lengths: { 86: 2 } }, 'MULTICAL 302, 303, 403, 603 or 803'],
      ['the first eight, long', { present: HEAT, lengths: { 86: 4 } }, 'MULTICAL 302, 402, 601, 602 or 801'],
      ['the first eight', { present: HEAT }, 'Kamstrup heat meter'],
      ['266 but neither 348 nor 369', { present: [...HEAT, 266], absent: [348, 369, 155] }, 'MULTICAL 302'],
      ['155 and 223', { present: [...HEAT, 155, 223], absent: [348, 369] }, 'MULTICAL 402'],
      ['155 and V2', { present: [...HEAT, 155, 69], absent: [348, 171, 172, 220] }, 'MULTICAL 601 or 602'],
      [
        '155, V2, another type',
        { type: 0x1c, present: [86, 155, 69], absent: [348, 171, 172, 220] },
        'MULTICAL 602',
      ],
      [
        '155, V2, a module’s type',
        { type: 0x0901, present: [86, 155, 69], absent: [171, 172, 220] },
        'MULTICAL 601 or 602',
      ],
      ['modules of an 801', { present: [...HEAT, 155, 69, 171], absent: [348] }, 'MULTICAL 801'],
      [
        'a volume and no temperature',
        { present: [68, 74, 99], absent: [60, 86, 398, 243, 292, 299] },
        'MULTICAL 62',
      ],
      [
        'water, info code of two bytes',
        { present: [68, 292], lengths: { 99: 2 } },
        'MULTICAL 21, flowIQ 21xx, 22xx or 31xx',
      ],
      [
        'water, info code of four bytes',
        { present: [68, 292], lengths: { 99: 4 } },
        'flowIQ 22xx or KWM2231',
      ],
      ['nothing that tells even its kind', { present: [1004] }, null],
      ['energy of electricity', { present: [1, 1054] }, 'Kamstrup 382, 162, 282, 351 or OMNIPOWER'],
      ['what no family has', { present: [60, 1, 292] }, null],
    ])('%s', (_case, clues, expected) => {
      expect(said(clues)).toBe(expected === null ? null : `${expected} (by its registers)`);
    });

    it('a length that fits no family that fits otherwise does not count', () => {
      expect(said({ present: [...HEAT, 348, 369], lengths: { 86: 4 } })).toContain('MULTICAL 303, 403');
    });
  });

  describe('what is worth asking to know more', () => {
    it('is nothing of a meter that is known', () => {
      expect(distinguishingRegisters(evidence({ type: 0x0001 }))).toEqual([]);
      expect(distinguishingRegisters(evidence({ texts: { 1005: '14540201' } }))).toEqual([]);
    });

    it('is nothing where no register tells the rest apart', () => {
      expect(distinguishingRegisters(evidence({ present: [86, 348, 369] }))).toEqual([]);
      expect(distinguishingRegisters(evidence({ present: [1, 13] }))).toEqual([]);
    });

    it('is one request of an unknown meter', () => {
      const ids = distinguishingRegisters(evidence({}));
      expect(ids.length).toBeLessThanOrEqual(8);
      expect(ids).toEqual(expect.arrayContaining([348, 266, 155, 292, 68]));
    });

    it('of a meter with neither heat nor water is whether it is one for electricity', () => {
      const left = { present: [1004], absent: [348, 369, 266, 155, 223, 171, 86, 292, 68] };
      expect(distinguishingRegisters(evidence(left))).toEqual([13]);
      expect(said(left)).toBeNull();
      expect(distinguishingRegisters(evidence({ ...left, absent: [...left.absent, 13] }))).toEqual([]);
    });

    it('is not asked again', () => {
      expect(distinguishingRegisters(evidence({ present: [155], absent: [348, 369] }))).not.toContain(348);
    });
  });
});

describe('software edition', () => {
  it.each([
    ['14540201', 'B1', 'TD403 p. 68'],
    ['13570301', 'C1', 'TD403 p. 68'],
    ['53011401', 'N1', 'the 382J clone of mushorg/conpot'],
    ['1680701', 'G1', 'a leading zero of the program is lost'],
    ['0', null, 'never set'],
    ['14540001', null, 'no letter'],
    [undefined, null, 'no such register'],
  ])('%s is %s (%s)', (edition, revision, _source) => {
    expect(revisionOfEdition(edition)).toBe(revision);
  });
});
