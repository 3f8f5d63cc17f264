import { UNIT } from '../../catalogue/units.ts';
import { INTERVAL_LOG } from './logs.ts';
import { type MeterModel, peakRows } from './meter-model.ts';

const { megaWattHour, cubicMetre, litrePerHour, kiloWatt, celsius, kelvin, date, number } = UNIT;

/**
 * Four bytes for every value (5512-447). Type, revision and software checksum as nabovarme/MeterLoggerTesto captured
 * them, totals as in the readout of the openenergymonitor forum, node 5713 (whose energy, read as MWh, is more than its
 * volume can have carried; the readout does not say its unit).
 */
// biome-ignore format: a table reads best in rows
export const MULTICAL_601: MeterModel = {
  name: 'MULTICAL 601',
  meterType: 0x0001,
  softwareRevision: 'G1',
  serialNumber: 6_517_223,
  // The first byte wakes it.
  eye: { awakeFor: Number.POSITIVE_INFINITY, trafficKeepsAwake: true },
  start: {
    heatEnergy: 102_470_100, // 102.47 MWh
    volume: 1_208_960,
    flowTemperatureVolume: 79_791,
    returnTemperatureVolume: 45_940,
    operatingHours: 40_926,
    peaks: { flowMonth: 251, powerMonth: 9.1, flowYear: 268, powerYear: 12.3 },
  },
  log: INTERVAL_LOG,
  registers: [
    [60, megaWattHour, 4, 2, 'heatEnergy'],
    [61, megaWattHour, 4, 2, 0],
    [62, megaWattHour, 4, 2, 0],
    [63, megaWattHour, 4, 2, 0],
    [64, megaWattHour, 4, 2, 0],
    [65, megaWattHour, 4, 2, 0],
    [66, number, 4, 0, 0],
    [67, number, 4, 0, 0],
    [68, cubicMetre, 4, 2, 'volume'],
    [69, cubicMetre, 4, 2, 0],
    [72, UNIT.tonne, 4, 2, 'mass'],
    [73, UNIT.tonne, 4, 2, 0],
    [74, litrePerHour, 4, 0, 'flow'],
    [75, litrePerHour, 4, 0, 0],
    [80, kiloWatt, 4, 1, 'power'],
    [84, cubicMetre, 4, 2, 0],
    [85, cubicMetre, 4, 2, 0],
    [86, celsius, 4, 2, 'flowTemperature'],
    [87, celsius, 4, 2, 'returnTemperature'],
    [88, celsius, 4, 2, 0],
    [89, kelvin, 4, 2, 'temperatureDifference'],
    [91, UNIT.bar, 4, 2, 0],
    [92, UNIT.bar, 4, 2, 0],
    [97, UNIT.cubicMetreCelsius, 4, 0, 'flowTemperatureVolume'],
    [98, UNIT.monthDay, 4, 0, 601],
    [99, number, 4, 0, 0],
    [104, number, 4, 0, 0],
    [110, UNIT.cubicMetreCelsius, 4, 0, 'returnTemperatureVolume'],
    [112, number, 4, 0, 0],
    [113, number, 4, 0, 4],
    [114, number, 4, 0, 0],
    ...peakRows(4),
    [146, celsius, 4, 0, 'meanFlowTemperatureYear'],
    [147, celsius, 4, 0, 'meanReturnTemperatureYear'],
    [149, celsius, 4, 0, 'meanFlowTemperatureMonth'],
    [150, celsius, 4, 0, 'meanReturnTemperatureMonth'],
    [152, number, 4, 0, 38_190_001],
    [153, number, 4, 0, 41_900],
    [154, number, 4, 0, 41_386],
    [155, UNIT.wattHour, 4, 1, 'heatEnergy', 10_000_000],
    [157, number, 4, 0, 0],
    [158, number, 4, 0, 0],
    [168, number, 4, 0, 1_000_000],
    [175, UNIT.hour, 4, 0, 0],
    [234, UNIT.litrePerPulse, 4, 0, 10],
    [235, UNIT.litrePerPulse, 4, 0, 10],
    [1001, number, 4, 0, 'serialNumber'],
    [1002, UNIT.clock, 4, 0, 'clock'],
    [1003, date, 4, 0, 'date'],
    [1004, UNIT.hour, 4, 0, 'operatingHours'],
    [1005, number, 4, 0, 1_680_701], // 5098-0168 G1
    [1010, number, 4, 0, 6_517_223],
  ],
};
