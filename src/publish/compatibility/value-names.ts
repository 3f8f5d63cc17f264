// biome-ignore format: a table reads best in rows
/** The names of matthijsvisser/kamstrup-402-mqtt (readme, 2025-11) and the registers behind them. */
export const VALUE_NAMES: readonly (readonly [name: string, register: number])[] = [
  ['energy', 60], ['power', 80], ['temp1', 86], ['temp2', 87], ['tempdiff', 89], ['flow', 74], ['volume', 68],
  ['minflow_m', 141], ['maxflow_m', 139], ['minflowDate_m', 140], ['maxflowDate_m', 138],
  ['minpower_m', 145], ['maxpower_m', 143], ['avgtemp1_m', 149], ['avgtemp2_m', 150],
  ['minpowerdate_m', 144], ['maxpowerdate_m', 142],
  ['minflow_y', 126], ['maxflow_y', 124], ['minflowdate_y', 125], ['maxflowdate_y', 123],
  ['minpower_y', 130], ['maxpower_y', 128], ['avgtemp1_y', 146], ['avgtemp2_y', 147],
  ['minpowerdate_y', 129], ['maxpowerdate_y', 127],
  ['temp1xm3', 97], ['temp2xm3', 110], ['infoevent', 113], ['hourcounter', 1004],
];
