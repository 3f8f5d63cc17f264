import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ELECTRICITY_REGISTERS } from '../../src/catalogue/electricity-registers.ts';
import { HEAT_REGISTERS } from '../../src/catalogue/heat-registers.ts';
import { HEAT_REGISTER_IDS, KNOWN_REGISTER_IDS, registerInfo } from '../../src/catalogue/registers.ts';

const PUBLIC_IDS: { readonly heat: readonly number[]; readonly electricity: readonly number[] } = JSON.parse(
  readFileSync(new URL('../fixtures/register-ids.json', import.meta.url), 'utf8'),
);
const ROWS = [...HEAT_REGISTERS, ...ELECTRICITY_REGISTERS];

function repeated<T>(values: readonly T[]): T[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

describe('the register table', () => {
  it('has every public id of heat, cooling and water meters', () => {
    expect(PUBLIC_IDS.heat.filter((id) => !HEAT_REGISTER_IDS.includes(id))).toEqual([]);
  });

  it('has every public id of electricity meters', () => {
    expect(PUBLIC_IDS.electricity.filter((id) => !KNOWN_REGISTER_IDS.includes(id))).toEqual([]);
  });

  it('has no id that is in no public list', () => {
    const known = new Set([...PUBLIC_IDS.heat, ...PUBLIC_IDS.electricity]);
    expect(KNOWN_REGISTER_IDS.filter((id) => !known.has(id))).toEqual([]);
  });

  it('has no id twice', () => {
    expect(repeated(ROWS.map(([id]) => id))).toEqual([]);
  });

  it('has no quantity and no label twice', () => {
    expect(repeated(ROWS.map(([, quantity]) => quantity))).toEqual([]);
    expect(repeated(ROWS.map(([, , label]) => label))).toEqual([]);
  });

  it('names quantities in snake case, fit for topics', () => {
    const misnamed = ROWS.map(([, quantity]) => quantity).filter(
      (quantity) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(quantity),
    );
    expect(misnamed).toEqual([]);
  });

  it('labels registers in sentence case', () => {
    expect(ROWS.map(([, , label]) => label).filter((label) => !/^[A-Z].*\S$/.test(label))).toEqual([]);
  });

  it('calls a register by its number only where that is its own number', () => {
    const numbered = ROWS.filter(([, quantity]) => quantity.startsWith('register_'));
    expect(numbered.map(([id]) => `register_${id}`)).toEqual(numbered.map(([, quantity]) => quantity));
  });

  it('lists the ids of heat meters in its own order and all ids ascending', () => {
    expect(HEAT_REGISTER_IDS[0]).toBe(60);
    expect(KNOWN_REGISTER_IDS).toHaveLength(ROWS.length);
    expect(KNOWN_REGISTER_IDS).toEqual(KNOWN_REGISTER_IDS.toSorted((a, b) => a - b));
  });
});

describe('a register', () => {
  it('is found by its id', () => {
    const traits = { shown: true, glance: 'apart', alwaysAsked: true };
    const energy = { id: 60, quantity: 'heat_energy', label: 'Heat energy', nature: 'total', traits };
    expect(registerInfo(60)).toEqual(energy);
  });

  it('that is in no public list is called by its number', () => {
    expect(registerInfo(1205)).toEqual({
      id: 1205,
      quantity: 'register_1205',
      label: 'Register 1205',
      nature: 'info',
      traits: { content: 'decimal' },
    });
  });
});
