import { UNIT } from '../../catalogue/units.ts';
import { type MeterModel, peakRows } from './meter-model.ts';

const { gigaJoule, cubicMetre, litrePerHour, kiloWatt, celsius, kelvin, date, number } = UNIT;

/** Totals as in the readout of matthijsvisser/kamstrup-402-mqtt. No 154, 157, 158 and 1005 in the maker's list (TD402 p. 83). */
// biome-ignore format: a table reads best in rows
export const MULTICAL_402: MeterModel = {
  name: 'MULTICAL 402',
  meterType: 0x0019,
  softwareRevision: 'C1',
  serialNumber: 61_370_284,
  // A button switches the eye on; it goes off after about 30 minutes without button or traffic.
  eye: { awakeFor: 1_800_000, trafficKeepsAwake: true },
  start: {
    heatEnergy: 63_179_200, // 227.445 GJ
    volume: 2_131_935,
    flowTemperatureVolume: 136_443,
    returnTemperatureVolume: 82_119,
    operatingHours: 31_207,
    peaks: { flowMonth: 214, powerMonth: 8.1, flowYear: 238, powerYear: 9.6 },
  },
  log: null,
  registers: [
    [60, gigaJoule, 4, 3, 'heatEnergy'],
    [63, gigaJoule, 4, 3, 0],
    [64, gigaJoule, 4, 3, 0],
    [65, gigaJoule, 4, 3, 0],
    [66, number, 4, 0, 0],
    [67, number, 4, 0, 0],
    [68, cubicMetre, 4, 3, 'volume'],
    [74, litrePerHour, 4, 0, 'flow'],
    [80, kiloWatt, 4, 1, 'power'],
    [84, cubicMetre, 4, 2, 0],
    [85, cubicMetre, 4, 2, 0],
    [86, celsius, 4, 2, 'flowTemperature'],
    [87, celsius, 4, 2, 'returnTemperature'],
    [89, kelvin, 4, 2, 'temperatureDifference'],
    [97, UNIT.cubicMetreCelsius, 4, 0, 'flowTemperatureVolume'],
    [98, UNIT.monthDay, 4, 0, 601],
    [99, number, 4, 0, 0],
    [110, UNIT.cubicMetreCelsius, 4, 0, 'returnTemperatureVolume'],
    [112, number, 4, 0, 0],
    [113, number, 4, 0, 1],
    [114, number, 4, 0, 0],
    ...peakRows(4),
    [146, celsius, 4, 2, 'meanFlowTemperatureYear'],
    [147, celsius, 4, 2, 'meanReturnTemperatureYear'],
    [149, celsius, 4, 2, 'meanFlowTemperatureMonth'],
    [150, celsius, 4, 2, 'meanReturnTemperatureMonth'],
    [152, number, 4, 0, 34_190],
    [153, number, 4, 0, 41_900],
    [155, UNIT.wattHour, 4, 1, 'heatEnergy', 10_000_000],
    [168, number, 4, 0, 1_000_000],
    [223, UNIT.litre, 4, 1, 'volume', 100_000],
    [229, celsius, 4, 2, 'meanFlowTemperatureHour'],
    [230, celsius, 4, 2, 'meanReturnTemperatureHour'],
    [239, UNIT.litre, 4, 1, 'volume', 100_000],
    [1001, number, 4, 0, 'serialNumber'],
    [1002, UNIT.clock, 4, 0, 'clock'],
    [1003, date, 4, 0, 'date'],
    [1004, UNIT.hour, 4, 0, 'operatingHours'],
    [1010, number, 4, 0, 61_370_284],
  ],
};
