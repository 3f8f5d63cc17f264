import type { ConfigKeys } from './config-key.ts';
import { flag } from './general-kinds.ts';
import { gasPerGigaJoule, wantedUnits } from './unit-kinds.ts';

/** The keys of one meter that say what is made of its amounts. `quantities`: the names that units can be chosen for. */
export function amountKeys(quantities: readonly string[]): ConfigKeys {
  return {
    fineEnergy: {
      doc: 'Whether the high-resolution registers are read on `schedule` too.',
      kind: flag,
      default: false,
      env: 'METER_FINE_ENERGY',
    },
    meanTemperatures: {
      doc: 'Whether E8 and E9 are read on `schedule` too.',
      kind: flag,
      default: false,
      env: 'METER_MEAN_TEMPERATURES',
    },
    heatEnergyInKwh: {
      doc: 'Whether heat energy is published in kWh as well.',
      kind: flag,
      default: false,
      env: 'METER_HEAT_ENERGY_IN_KWH',
    },
    gasEquivalent: {
      doc: 'Cubic metres of gas that stand for a GJ of heat; 0: none.',
      kind: gasPerGigaJoule,
      default: 0,
      env: 'METER_GAS_EQUIVALENT',
    },
    units: {
      doc: 'Units to publish in, by quantity.',
      kind: wantedUnits(quantities),
      default: '',
      env: 'METER_UNITS',
    },
  };
}
