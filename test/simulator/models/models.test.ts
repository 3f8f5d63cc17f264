import { describe, expect, it } from 'vitest';
import { decodeRegisterValue } from '../../../src/kmp/register-value.ts';
import { registerInfo } from '../../../src/kmp/registers/register-table.ts';
import { HOUSE_QUANTITIES } from '../../../src/simulator/house-values.ts';
import { isModelName, MODELS, type ModelName } from '../../../src/simulator/models/models.ts';
import { bench, registerRequest, texts } from '../virtual-line.ts';

const NAMES = Object.keys(MODELS).filter(isModelName);

describe.each(NAMES)('the simulated MULTICAL %s', (name) => {
  const model = MODELS[name];
  const ids = model.registers.map(([id]) => id);
  const { simulator } = bench({ model: name });
  const records = simulator.meters[0]?.read(ids) ?? [];

  it('has 40 to 70 registers, each once and in ascending order', () => {
    expect(ids.length).toBeGreaterThanOrEqual(40);
    expect(ids.length).toBeLessThanOrEqual(70);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it('has registers that the table of heat meters knows', () => {
    expect(ids.filter((id) => registerInfo(id).quantity === `register_${id}`)).toEqual([]);
  });

  it('gives every register a readable value of its length', () => {
    expect(records.map(({ id }) => id)).toEqual(ids);
    for (const record of records) {
      const [, unit, length] = model.registers.find(([id]) => id === record.id) ?? [];
      expect(record).toMatchObject({ unit, magnitude: { length } });
      expect(decodeRegisterValue(record).kind).not.toBe('unreadable');
    }
  });

  it('shows every quantity that a reading is made of', () => {
    for (const id of [60, 68, 74, 80, 86, 87, 89, 97, 99, 110, 1001, 1002, 1003, 1004, 1010])
      expect(ids).toContain(id);
    const sources = model.registers.map(([, , , , source]) => source);
    const known: readonly unknown[] = [...HOUSE_QUANTITIES, 'serialNumber', 'dateTime'];
    expect(sources.filter((source) => typeof source === 'string' && !known.includes(source))).toEqual([]);
  });
});

/** Published readouts; where each comes from is said at its model. */
const READOUTS: readonly [ModelName, Record<number, string>][] = [
  ['403', { 60: '84.817', 68: '520.41', 1001: '84968362' }],
  ['402', { 60: '227.445', 68: '2131.935' }],
  ['603', { 60: '378.022', 1001: '80713078' }],
  ['601', { 60: '102.47', 68: '1208.96', 154: '41386' }],
];

it.each(READOUTS)('the MULTICAL %s begins with the totals of its readout', async (model, expected) => {
  const { ask } = bench({ model });
  const [reply] = await ask(registerRequest(Object.keys(expected).map(Number)));
  expect(texts(reply)).toEqual(expected);
});

it.each([
  { model: '403' as const, has: [266, 348, 369], lacks: [155, 405] },
  { model: '603' as const, has: [69, 75, 85, 225, 348, 369], lacks: [155, 405] },
  { model: '402' as const, has: [155], lacks: [266, 348, 369, 405] },
  { model: '601' as const, has: [155, 157, 158], lacks: [266, 348, 369, 405] },
])('the MULTICAL $model has $has and lacks $lacks', ({ model, has, lacks }) => {
  const ids = MODELS[model].registers.map(([id]) => id);
  expect(has.filter((id) => !ids.includes(id))).toEqual([]);
  expect(lacks.filter((id) => ids.includes(id))).toEqual([]);
});

it('the 601 sends four bytes for every value', () => {
  expect(new Set(MODELS['601'].registers.map(([, , length]) => length))).toEqual(new Set([4]));
});

it('only our models are models', () => {
  expect(isModelName('403')).toBe(true);
  expect(isModelName('404')).toBe(false);
  expect(isModelName('constructor')).toBe(false);
});
