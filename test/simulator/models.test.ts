import { describe, expect, it } from 'vitest';
import { registerInfo } from '../../src/catalogue/registers.ts';
import { decodeRegisterValue } from '../../src/kmp/register.ts';
import { HOUSE_QUANTITIES } from '../../src/simulator/house-values.ts';
import { isModelName, MODELS, type ModelName } from '../../src/simulator/models/models.ts';
import { bench, registerRequest, texts } from './support/virtual-line.ts';

const NAMES = Object.keys(MODELS).filter(isModelName);
const ELECTRICITY = /^(382|162|282|351|omnipower)$/;
const HEAT = /^(302|303|402|403|601|602|603|801|803)/;

describe.each(NAMES)('the simulated MULTICAL %s', (name) => {
  const model = MODELS[name];
  const ids = model.registers.map(([id]) => id);
  const { simulator } = bench({ model: name });
  const records = simulator.meters[0]?.read(ids) ?? [];

  it('has each register once and in ascending order', () => {
    expect(ids.length).toBeGreaterThanOrEqual(20);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  // Of the 124 that a 382J answered, 27 are in no public list.
  it.skipIf(ELECTRICITY.test(name))('has registers that the table of heat meters knows', () => {
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
    const everyHeatMeter = [60, 80, 86, 87, 89, 97, 110];
    for (const id of [...(HEAT.test(name) ? everyHeatMeter : []), 1001, 1002, 1003, 1004, 1010])
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
  ['602', { 155: '271211.3' }],
  ['403-mwh', { 60: '55.006', 68: '1875.56' }],
  ['402-mwh', { 60: '28.316', 68: '2032.010' }],
  ['21', { 68: '831.403', 99: '0', 243: '0.000', 292: '20', 299: '21', 1004: '54888' }],
  ['kwm2231', { 254: '02K52AC1A7CZ', 409: '17184063489', 458: '128' }],
  ['382', { 1: '0.0', 1054: '228', 1079: '315', 1058: '070422JA83' }],
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

it.each([
  ['403', '60 in GJ', '84.817'],
  ['302-kwh', '60 in kWh', '63179'],
  ['603-gcal', '60 in Gcal', '90.305'],
  ['601-gj-x10', '60 in tens of GJ', '36.88'],
  ['601-litres', '60 in kWh', '102470'],
] as const)('the same energy in another unit: the %s shows %s', async (model, _unit, energy) => {
  const { ask } = bench({ model });
  expect(texts((await ask(registerRequest([60])))[0])).toEqual({ 60: energy });
});

it('a litre meter counts litres', async () => {
  const { ask } = bench({ model: '21-litres' });
  expect(texts((await ask(registerRequest([68])))[0])).toEqual({ 68: '831403' });
});

it('an electricity meter counts what its power says, in each of its tariffs', async () => {
  const { ask, clock } = bench({ model: '282', speed: 60 });
  const first = texts((await ask(registerRequest([13, 19, 23, 1023]), 1_000))[0]);
  await clock.advance(59_000);
  const later = texts((await ask(registerRequest([13, 19, 23, 1080, 1081, 1082, 1023]), 1_000))[0]);
  const gained = Number(later[13]) - Number(first[13]);
  expect(gained).toBeGreaterThan(0);
  expect(gained).toBeLessThan(15.5);
  expect(Number(later[19]) + Number(later[23])).toBeCloseTo(Number(later[13]), 0);
  expect(Number(later[1080]) + Number(later[1081]) + Number(later[1082])).toBeCloseTo(Number(later[1023]), 2);
});

it('only our models are models', () => {
  expect(isModelName('403')).toBe(true);
  expect(isModelName('404')).toBe(false);
  expect(isModelName('constructor')).toBe(false);
});
