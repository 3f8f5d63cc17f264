import { UNIT } from '../../catalogue/units.ts';
import { variant } from './meter-model.ts';
import { MULTICAL_402 } from './multical-402.ts';
import { MULTICAL_403 } from './multical-403.ts';
import { MULTICAL_601 } from './multical-601.ts';
import { MULTICAL_603 } from './multical-603.ts';

const { bitField, number, second, wattHour } = UNIT;

/** The maker's list (TD302 p. 68); lengths as on the 402, because nobody posted a readout of a 302. */
export const MULTICAL_302 = variant(MULTICAL_402, {
  name: 'MULTICAL 302',
  meterType: 0x0030,
  serialNumber: 72_030_201,
  only: [
    ...[60, 63, 68, 74, 80, 86, 87, 89, 97, 98, 99, 110, 112, 113, 123, 124, 127, 128, 129, 130, 138, 139],
    ...[142, 143, 144, 145, 146, 147, 149, 150, 153, 168, 229, 230, 239, 1001, 1002, 1003, 1004, 1010],
  ],
  registers: [
    [154, number, 4, 0, 30_217],
    [184, number, 4, 0, 1],
    [185, number, 4, 0, 72_030_201],
    [266, wattHour, 4, 0, 'heatEnergy', 10_000_000],
    [267, wattHour, 4, 0, 0],
    [1005, number, 4, 0, 99_990_101], // no public number: made up
  ],
});

/** Like a 403, with the interval of its radio (jktjkt/PyKMP); its serial numbers begin with 8278 and 8301. */
export const MULTICAL_303 = variant(MULTICAL_403, {
  name: 'MULTICAL 303',
  meterType: 0x0040,
  serialNumber: 83_010_303,
  eye: { awakeFor: 240_000, trafficKeepsAwake: false },
  without: [155, 404],
  registers: [
    [675, second, 2, 0, 96],
    [1005, number, 4, 0, 99_990_201], // no public number: made up
  ],
});

/**
 * Like a 601 (assumed equal). Its register 155 stands as htvekov captured it (cenobitedk/esphome_multical402#5), and
 * counts from the day on which it was switched on, as he says.
 */
export const MULTICAL_602 = variant(MULTICAL_601, {
  name: 'MULTICAL 602',
  meterType: 0x001c,
  softwareRevision: 'E1',
  log: null,
  serialNumber: 67_060_201,
  eye: { awakeFor: 300_000, trafficKeepsAwake: false },
  start: { ...MULTICAL_601.start, heatEnergy: 102_470_412.5 },
  registers: [
    [155, wattHour, 4, 1, { of: 'heatEnergy', since: 102_199_201.2 }],
    [1005, number, 4, 0, 99_990_401], // no public number: made up
  ],
});

/** Like a 601, with the module numbers that only an 801 has (5512-447 sections 5.2 and 5.3). */
export const MULTICAL_801 = variant(MULTICAL_601, {
  name: 'MULTICAL 801',
  meterType: 0x0000,
  softwareRevision: 'A1',
  serialNumber: 68_080_101,
  registers: [
    [122, UNIT.celsius, 4, 2, 0],
    [171, number, 4, 0, 0],
    [172, number, 4, 0, 0],
    [184, number, 4, 0, 1],
    [185, number, 4, 0, 68_080_101],
    [218, number, 4, 0, 0],
    [220, number, 4, 0, 0],
    [1005, number, 4, 0, 99_990_501], // no public number: made up
  ],
});

/** Like a 603, which shares its lists as far as they are public. */
export const MULTICAL_803 = variant(MULTICAL_603, {
  name: 'MULTICAL 803',
  meterType: 0x0039,
  serialNumber: 81_080_301,
  without: [254],
  registers: [
    [369, bitField, 4, 0, 0],
    [1005, number, 4, 0, 99_990_601], // no public number: made up
  ],
});
