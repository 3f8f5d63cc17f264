// biome-ignore format: a table reads best in rows
/** What may be the matter with a meter, as the public name of its quantity says it (`problem_air`), and for a person. */
const GROUPS = {
  flow_temperature_sensor: 'Flow temperature sensor',
  return_temperature_sensor: 'Return temperature sensor',
  temperature_3_sensor: 'Temperature sensor T3',
  flow_sensor: 'Flow sensor',
  air: 'Air in the flow sensor',
  flow_direction: 'Wrong flow direction',
  high_flow: 'High flow',
  leakage: 'Leakage',
  burst: 'Burst',
  supply: 'Power supply',
  low_battery: 'Low battery',
  external_alarm: 'External alarm',
  dry: 'Dry',
  tampering: 'Tampering',
  no_consumption: 'No consumption',
  low_ambient_temperature: 'Low ambient temperature',
} as const;

export type ProblemGroup = keyof typeof GROUPS;

export const PROBLEM_GROUPS = Object.keys(GROUPS) as readonly ProblemGroup[];

export function problemQuantity(group: ProblemGroup): string {
  return `problem_${group}`;
}

export function problemLabel(group: ProblemGroup): string {
  return GROUPS[group];
}
