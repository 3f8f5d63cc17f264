import { describe, expect, it } from 'vitest';
import { UNIT } from '../../src/kmp/units.ts';
import { conditionRegisters, parseCondition } from '../../src/simulator/conditions.ts';
import { registerDefinitions } from '../../src/simulator/models/meter-model.ts';
import { bench, registerRequest, texts } from './virtual-line.ts';

describe('a virtual meter with something the matter', () => {
  it('says so in both info registers of an x3 meter, and shows what a failed sensor shows', async () => {
    const { ask } = bench({ conditions: ['flow-temperature-sensor-disconnected', 'low-battery'] });
    const [reply] = await ask(registerRequest([86, 89, 80, 99, 369]));
    expect(texts(reply)).toEqual({ 86: '185.00', 89: '0.00', 80: '0.0', 99: '10', 369: '10' });
  });

  it('is a 601 with 200.00 °C for an open sensor', async () => {
    const { ask } = bench({ model: '601', conditions: ['return-temperature-sensor-disconnected'] });
    expect(texts((await ask(registerRequest([87, 99, 369])))[0])).toEqual({ 87: '200.00', 99: '4' });
  });

  it('can be made well again', async () => {
    const { ask, simulator } = bench({ conditions: ['air', 'burst'] });
    const registers = registerRequest([74, 369]);
    expect(texts((await ask(registers))[0])).toEqual({ 74: '0', 369: String(256 + 0x1000_0000) });
    simulator.meters[0]?.setConditions([]);
    const well = texts((await ask(registers, 3000))[0]);
    expect(well[369]).toBe('0');
    expect(Number(well[74])).toBeGreaterThan(0);
  });
});

describe('the conditions of water meters', () => {
  const water = (length: number) =>
    registerDefinitions([
      [68, UNIT.cubicMetre, 4, 3, 'volume'],
      [74, UNIT.litrePerHour, 2, 0, 'flow'],
      [99, UNIT.number, length, 0, 0],
    ]);

  it('are flags in two bytes', () => {
    const changed = conditionRegisters(water(2), ['dry', 'leak']);
    expect(changed.get(99)?.source).toBe(5);
    expect(changed.size).toBe(1);
  });

  it('are more in four', () => {
    expect(conditionRegisters(water(4), ['tampering', 'no-consumption']).get(99)?.source).toBe(528);
    expect(() => conditionRegisters(water(2), ['tampering'])).toThrow(/knows: wrong-flow-direction, leak/);
  });

  it('stop the flow where it cannot be measured', () => {
    expect(conditionRegisters(water(2), ['wrong-flow-direction']).get(74)?.source).toBe(0);
  });
});

it('only our conditions are conditions', () => {
  expect(parseCondition('air')).toBe('air');
  expect(() => parseCondition('constructor')).toThrow(/no condition "constructor"/);
});
