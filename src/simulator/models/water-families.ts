import { UNIT } from '../../catalogue/units.ts';
import { WATER_LOG } from './logs.ts';
import { type MeterModel, variant } from './meter-model.ts';
import { MULTICAL_402 } from './multical-402.ts';

const { cubicMetre, litre, litrePerHour, celsius, date, clock, number, bitField } = UNIT;

/** The maker's list (TD62 p. 82); lengths as on the 402, because nobody posted a readout of a 62. */
export const MULTICAL_62 = variant(MULTICAL_402, {
  name: 'MULTICAL 62',
  meterType: 0x0000,
  serialNumber: 62_006_201,
  only: [
    ...[68, 74, 84, 85, 98, 99, 112, 113, 114, 123, 124, 125, 126, 138, 139, 140, 141, 152, 153, 168, 239],
    ...[1001, 1002, 1003, 1004, 1010],
  ],
  registers: [
    [104, number, 4, 0, 0],
    [154, number, 4, 0, 30_262],
    [157, number, 4, 0, 0],
    [158, number, 4, 0, 0],
    [175, UNIT.hour, 4, 0, 0],
    [234, UNIT.litrePerPulse, 4, 0, 10],
    [235, UNIT.litrePerPulse, 4, 0, 10],
    [1005, number, 4, 0, 99_990_701], // no public number: made up
  ],
});

/**
 * Values of 68, 74, 99, 243, 292, 299 and 1004 (whose unit is a plain number), and one byte for temperatures, as posted
 * in groups.google.com/g/sonoffusers/c/aYmxherLsOU; two bytes of info code as in bsdphk/PyKamstrup#6. Other lengths are
 * those of a 403, other registers those that jktjkt/PyKMP lists for the family.
 */
export const MULTICAL_21: MeterModel = {
  name: 'MULTICAL 21',
  meterType: 0x001b,
  softwareRevision: null,
  serialNumber: 44_332_211,
  eye: { awakeFor: 600_000, trafficKeepsAwake: false },
  start: {
    heatEnergy: 0,
    volume: 831_403,
    flowTemperatureVolume: 0,
    returnTemperatureVolume: 0,
    operatingHours: 54_888,
    peaks: { flowMonth: 620, powerMonth: 0, flowYear: 890, powerYear: 0 },
  },
  log: null,
  registers: [
    [68, cubicMetre, 4, 3, 'volume'],
    [74, litrePerHour, 2, 0, 'flow'],
    [99, number, 2, 0, 0],
    [123, date, 4, 0, 'maxFlowYearDate'],
    [124, litrePerHour, 2, 0, 'maxFlowYear'],
    [138, date, 4, 0, 'maxFlowMonthDate'],
    [139, litrePerHour, 2, 0, 'maxFlowMonth'],
    [141, litrePerHour, 2, 0, 'minFlowMonth'],
    [239, litre, 4, 1, 'volume', 100_000],
    [241, litrePerHour, 2, 0, 'flow'],
    [243, cubicMetre, 4, 3, 0],
    [292, celsius, 1, 0, 20],
    [293, celsius, 1, 0, 9],
    [294, celsius, 1, 0, 21],
    [295, celsius, 1, 0, 13],
    [299, celsius, 1, 0, 21],
    [300, celsius, 1, 0, 17],
    [301, celsius, 1, 0, 23],
    [302, celsius, 1, 0, 20],
    [1001, number, 4, 0, 'serialNumber'],
    [1002, clock, 4, 0, 'clock'],
    [1003, date, 4, 0, 'date'],
    [1004, number, 4, 0, 'operatingHours'],
    [1010, number, 4, 0, 44_332_211],
  ],
};

/** Like a MULTICAL 21, whose readout its owner posted as "MULTICAL 21 / flowIQ". */
export const FLOWIQ_21XX = variant(MULTICAL_21, { name: 'flowIQ 21xx', serialNumber: 45_210_001 });

/** Like a MULTICAL 21; an info code of two bytes (TD3100 p. 40). */
export const FLOWIQ_31XX = variant(MULTICAL_21, {
  name: 'flowIQ 31xx',
  meterType: 0x0000,
  serialNumber: 45_310_001,
  start: { ...MULTICAL_21.start, volume: 12_084_120 },
});

/** Like a MULTICAL 21 with the info code of the newer meters, which has four bytes (wmbusmeters, kamwater.xmq). */
export const FLOWIQ_22XX = variant(MULTICAL_21, {
  name: 'flowIQ 22xx',
  meterType: 0x0000,
  serialNumber: 46_220_001,
  lengths: { 99: 4 },
});

/** With the type number, hour counter and info code of the log that jktjkt/PyKMP read from one (not their lengths). */
export const KWM2231 = variant(FLOWIQ_22XX, {
  name: 'KWM2231',
  serialNumber: 47_223_101,
  log: WATER_LOG,
  registers: [
    [254, UNIT.ascii, 12, 0, { text: '02K52AC1A7CZ' }],
    [348, UNIT.dstDateTime, 7, 0, 'dateTime'],
    [409, number, 8, 0, 17_184_063_489],
    [458, bitField, 4, 0, 128],
    [622, cubicMetre, 4, 4, 'volume'],
  ],
});
