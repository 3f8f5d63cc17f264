import { describe, expect, it } from 'vitest';
import { equivalentsStage } from '../../src/readings/equivalents-stage.ts';
import { reading } from './readings.ts';
import { type Register, Staged, shownOf } from './staged.ts';

const NOW = '2026-02-01T00:00:00Z';
const both = { heatEnergyInKwh: true, gasEquivalent: 31.6 };
const neither = { heatEnergyInKwh: false, gasEquivalent: 0 };

describe('heat energy as something else', () => {
  it.each<[Register, string, string]>([
    [[60, '84.817', 'GJ'], '23560.3 kWh', '2680.2172 m³'],
    [[60, '102.47', 'MWh'], '102470 kWh', '11656.9872 m³'],
    [[60, '12345', 'kWh'], '12345 kWh', '1404.36720 m³'],
  ])('of %j', (energy, kwh, gas) => {
    expect(new Staged(equivalentsStage(both)).at(NOW, energy)).toEqual({
      heat_energy_kwh: kwh,
      gas_equivalent: gas,
    });
  });

  it('is made only where it is wanted, and what an earlier run made is withdrawn', () => {
    expect(new Staged(equivalentsStage(neither)).at(NOW, [60, '84.817', 'GJ'])).toEqual({});
    expect(equivalentsStage(neither)(undefined).withdrawn).toEqual(['heat_energy_kwh', 'gas_equivalent']);
    expect(equivalentsStage(both)(undefined).withdrawn).toEqual([]);
  });

  it('is none without energy, or with one in a unit that is no amount of it', () => {
    const stage = new Staged(equivalentsStage(both));
    expect(stage.at(NOW, [68, '520.41', 'm³'])).toEqual({});
    expect(stage.at(NOW, [60, '84.8', 'GJ x10'])).toEqual({});
  });

  it('is unknown where the energy is', () => {
    const energy = reading(60, { kind: 'unknown', value: null, decimals: 3, cause: 'x' }, 'GJ');
    expect(shownOf(new Staged(equivalentsStage(both)).derived([energy]))).toEqual({ heat_energy_kwh: null });
  });
});
