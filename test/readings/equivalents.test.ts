import { beforeEach, describe, expect, it } from 'vitest';
import { equivalentsStage } from '../../src/readings/equivalents.ts';
import { UNKNOWN_TRAITS } from '../../src/readings/reading.ts';
import { number, reading } from './support/readings.ts';
import { type Register, Staged, shownOf } from './support/staged.ts';

const NOW = '2026-02-01T00:00:00Z';
const both = { heatEnergyInKwh: true, gasEquivalent: 31.6 };
const neither = { heatEnergyInKwh: false, gasEquivalent: 0 };

let warnings: string[];
const warn = (text: string): void => {
  warnings.push(text);
};
beforeEach(() => {
  warnings = [];
});

describe('heat energy as something else', () => {
  it.each<[Register, string, string]>([
    [[60, '84.817', 'GJ'], '23560.3 kWh', '2680.2172 m³'],
    [[60, '102.47', 'MWh'], '102470 kWh', '11656.9872 m³'],
    [[60, '12345', 'kWh'], '12345 kWh', '1404.36720 m³'],
  ])('of %j', (energy, kwh, gas) => {
    expect(new Staged(equivalentsStage(both, warn)).at(NOW, energy)).toEqual({
      heat_energy_kwh: kwh,
      gas_equivalent: gas,
    });
  });

  it('is made only where it is wanted, and what an earlier run made is withdrawn', () => {
    expect(new Staged(equivalentsStage(neither, warn)).at(NOW, [60, '84.817', 'GJ'])).toEqual({});
    expect(equivalentsStage(neither, warn)(undefined).withdrawn).toEqual([
      'heat_energy_kwh',
      'gas_equivalent',
    ]);
    expect(equivalentsStage(both, warn)(undefined).withdrawn).toEqual([]);
  });

  it('is none without energy, or with one in a unit that is no amount of it', () => {
    const stage = new Staged(equivalentsStage(both, warn));
    expect(stage.at(NOW, [68, '520.41', 'm³'])).toEqual({});
    expect(stage.at(NOW, [60, '84.8', 'GJ x10'])).toEqual({});
  });

  it('is unknown where the energy is', () => {
    const energy = reading(60, { kind: 'unknown', value: null, decimals: 3, cause: 'x' }, 'GJ');
    expect(shownOf(new Staged(equivalentsStage(both, warn)).derived([energy]))).toEqual({
      heat_energy_kwh: null,
    });
  });
});

describe('another factor for gas than before', () => {
  const LATER = Date.parse('2026-02-01T01:00:00Z');
  const stageWith = (gasEquivalent: number, remembered: unknown) =>
    equivalentsStage({ heatEnergyInKwh: false, gasEquivalent }, warn)(remembered);
  const energy = reading(60, number('84.817'), 'GJ');

  it('is warned about at every start until a reading was made with it, and the old value is taken back', () => {
    const first = stageWith(32, undefined);
    first.interpret([energy], UNKNOWN_TRAITS);
    expect(first.expire?.(LATER)).toEqual([]);
    for (let start = 1; start <= 2; start++) {
      const stage = stageWith(31.6, first.toRemember?.());
      expect(warnings).toHaveLength(start);
      expect(shownOf(stage.expire?.(LATER) ?? [])).toEqual({ gas_equivalent: null });
    }
    expect(warnings[0]).toMatch(/times 31\.6 from now on, and was times 32 /);
    const second = stageWith(31.6, first.toRemember?.());
    second.interpret([energy], UNKNOWN_TRAITS);
    expect(second.expire?.(LATER)).toEqual([]);
    warnings = [];
    stageWith(31.6, second.toRemember?.());
    expect(warnings).toEqual([]);
  });

  it('is none where there was none, or is none any more', () => {
    for (const remembered of [undefined, { gasEquivalent: 'x' }, 7])
      expect(stageWith(31.6, remembered).expire?.(LATER)).toEqual([]);
    expect(stageWith(0, { gasEquivalent: 32, decimals: 3 }).expire?.(LATER)).toEqual([]);
    expect(warnings).toEqual([]);
  });
});
