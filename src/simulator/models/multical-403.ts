import { UNIT } from '../../catalogue/units.ts';
import { X3_LOG } from './logs.ts';
import { type MeterModel, peakRows } from './meter-model.ts';

const { gigaJoule, cubicMetre, litrePerHour, kiloWatt, celsius, kelvin, date, clock, number, wattHour } =
  UNIT;

/**
 * Value lengths as in the frames of gemu2015/Sonoff-Tasmota#38, totals and serial number as in the readout of
 * golles/ha-kamstrup_403#257. Register 155 does not exist on a 403.
 */
// biome-ignore format: a table reads best in rows
export const MULTICAL_403: MeterModel = {
  name: 'MULTICAL 403',
  meterType: 0x0034,
  softwareRevision: null,
  serialNumber: 84_968_362,
  // Without its magnet, which would keep the eye on for ever.
  eye: { awakeFor: 240_000, trafficKeepsAwake: false },
  start: {
    heatEnergy: 23_560_400, // 84.817 GJ
    volume: 520_410,
    flowTemperatureVolume: 35_387,
    returnTemperatureVolume: 15_129,
    operatingHours: 4_512,
    peaks: { flowMonth: 245, powerMonth: 9.4, flowYear: 267, powerYear: 15.5 },
  },
  log: X3_LOG,
  registers: [
    [60, gigaJoule, 4, 3, 'heatEnergy'],
    [61, gigaJoule, 4, 3, 0],
    [62, gigaJoule, 4, 3, 0],
    [63, gigaJoule, 4, 3, 0],
    [64, gigaJoule, 4, 3, 0],
    [65, gigaJoule, 4, 3, 0],
    [66, number, 4, 0, 0],
    [67, number, 4, 0, 0],
    [68, cubicMetre, 4, 2, 'volume'],
    [72, UNIT.tonne, 4, 2, 'mass'],
    [74, litrePerHour, 2, 0, 'flow'],
    [80, kiloWatt, 2, 1, 'power'],
    [84, cubicMetre, 4, 2, 0],
    [85, cubicMetre, 4, 2, 0],
    [86, celsius, 2, 2, 'flowTemperature'],
    [87, celsius, 2, 2, 'returnTemperature'],
    [89, kelvin, 2, 2, 'temperatureDifference'],
    [97, UNIT.cubicMetreCelsius, 4, 0, 'flowTemperatureVolume'],
    [98, UNIT.monthDay, 2, 0, 1231],
    [99, number, 4, 0, 0],
    [110, UNIT.cubicMetreCelsius, 4, 0, 'returnTemperatureVolume'],
    [112, number, 4, 0, 0],
    [113, number, 2, 0, 3],
    [114, number, 4, 0, 0],
    ...peakRows(2),
    [146, celsius, 1, 0, 'meanFlowTemperatureYear'],
    [147, celsius, 1, 0, 'meanReturnTemperatureYear'],
    [149, celsius, 1, 0, 'meanFlowTemperatureMonth'],
    [150, celsius, 1, 0, 'meanReturnTemperatureMonth'],
    [153, number, 4, 0, 41_900],
    [154, number, 2, 0, 35_217],
    [168, number, 4, 0, 1_000_000],
    [175, UNIT.hour, 4, 0, 0],
    [222, number, 2, 0, 1],
    [228, number, 4, 0, 0],
    [234, UNIT.litrePerPulse, 2, 0, 10],
    [235, UNIT.litrePerPulse, 2, 0, 10],
    [239, UNIT.litre, 4, 1, 'volume', 100_000],
    // The vendor's example: 1 234 567.8 kWh is 4 567 890.1 Wh here.
    [266, wattHour, 4, 0, 'heatEnergy', 10_000_000],
    [267, wattHour, 4, 0, 0],
    [268, UNIT.minute, 2, 0, 60],
    [348, UNIT.dstDateTime, 7, 0, 'dateTime'],
    [368, number, 4, 0, 0],
    [369, UNIT.bitField, 4, 0, 0],
    [404, number, 2, 0, 403],
    [1001, number, 4, 0, 'serialNumber'],
    [1002, clock, 4, 0, 'clock'],
    [1003, date, 4, 0, 'date'],
    [1004, UNIT.hour, 4, 0, 'operatingHours'],
    [1005, number, 4, 0, 14_540_201], // 5098-1454 B1
    [1010, number, 4, 0, 11_223_344],
  ],
};
