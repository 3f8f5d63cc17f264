import { UNIT } from '../../catalogue/units.ts';
import { type MeterModel, type RegisterRow, type RegisterSource, variant } from './meter-model.ts';

const { kiloWattHour, kilovarHour, kiloWatt, kilovar, volt, ampere, number, clock, date, realTimeClock } =
  UNIT;
const PHASES = 3;
const VOLTAGE = 229;

/** Registers of one form and, unless said otherwise, zero. */
function alike(
  ids: readonly number[],
  unit: number,
  length: number,
  decimals: number,
  source: RegisterSource = 0,
): RegisterRow[] {
  return ids.map((id) => [id, unit, length, decimals, source]);
}

const phasePower: RegisterSource = { of: 'power', times: 1 / PHASES };
const phaseCurrent: RegisterSource = { of: 'power', times: 1000 / VOLTAGE / PHASES };

/**
 * The 124 registers of a 382J as mushorg/conpot cloned them, each with its own unit, length and decimals. As there, 1
 * stands at zero while 13 counts. What moves is energy, power and currents of a house that heats with electricity (in
 * the clone the total power stood at zero, too).
 */
// biome-ignore format: a table reads best in rows
export const KAMSTRUP_382: MeterModel = {
  name: 'Kamstrup 382',
  meterType: 0x5301,
  softwareRevision: 'N1',
  serialNumber: 15_085_488,
  eye: { awakeFor: Number.POSITIVE_INFINITY, trafficKeepsAwake: true },
  start: {
    heatEnergy: 7_183_271.2, // 7183.2712 kWh
    volume: 0,
    flowTemperatureVolume: 0,
    returnTemperatureVolume: 0,
    operatingHours: 283,
    peaks: { flowMonth: 0, powerMonth: 8.1, flowYear: 0, powerYear: 9.4 },
  },
  log: null,
  registers: [
    ...alike([1, 2, 17, 18, 19, 20, 23, 24, 27, 28, 31, 32, 1031, 1059, 1060, 1061, 1062, 1063, 1064, 1065, 1066, 1121], kiloWattHour, 4, 1),
    ...alike([3, 4, 5, 6, 21, 22, 25, 26, 29, 30, 33, 34, 1067, 1068, 1069, 1070, 1071, 1072, 1073, 1074], kilovarHour, 4, 1),
    ...alike([13], kiloWattHour, 4, 4, 'heatEnergy'),
    ...alike([14], kiloWattHour, 4, 4),
    ...alike([15, 16], kilovarHour, 4, 4),
    ...alike([35, 36, 39, 40, 43, 44, 1024, 1033, 1036], kiloWatt, 4, 3),
    ...alike([37, 38, 41, 42, 45, 46, 1025, 1026], kilovar, 4, 3),
    ...alike([50, 52, 53, 57, 1021, 1075], number, 4, 0),
    ...alike([51], number, 4, 0, 1_258_679),
    ...alike([54], number, 4, 0, 21_000_002),
    ...alike([55], number, 4, 0, 22_201_011),
    ...alike([56], number, 4, 0, 1_000),
    ...alike([58, 1189], 0, 4, 0),
    ...alike([1001], number, 4, 0, 'serialNumber'),
    ...alike([1002], clock, 4, 0, 'clock'),
    ...alike([1003], date, 4, 0, 'date'),
    ...alike([1004], UNIT.hour, 4, 0, 'operatingHours'),
    ...alike([1005], number, 4, 0, 53_011_401),
    ...alike([1010], number, 10, 0, 15_085_488),
    ...alike([1023], kiloWatt, 4, 3, 'power'),
    ...alike([1027, 1034, 1037], clock, 4, 0),
    ...alike([1028, 1035, 1038], date, 4, 0),
    ...alike([1029], number, 4, 0, 100),
    ...alike([1030], number, 4, 0, 46_828_625),
    ...alike([1039], kiloWatt, 4, 3, 99_000),
    ...alike([1047], realTimeClock, 8, 0, 0x83_07_1a_23_13_1b_07_0en),
    ...alike([1049, 1050, 1051], realTimeClock, 8, 0),
    ...alike([1054], volt, 2, 0, 228),
    ...alike([1055], volt, 2, 0, 229),
    ...alike([1056], volt, 2, 0, 224),
    ...alike([1058], UNIT.ascii, 10, 0, { text: '070422JA83' }),
    ...alike([1076, 1077, 1078], ampere, 4, 2, phaseCurrent),
    ...alike([1079], UNIT.kelvin, 2, 0, 315),
    ...alike([1080, 1081, 1082], kiloWatt, 2, 3, phasePower),
    ...alike([1083], number, 2, 0, 34_353),
    ...alike([1084], 0, 2, 0, 256),
    ...alike([1086], number, 4, 0, 101_110),
    ...alike([1092], number, 2, 0, 1),
    ...alike([1112, 1113, 1114], UNIT.second, 2, 0, 30),
    ...alike([1115], UNIT.second, 2, 0, 60),
    ...alike([1126], UNIT.ascii, 13, 0, { text: '070422JA83486' }),
    ...alike([1181], realTimeClock, 8, 0, 0x06_04_39_2d_08_09_09_0an),
    ...alike([1202, 1203, 1204, 1205, 1206, 1207, 1208, 1209], 0, 16, 0, (1n << 128n) - 1n),
  ].sort(([a], [b]) => a - b),
};

/** Whole kWh in register 1, as in the frame of mushorg/conpot test_kamstrup_decoder.py; two tariffs share them. */
const counting: readonly RegisterRow[] = [
  [1, kiloWattHour, 4, 0, 'heatEnergy'],
  [19, kiloWattHour, 4, 1, { of: 'heatEnergy', times: 0.6 }],
  [23, kiloWattHour, 4, 1, { of: 'heatEnergy', times: 0.4 }],
];
const powerFactors: readonly RegisterRow[] = alike([1170, 1171, 1172, 1173], number, 2, 2, 98);
/** Registers of the second and third phase. */
const OTHER_PHASES = [1055, 1056, 1077, 1078, 1081, 1082];

/** Like the 382, with the one phase that its first one is; no readout of a 162 was posted. */
export const KAMSTRUP_162 = variant(KAMSTRUP_382, {
  name: 'Kamstrup 162',
  meterType: 0x5601,
  serialNumber: 16_162_001,
  without: OTHER_PHASES,
  registers: [
    ...counting,
    [1005, number, 4, 0, 56_011_401],
    [1076, ampere, 4, 2, { of: 'power', times: 1000 / VOLTAGE }],
    [1080, kiloWatt, 2, 3, 'power'],
  ],
});

/** Like the 382; no readout of a 282 was posted. */
export const KAMSTRUP_282 = variant(KAMSTRUP_382, {
  name: 'Kamstrup 282',
  meterType: 0x5801,
  serialNumber: 18_282_001,
  registers: [...counting, [1005, number, 4, 0, 58_011_401]],
});

/** Like the 382, with power factors; no readout of a 351 was posted. */
export const KAMSTRUP_351 = variant(KAMSTRUP_382, {
  name: 'Kamstrup 351',
  meterType: 0x6001,
  serialNumber: 19_351_001,
  registers: [...counting, ...powerFactors, [1005, number, 4, 0, 60_011_401]],
});

/** Like the 351; no readout of an Omnipower was posted. */
export const KAMSTRUP_OMNIPOWER = variant(KAMSTRUP_351, {
  name: 'Kamstrup OMNIPOWER',
  meterType: 0x5a01,
  serialNumber: 20_500_001,
  without: [1005],
});
