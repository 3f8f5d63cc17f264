import { Big } from 'big.js';
import { R } from '../catalogue/register.ts';
import { fieldsOf } from '../shared/stored.ts';
import { convertReading, convertUnit } from './conversion.ts';
import { derivedReading, type StageMaker } from './pipeline.ts';
import { numberIn, type Reading } from './reading.ts';
import { isDecimals } from './stored-reading.ts';

/** Further quantities that heat energy is published as, beside the meter's own unit. */
export interface Equivalents {
  readonly heatEnergyInKwh: boolean;
  /** m³ of gas for a GJ; 0 for none. */
  readonly gasEquivalent: number;
}

/** Factor and decimals of the gas that was published last. */
interface Made {
  readonly gasEquivalent: number;
  readonly decimals: number;
}

/** `warn` gets a text without the meter's name. */
export function equivalentsStage(
  { heatEnergyInKwh, gasEquivalent }: Equivalents,
  warn: (text: string) => void,
): StageMaker {
  return (remembered) => {
    let made = restoreMade(remembered);
    const ofAnother = (): Made | undefined =>
      gasEquivalent > 0 && made?.gasEquivalent !== gasEquivalent ? made : undefined;
    const before = ofAnother();
    if (before) warn(otherFactorText(before.gasEquivalent, gasEquivalent));
    return {
      interpret: (readings) => {
        const energy = readings.findLast(({ register }) => register === R.heatEnergy);
        const kwh = heatEnergyInKwh && energy ? inKilowattHours(energy) : undefined;
        const gas = gasEquivalent > 0 ? asGas(readings, new Big(gasEquivalent)) : undefined;
        if (gas?.value.kind === 'number') made = { gasEquivalent, decimals: gas.value.decimals };
        return [...readings, ...[kwh, gas].filter((reading) => reading !== undefined)];
      },
      expire: (now) => {
        const old = ofAnother();
        return old ? [ofOtherFactor(old, now)] : [];
      },
      toRemember: () => made,
      withdrawn: [
        ...(heatEnergyInKwh ? [] : ['heat_energy_kwh']),
        ...(gasEquivalent > 0 ? [] : ['gas_equivalent']),
      ],
    };
  };
}

function restoreMade(remembered: unknown): Made | undefined {
  const { gasEquivalent, decimals } = fieldsOf(remembered);
  return typeof gasEquivalent === 'number' && isDecimals(decimals) ? { gasEquivalent, decimals } : undefined;
}

function otherFactorText(before: number, now: number): string {
  return `gas_equivalent is the heat energy times ${now} from now on, and was times ${before} (see "gasEquivalent" in docs/configuration.md). All of it is counted anew, so Home Assistant books the difference as used or given back at once.`;
}

/** Retracts a value that was made with another factor. */
function ofOtherFactor({ decimals }: Made, readAt: number): Reading {
  const cause = 'It was made with another factor.';
  return derivedReading('gas_equivalent', {
    value: { kind: 'unknown', value: null, decimals, cause },
    unit: 'm³',
    readAt,
  });
}

function inKilowattHours(energy: Reading): Reading | undefined {
  const converted = convertReading(energy, 'kWh');
  return converted && derivedReading('heat_energy_kwh', converted);
}

/** Exact: the factor's decimals say how precise its owner wants the result. */
function asGas(readings: readonly Reading[], perGigaJoule: Big): Reading | undefined {
  const energy = numberIn(readings, R.heatEnergy);
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
