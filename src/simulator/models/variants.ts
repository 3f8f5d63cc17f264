import { UNIT } from '../../catalogue/units.ts';
import { MULTICAL_302 } from './heat-families.ts';
import { variant } from './meter-model.ts';
import { MULTICAL_402 } from './multical-402.ts';
import { MULTICAL_403 } from './multical-403.ts';
import { MULTICAL_601 } from './multical-601.ts';
import { MULTICAL_603 } from './multical-603.ts';
import { MULTICAL_21 } from './water-families.ts';

const { cubicMetre, gigaCalorie, gigaJoule, kiloWattHour, litre, megaWattHour, tenGigaJoules } = UNIT;

/** Meters of known families in other units, lengths and decimals: they work without configuration. */
export const VARIANTS = {
  // Totals of gemu2015/Sonoff-Tasmota#38.
  '403-mwh': variant(MULTICAL_403, {
    name: 'MULTICAL 403 in MWh',
    serialNumber: 71_403_001,
    start: { ...MULTICAL_403.start, heatEnergy: 55_006_000, volume: 1_875_560 },
    units: { [gigaJoule]: [megaWattHour, 3] },
  }),
  // Totals of cenobitedk/esphome_multical402#8.
  '402-mwh': variant(MULTICAL_402, {
    name: 'MULTICAL 402 in MWh',
    serialNumber: 61_402_001,
    start: { ...MULTICAL_402.start, heatEnergy: 28_316_000, volume: 2_032_010 },
    units: { [gigaJoule]: [megaWattHour, 3] },
  }),
  // Flow and power in four bytes: golles/ha-kamstrup_403#257.
  '403-long': variant(MULTICAL_403, {
    name: 'MULTICAL 403 with long values',
    serialNumber: 71_403_002,
    lengths: { 74: 4, 80: 4, 99: 4 },
  }),
  // Made up from here on: no such readout was posted.
  '302-kwh': variant(MULTICAL_302, {
    name: 'MULTICAL 302 in kWh',
    serialNumber: 72_302_001,
    units: { [gigaJoule]: [kiloWattHour, 0] },
  }),
  '603-gcal': variant(MULTICAL_603, {
    name: 'MULTICAL 603 in Gcal',
    serialNumber: 80_603_001,
    units: { [gigaJoule]: [gigaCalorie, 3] },
  }),
  '601-gj-x10': variant(MULTICAL_601, {
    name: 'MULTICAL 601 in tens of GJ',
    serialNumber: 65_601_001,
    units: { [megaWattHour]: [tenGigaJoules, 2] },
  }),
  '601-litres': variant(MULTICAL_601, {
    name: 'MULTICAL 601 in kWh and l',
    serialNumber: 65_601_002,
    units: { [megaWattHour]: [kiloWattHour, 0], [cubicMetre]: [litre, 0] },
  }),
  '21-litres': variant(MULTICAL_21, {
    name: 'MULTICAL 21 in l',
    serialNumber: 44_021_001,
    units: { [cubicMetre]: [litre, 0] },
  }),
} as const;
