import { UNIT } from '../../catalogue/units.ts';
import { X3_LOG } from './logs.ts';
import type { MeterModel } from './meter-model.ts';

const { gigaJoule, cubicMetre, litrePerHour, kiloWatt, celsius, kelvin, date, clock, number, wattHour } =
  UNIT;

/**
 * With a second flow sensor and input B. Energy, serial number and the order type as jktjkt/PyKMP read them from
 * x3 meters; lengths as on the 403 with one byte more of range where a larger meter needs it.
 */
// biome-ignore format: a table reads best in rows
export const MULTICAL_603: MeterModel = {
  name: 'MULTICAL 603',
  meterType: 0x0035,
  softwareRevision: null,
  serialNumber: 80_713_078,
  // Without its magnet, which would keep the eye on for ever.
  eye: { awakeFor: 240_000, trafficKeepsAwake: false },
  start: {
    heatEnergy: 105_006_200, // 378.022 GJ
    volume: 2_871_530,
    flowTemperatureVolume: 190_956,
    returnTemperatureVolume: 100_667,
    operatingHours: 17_344,
    peaks: { flowMonth: 230, powerMonth: 8.8, flowYear: 262, powerYear: 11.7 },
  },
  log: X3_LOG,
  registers: [
    [60, gigaJoule, 4, 3, 'heatEnergy'],
    [61, gigaJoule, 4, 3, 0],
    [62, gigaJoule, 4, 3, 0],
    [63, gigaJoule, 4, 3, 0],
    [64, gigaJoule, 4, 3, 0],
    [65, gigaJoule, 4, 3, 0],
    [68, cubicMetre, 4, 2, 'volume'],
    [69, cubicMetre, 4, 2, 'volume'],
    [72, UNIT.tonne, 4, 2, 'mass'],
    [73, UNIT.tonne, 4, 2, 'mass'],
    [74, litrePerHour, 4, 0, 'flow'],
    [75, litrePerHour, 4, 0, 'flow'],
    [80, kiloWatt, 4, 1, 'power'],
    [84, cubicMetre, 4, 2, 0],
    [85, cubicMetre, 4, 2, 1_234],
    [86, celsius, 2, 2, 'flowTemperature'],
    [87, celsius, 2, 2, 'returnTemperature'],
    [88, celsius, 2, 2, 0],
    [89, kelvin, 2, 2, 'temperatureDifference'],
    [97, UNIT.cubicMetreCelsius, 4, 0, 'flowTemperatureVolume'],
    [98, UNIT.monthDay, 2, 0, 1231],
    [99, number, 4, 0, 0],
    [104, number, 4, 0, 66_123_001],
    [110, UNIT.cubicMetreCelsius, 4, 0, 'returnTemperatureVolume'],
    [112, number, 4, 0, 0],
    [113, number, 2, 0, 2],
    [122, celsius, 2, 2, 0],
    [123, date, 4, 0, 'maxFlowYearDate'],
    [124, litrePerHour, 4, 0, 'maxFlowYear'],
    [125, date, 4, 0, 'minFlowYearDate'],
    [126, litrePerHour, 4, 0, 'minFlowYear'],
    [127, date, 4, 0, 'maxPowerYearDate'],
    [128, kiloWatt, 4, 1, 'maxPowerYear'],
    [138, date, 4, 0, 'maxFlowMonthDate'],
    [139, litrePerHour, 4, 0, 'maxFlowMonth'],
    [142, date, 4, 0, 'maxPowerMonthDate'],
    [143, kiloWatt, 4, 1, 'maxPowerMonth'],
    [149, celsius, 1, 0, 'meanFlowTemperatureMonth'],
    [150, celsius, 1, 0, 'meanReturnTemperatureMonth'],
    [153, number, 4, 0, 41_900],
    [168, number, 4, 0, 1_000_000],
    [222, number, 2, 0, 1],
    [225, cubicMetre, 4, 2, 0],
    [235, UNIT.litrePerPulse, 2, 0, 10],
    [254, UNIT.ascii, 12, 0, { text: '603C219R0115' }],
    [258, number, 4, 0, 300],
    [260, number, 4, 0, 15],
    [266, wattHour, 4, 0, 'heatEnergy', 10_000_000],
    [267, wattHour, 4, 0, 0],
    [348, UNIT.dstDateTime, 7, 0, 'dateTime'],
    [369, UNIT.bitField, 4, 0, 0],
    [379, celsius, 2, 2, 'meanFlowTemperatureDay'],
    [380, celsius, 2, 2, 'meanReturnTemperatureDay'],
    [381, celsius, 2, 2, 'meanFlowTemperatureHour'],
    [382, celsius, 2, 2, 'meanReturnTemperatureHour'],
    [383, clock, 4, 0, 'maxFlowYearTime'],
    [384, clock, 4, 0, 'minFlowYearTime'],
    [385, clock, 4, 0, 'maxPowerYearTime'],
    [387, clock, 4, 0, 'maxFlowMonthTime'],
    [389, clock, 4, 0, 'maxPowerMonthTime'],
    [1001, number, 4, 0, 'serialNumber'],
    [1002, clock, 4, 0, 'clock'],
    [1003, date, 4, 0, 'date'],
    [1004, UNIT.hour, 4, 0, 'operatingHours'],
    [1005, number, 4, 0, 99_990_301], // no public number: made up
    [1010, number, 4, 0, 55_667_788],
  ],
};
