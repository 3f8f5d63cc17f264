import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fineStage } from '../../src/readings/fine-totals.ts';
import type { Stage } from '../../src/readings/pipeline.ts';
import { type Reading, UNKNOWN_TRAITS } from '../../src/readings/reading.ts';
import { number, reading } from './support/readings.ts';

type Register = readonly [id: number, text: string, unit: string];

function read(stage: Stage, ...registers: Register[]): Reading[] {
  const given = registers.map(([id, text, unit]) => reading(id, number(text), unit));
  return stage.interpret(given, UNKNOWN_TRAITS).filter(({ register }) => register === null);
}

/** The fine register as it stood a last digit before, beside the same total. */
function earlier([id, text, unit]: Register): Register {
  const decimals = text.split('.')[1]?.length ?? 0;
  return [id, new Big(text).minus(`1e-${decimals}`).toFixed(decimals), unit];
}

/** A stage that has seen one pair that agrees with the next. */
function stageAfter(total: Register, fine: Register): Stage {
  const stage = fineStage()(undefined);
  expect(read(stage, total, earlier(fine))).toEqual([]);
  return stage;
}

/** The value as a text; `unknown` for one that is taken back, undefined for none. */
function shown(readings: readonly Reading[], quantity = 'heat_energy_fine'): string | undefined {
  const found = readings.find((each) => each.quantity === quantity);
  if (found === undefined) return undefined;
  return found.value.kind === 'number' ? found.value.value.toFixed(found.value.decimals) : found.value.kind;
}

const afterRestart = (stage: Stage): Stage => fineStage()(JSON.parse(JSON.stringify(stage.toRemember?.())));

describe('a total and its high-resolution register, read together twice, are stitched', () => {
  it.each<[string, string, Register, Register, string]>([
    [
      'of a 403 (gertvdijk/PyKMP)',
      'heat_energy_fine',
      [60, '0.303', 'GJ'],
      [266, '84208', 'Wh'],
      '0.3031488',
    ],
    [
      'of a 403 (TD403 p. 127)',
      'heat_energy_fine',
      [60, '1234567.8', 'kWh'],
      [266, '4567890.1', 'Wh'],
      '1234567.8901',
    ],
    ['of the simulated 403', 'heat_energy_fine', [60, '84.817', 'GJ'], [266, '3560400', 'Wh'], '84.8174400'],
    ['of a 602, by 155', 'heat_energy_fine', [60, '10.27', 'MWh'], [155, '271211.3', 'Wh'], '10.2712113'],
    ['of a cooling meter', 'cooling_energy_fine', [63, '0.303', 'GJ'], [267, '84208', 'Wh'], '0.3031488'],
    ['of volume', 'volume_fine', [68, '520.41', 'm³'], [239, '20417.2', 'l'], '520.4172'],
    ['of volume, by 223', 'volume_fine', [68, '2131.935', 'm³'], [223, '31935.4', 'l'], '2131.9354'],
    ['in calories, both', 'heat_energy_fine', [60, '12.345', 'Gcal'], [266, '2345678', 'kcal'], '12.345678'],
  ])('%s', (_source, quantity, total, fine, expected) => {
    const [found] = read(stageAfter(total, fine), total, fine);
    expect(found).toMatchObject({ quantity, unit: total[2], nature: 'total' });
    expect(shown(found ? [found] : [], quantity)).toBe(expected);
  });

  it('by the better register where the meter has both', () => {
    const stage = stageAfter([60, '0.303', 'GJ'], [266, '84208', 'Wh']);
    const both = read(stage, [60, '0.303', 'GJ'], [155, '84200.0', 'Wh'], [266, '84208', 'Wh']);
    expect(shown(both)).toBe('0.3031488');
  });
});

describe('there is no fine value', () => {
  it.each<[string, ...Register[]]>([
    ['of a total alone', [60, '84.817', 'GJ']],
    ['of a high-resolution register alone', [266, '3560400', 'Wh']],
    ['where the total is so coarse that anything would agree', [60, '85', 'GJ'], [266, '3560400', 'Wh']],
    ['where too few digits are known', [60, '84.817', 'GJ'], [266, '400', 'Wh']],
    ['where the register is no finer', [60, '84.817', 'GJ'], [266, '84.817', 'GJ']],
    ['where the units do not convert without rounding', [60, '20.271', 'Gcal'], [266, '3575173', 'Wh']],
    ['where the units have nothing to do with each other', [60, '84.817', 'GJ'], [266, '84817', 'l']],
    ['where the register counts below zero', [60, '0.000', 'GJ'], [266, '-1', 'Wh']],
  ])('%s', (_case, ...registers) => {
    const stage = fineStage()(undefined);
    const before = registers.map((each): Register => (each[0] === 60 ? each : earlier(each)));
    for (const pair of [before, registers, registers]) expect(read(stage, ...pair)).toEqual([]);
  });

  it('where the two have agreed once, or stand still: one pair may agree by chance', () => {
    const stage = fineStage()(undefined);
    for (let times = 0; times < 3; times++)
      expect(read(stage, [60, '84.817', 'GJ'], [266, '3560400', 'Wh'])).toEqual([]);
  });

  it('where a register holds no number', () => {
    const date = reading(266, { kind: 'date', value: null }, '');
    const total = reading(60, number('84.817'), 'GJ');
    expect(fineStage()(undefined).interpret([total, date], UNKNOWN_TRAITS)).toEqual([total, date]);
  });
});

describe('a fine value that was there', () => {
  const begun = (): Stage => {
    const pair: readonly [Register, Register] = [
      [60, '84.817', 'GJ'],
      [266, '3560400', 'Wh'],
    ];
    const stage = stageAfter(...pair);
    expect(shown(read(stage, ...pair))).toBe('84.8174400');
    return stage;
  };

  it('is taken back when the two disagree, and comes again when they agree', () => {
    const stage = begun();
    expect(shown(read(stage, [60, '84.817', 'GJ'], [266, '1111111', 'Wh']))).toBe('unknown');
    expect(shown(read(stage, [60, '84.818', 'GJ'], [266, '3560600', 'Wh']))).toBe('84.8181600');
  });

  it('stays where only the total was read and has not moved on, or was held back', () => {
    expect(read(begun(), [60, '84.817', 'GJ'])).toEqual([]);
    expect(read(begun(), [60, '84.818', 'GJ'])).toEqual([]);
    expect(read(begun(), [266, '3560400', 'Wh'])).toEqual([]);
  });

  it('is taken back where only the total was read and is more than a last digit on', () => {
    const stage = afterRestart(begun());
    expect(shown(read(stage, [60, '84.819', 'GJ']))).toBe('unknown');
    expect(shown(read(stage, [60, '84.819', 'GJ'], [266, '3560850', 'Wh']))).toBe('84.8190600');
    expect(shown(read(stage, [60, '23.560', 'MWh']))).toBe('unknown');
  });

  it('does not go back, even after a restart', () => {
    const stage = afterRestart(begun());
    expect(read(stage, [60, '84.817', 'GJ'], [266, '3560399', 'Wh'])).toEqual([]);
    expect(shown(read(stage, [60, '84.817', 'GJ'], [266, '3560401', 'Wh']))).toBe('84.8174436');
  });

  it('goes back with a total that was found to have begun anew', () => {
    expect(shown(read(begun(), [60, '0.303', 'GJ'], [266, '84208', 'Wh']))).toBe('0.3031488');
  });

  it('keeps its digits right after a wrap, also after a restart, because it was seen with more of them', () => {
    const wrapped: readonly Register[] = [
      [60, '108.000', 'GJ'],
      [266, '7', 'Wh'],
    ];
    expect(shown(read(afterRestart(begun()), ...wrapped))).toBe('108.0000252');
    expect(read(fineStage()(undefined), ...wrapped)).toEqual([]);
  });

  it('of an earlier version goes on at once', () => {
    const last = { heat_energy_fine: { value: '84.8174400', unit: 'GJ' } };
    const stage = fineStage()({ digits: { 266: 7 }, last });
    expect(shown(read(stage, [60, '84.818', 'GJ'], [266, '3560600', 'Wh']))).toBe('84.8181600');
  });

  it('in another unit begins anew', () => {
    const stage = begun();
    expect(shown(read(stage, [60, '23.560', 'MWh'], [266, '3560400', 'Wh']))).toBe('unknown');
    expect(shown(read(stage, [60, '23.560', 'MWh'], [266, '3560410', 'Wh']))).toBe('23.560410');
  });
});

it.each([
  null,
  7,
  'text',
  { digits: { 266: 'x' }, last: { heat_energy_fine: { value: 'x' } } },
  { last: [null] },
  { fits: { 266: 7 } },
  { fits: { 266: { unit: 'GJ', offset: 'x', candidate: { offset: '1' }, day: -1 } } },
])('a memory of %j is no harm', (remembered) => {
  const stage = fineStage()(remembered);
  expect(read(stage, [60, '84.817', 'GJ'], [266, '3560399', 'Wh'])).toEqual([]);
  expect(shown(read(stage, [60, '84.817', 'GJ'], [266, '3560400', 'Wh']))).toBe('84.8174400');
});

describe('over the life of any meter', () => {
  const meter = fc.record({
    cut: fc.constantFrom(6, 7, 8),
    fineDecimals: fc.constantFrom(0, 1),
    unit: fc.constantFrom(['GJ', 3, '3.6e-6'], ['MWh', 3, '1e-6'], ['kWh', 1, '1e-3'], ['kWh', 0, '1e-3']),
    rounds: fc.boolean(),
    begin: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    steps: fc.array(
      fc.record({
        tenthsOfWh: fc.bigInt({ min: 0n, max: 400_000_000n }),
        missed: fc.boolean(),
        restarted: fc.boolean(),
        disturbed: fc.option(fc.bigInt({ min: 0n, max: 9_999_999n }), { freq: 6 }),
      }),
      { maxLength: 25 },
    ),
  });

  it('the fine value is exact, goes up, and is never further from the total than its last digit', () => {
    fc.assert(
      fc.property(meter, ({ cut, fineDecimals, unit, rounds, begin, steps }) => {
        const [symbol, decimals, factor] = unit as [string, number, string];
        let stage = fineStage()(undefined);
        let tenths = begin;
        let last = new Big(0);
        for (const { tenthsOfWh, missed, restarted, disturbed } of steps) {
          tenths += tenthsOfWh;
          if (restarted) stage = afterRestart(stage);
          if (missed) continue;
          const counted = new Big(`${tenths}e-1`).round(fineDecimals, Big.roundDown);
          const exact = counted.times(factor);
          const total = exact.round(decimals, rounds ? Big.roundHalfUp : Big.roundDown);
          const fine = disturbed === null ? counted.mod(`1e${cut}`) : new Big(`${disturbed}`);
          const text = shown(
            read(stage, [60, total.toFixed(decimals), symbol], [266, fine.toFixed(fineDecimals), 'Wh']),
          );
          if (text === undefined || text === 'unknown') continue;
          const value = new Big(text);
          if (disturbed === null) expect(value.eq(exact)).toBe(true);
          expect(value.gte(last)).toBe(true);
          expect(value.minus(total).abs().lte(`1e-${decimals}`)).toBe(true);
          last = value;
        }
      }),
    );
  });
});
