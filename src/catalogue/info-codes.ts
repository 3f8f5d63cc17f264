import type { MeterPart, Traits } from './register.ts';

// biome-ignore format: a table reads best in rows
/**
 * Problems of a meter, by the last part of their quantity's public name (`problem_air`), and for a person: each names the
 * problem, because it is read alone in a notification. Water that runs out is what a household acts on at once; of all
 * others `info` says which it is.
 */
const GROUPS = {
  flow_temperature_sensor: ['Flow temperature sensor fault', {}],
  return_temperature_sensor: ['Return temperature sensor fault', {}],
  temperature_3_sensor: ['Temperature sensor T3 fault', {}],
  flow_sensor: ['Flow sensor fault', {}],
  air: ['Air in the flow sensor', {}],
  flow_direction: ['Wrong flow direction', {}],
  high_flow: ['High flow', {}],
  leakage: ['Leakage', { shown: true }],
  burst: ['Burst', { shown: true }],
  supply: ['Power supply fault', {}],
  low_battery: ['Low battery', {}],
  external_alarm: ['External alarm', {}],
  dry: ['No water in the meter', {}],
  tampering: ['Tampering', {}],
  no_consumption: ['No consumption', {}],
  low_ambient_temperature: ['Low ambient temperature', {}],
} as const satisfies Readonly<Record<string, readonly [label: string, traits: Traits]>>;

export type ProblemGroup = keyof typeof GROUPS;

export const PROBLEM_GROUPS = Object.keys(GROUPS) as readonly ProblemGroup[];

export function problemQuantity(group: ProblemGroup): string {
  return `problem_${group}`;
}

export function problemGroup(group: ProblemGroup): { readonly label: string; readonly traits: Traits } {
  const [label, traits] = GROUPS[group];
  return { label, traits };
}

interface MessageTraits {
  /** The problems that it counts as. */
  readonly groups: readonly ProblemGroup[];
  readonly fails?: MeterPart;
}

// biome-ignore format: a table reads best in rows
/** Everything that a meter may complain about; the texts are in `texts/`, the bits below. */
const MESSAGES = {
  supplyInterrupted: { groups: ['supply'] },
  lowBattery: { groups: ['low_battery'] },
  externalAlarm: { groups: ['external_alarm'] },
  inputAAlarm: { groups: ['external_alarm'] },
  inputBAlarm: { groups: ['external_alarm'] },

  t1OutOfRange: { groups: ['flow_temperature_sensor'], fails: 't1' },
  t1AboveRange: { groups: ['flow_temperature_sensor'], fails: 't1' },
  t1BelowRange: { groups: ['flow_temperature_sensor'], fails: 't1' },
  t2OutOfRange: { groups: ['return_temperature_sensor'], fails: 't2' },
  t2AboveRange: { groups: ['return_temperature_sensor'], fails: 't2' },
  t2BelowRange: { groups: ['return_temperature_sensor'], fails: 't2' },
  t3OutOfRange: { groups: ['temperature_3_sensor'], fails: 't3' },
  t3AboveRange: { groups: ['temperature_3_sensor'], fails: 't3 or t4' },
  t3BelowRange: { groups: ['temperature_3_sensor'], fails: 't3 or t4' },
  // The meter's own display shows it at both sensors (TD403 p.92).
  differenceInvalid: { groups: ['flow_temperature_sensor', 'return_temperature_sensor'], fails: 'difference' },

  v1DataError: { groups: ['flow_sensor'], fails: 'v1' },
  v1CommunicationError: { groups: ['flow_sensor'], fails: 'v1' },
  v1PulseFigure: { groups: ['flow_sensor'], fails: 'v1' },
  v1Air: { groups: ['air'], fails: 'v1' },
  v1WrongDirection: { groups: ['flow_direction'], fails: 'v1' },
  v1HighFlow: { groups: ['high_flow'] },
  v2DataError: { groups: ['flow_sensor'], fails: 'v2' },
  v2CommunicationError: { groups: ['flow_sensor'], fails: 'v2' },
  v2PulseFigure: { groups: ['flow_sensor'], fails: 'v2' },
  v2Air: { groups: ['air'], fails: 'v2' },
  v2WrongDirection: { groups: ['flow_direction'], fails: 'v2' },
  v2HighFlow: { groups: ['high_flow'] },

  leakColdWater: { groups: ['leakage'] },
  leakHeating: { groups: ['leakage'] },
  leakLoss: { groups: ['leakage'] },
  leakPenetration: { groups: ['leakage'] },
  inputALeak: { groups: ['leakage'] },
  inputBLeak: { groups: ['leakage'] },
  inputA2Leak: { groups: ['leakage'] },
  inputB2Leak: { groups: ['leakage'] },
  burstHeating: { groups: ['burst'] },
  burstLoss: { groups: ['burst'] },
  burstPenetration: { groups: ['burst'] },

  dry: { groups: ['dry'] },
  reverseFlow: { groups: ['flow_direction'] },
  leak: { groups: ['leakage'] },
  burst: { groups: ['burst'] },
  tampering: { groups: ['tampering'] },
  lowAmbientTemperature: { groups: ['low_ambient_temperature'] },
  noConsumption: { groups: ['no_consumption'] },
} as const satisfies Readonly<Record<string, MessageTraits>>;

export type InfoMessage = keyof typeof MESSAGES;

export function messageTraits(message: InfoMessage): MessageTraits {
  return MESSAGES[message];
}
