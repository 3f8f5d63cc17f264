/**
 * What a meter knows about its house, all of one moment. Energies in Wh, volumes in l, masses in kg, flows in l/h,
 * powers in kW, temperatures in °C, differences in K, dates as YYMMDD and times as hhmmss.
 */
export const HOUSE_QUANTITIES = [
  'heatEnergy',
  'volume',
  'mass',
  'flowTemperatureVolume',
  'returnTemperatureVolume',
  'operatingHours',
  'flow',
  'power',
  'flowTemperature',
  'returnTemperature',
  'temperatureDifference',
  'maxFlowYear',
  'maxFlowYearDate',
  'maxFlowYearTime',
  'minFlowYear',
  'minFlowYearDate',
  'minFlowYearTime',
  'maxPowerYear',
  'maxPowerYearDate',
  'maxPowerYearTime',
  'minPowerYear',
  'minPowerYearDate',
  'minPowerYearTime',
  'maxFlowMonth',
  'maxFlowMonthDate',
  'maxFlowMonthTime',
  'minFlowMonth',
  'minFlowMonthDate',
  'minFlowMonthTime',
  'maxPowerMonth',
  'maxPowerMonthDate',
  'maxPowerMonthTime',
  'minPowerMonth',
  'minPowerMonthDate',
  'minPowerMonthTime',
  'meanFlowTemperatureYear',
  'meanReturnTemperatureYear',
  'meanFlowTemperatureMonth',
  'meanReturnTemperatureMonth',
  'meanFlowTemperatureDay',
  'meanReturnTemperatureDay',
  'meanFlowTemperatureHour',
  'meanReturnTemperatureHour',
  'date',
  'clock',
] as const;

export type HouseQuantity = (typeof HOUSE_QUANTITIES)[number];

export type HouseValues = Readonly<Record<HouseQuantity, number>>;

/** Counters never show more than was counted; everything else is rounded. */
export const COUNTED: ReadonlySet<HouseQuantity> = new Set([
  'heatEnergy',
  'volume',
  'mass',
  'flowTemperatureVolume',
  'returnTemperatureVolume',
  'operatingHours',
]);
