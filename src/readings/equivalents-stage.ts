import { Big } from 'big.js';
import { convertReading, convertUnit } from './convert-unit.ts';
import { derivedReading } from './derived-reading.ts';
import type { StageMaker } from './interpretation.ts';
import { numberIn } from './number-reading.ts';
import type { Reading } from './reading.ts';

/** What heat energy is to be published as, beside the meter's own unit. */
export interface Equivalents {
  readonly heatEnergyInKwh: boolean;
  /** m³ of gas for a GJ; 0 for none. */
  readonly gasEquivalent: number;
}

const HEAT_ENERGY = 60;

export function equivalentsStage({ heatEnergyInKwh, gasEquivalent }: Equivalents): StageMaker {
  return () => ({
    interpret: (readings) => {
      const energy = readings.findLast(({ register }) => register === HEAT_ENERGY);
      const kwh = heatEnergyInKwh && energy ? inKilowattHours(energy) : undefined;
      const gas = gasEquivalent > 0 ? asGas(readings, new Big(gasEquivalent)) : undefined;
      return [...readings, ...[kwh, gas].filter((reading) => reading !== undefined)];
    },
    withdrawn: [
      ...(heatEnergyInKwh ? [] : ['heat_energy_kwh']),
      ...(gasEquivalent > 0 ? [] : ['gas_equivalent']),
    ],
  });
}

function inKilowattHours(energy: Reading): Reading | undefined {
  const converted = convertReading(energy, 'kWh');
  return converted && derivedReading('heat_energy_kwh', converted);
}

/** Exact: what of it is worth showing is for whoever chose the factor. */
function asGas(readings: readonly Reading[], perGigaJoule: Big): Reading | undefined {
  const energy = numberIn(readings, HEAT_ENERGY);
  if (energy === undefined) return undefined;
  const inGigaJoule = convertUnit(energy.value, energy.unit, 'GJ');
  if (inGigaJoule === undefined) return undefined;
  const value = inGigaJoule.value.times(perGigaJoule);
  const decimals = inGigaJoule.decimals + (perGigaJoule.toFixed().split('.')[1]?.length ?? 0);
  return derivedReading('gas_equivalent', {
    value: { kind: 'number', value, decimals },
    unit: 'm³',
    readAt: energy.readAt,
  });
}
