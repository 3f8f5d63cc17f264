import type { InfoTableName } from './family.ts';
import type { MeterPart, Traits } from './register.ts';

// biome-ignore format: a table reads best in rows
/** Problems of a meter, by the last part of their quantity's public name (`problem_air`), and for a person. */
const GROUPS = {
  flow_temperature_sensor: ['Flow temperature sensor', { shown: true }],
  return_temperature_sensor: ['Return temperature sensor', { shown: true }],
  temperature_3_sensor: ['Temperature sensor T3', {}], // only large plants have it
  flow_sensor: ['Flow sensor', { shown: true }],
  air: ['Air in the flow sensor', { shown: true }],
  flow_direction: ['Wrong flow direction', { shown: true }],
  high_flow: ['High flow', { shown: true }],
  leakage: ['Leakage', { shown: true }],
  burst: ['Burst', { shown: true }],
  supply: ['Power supply', { shown: true }],
  low_battery: ['Low battery', { shown: true }],
  external_alarm: ['External alarm', { shown: true }],
  dry: ['Dry', { shown: true }],
  tampering: ['Tampering', { shown: true }],
  no_consumption: ['No consumption', { shown: true }],
  low_ambient_temperature: ['Low ambient temperature', { shown: true }],
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

type Digits = Readonly<Record<string, InfoMessage>>;

// biome-ignore format: a table reads best in rows
/**
 * The eight digits that an x3 meter shows for its info code, one for each part: info, t1, t2, t3, V1, V2, inputs A and
 * B. The 403 has 0 for t3 and V2 (TD403 p.92, data sheet 58101516 p.11).
 */
const DIGITS: readonly Digits[] = [
  { 1: 'supplyInterrupted', 2: 'lowBattery', 9: 'externalAlarm' },
  { 1: 't1AboveRange', 2: 't1BelowRange', 9: 'differenceInvalid' },
  { 1: 't2AboveRange', 2: 't2BelowRange', 9: 'differenceInvalid' },
  { 1: 't3AboveRange', 2: 't3BelowRange', 9: 'differenceInvalid' },
  { 1: 'v1CommunicationError', 2: 'v1PulseFigure', 3: 'v1Air', 4: 'v1WrongDirection', 6: 'v1HighFlow', 7: 'burstLoss', 8: 'leakLoss' },
  { 1: 'v2CommunicationError', 2: 'v2PulseFigure', 3: 'v2Air', 4: 'v2WrongDirection', 6: 'v2HighFlow', 7: 'burstPenetration', 8: 'leakPenetration' },
  { 7: 'inputA2Leak', 8: 'inputALeak', 9: 'inputAAlarm' },
  { 7: 'inputB2Leak', 8: 'inputBLeak', 9: 'inputBAlarm' },
];

/** The meaning of `code` if it is the number on the display; undefined where no display shows it. */
export function displayCodeMessages(code: bigint): readonly InfoMessage[] | undefined {
  const shown = String(code).padStart(DIGITS.length, '0');
  if (shown.length > DIGITS.length) return undefined;
  const messages: InfoMessage[] = [];
  for (const [place, digits] of DIGITS.entries()) {
    const digit = shown[place] ?? '';
    const message = digits[digit];
    if (message !== undefined) messages.push(message);
    else if (digit !== '0') return undefined;
  }
  return messages;
}

/** The bits of a family's info code, each with the problem that it stands for. */
export interface InfoTable {
  readonly bits: readonly (readonly [bit: number, message: InfoMessage])[];
  /** Bits that are no flags: for how long flags have been set. */
  readonly durations: bigint;
}

/** TD602 p.49. */
const BITS_601: InfoTable['bits'] = [
  [1, 'supplyInterrupted'],
  [4, 't2OutOfRange'],
  [8, 't1OutOfRange'],
  [16, 'v1DataError'],
  [32, 't3OutOfRange'],
  [64, 'leakColdWater'],
  [128, 'v2PulseFigure'],
  [256, 'leakHeating'],
  [512, 'burstHeating'],
  [1024, 'v2DataError'],
  [2048, 'v1PulseFigure'],
  [4096, 'v1Air'],
  [8192, 'v2Air'],
  [16384, 'v1WrongDirection'],
  [32768, 'v2WrongDirection'],
];

/** TD403 p.92; from 0x10000 on wmbusmeters (kamheat.xmq), which agrees on all of the others. 0x400 is reserved. */
const BITS_X3: InfoTable['bits'] = [
  [0x1, 'supplyInterrupted'],
  [0x2, 'lowBattery'],
  [0x4, 'externalAlarm'],
  [0x8, 't1AboveRange'],
  [0x10, 't2AboveRange'],
  [0x20, 't1BelowRange'],
  [0x40, 't2BelowRange'],
  [0x80, 'differenceInvalid'],
  [0x100, 'v1Air'],
  [0x200, 'v1WrongDirection'],
  [0x800, 'v1HighFlow'],
  [0x1000, 'inputALeak'],
  [0x2000, 'inputBLeak'],
  [0x4000, 'inputAAlarm'],
  [0x8000, 'inputBAlarm'],
  [0x1_0000, 'v1CommunicationError'],
  [0x2_0000, 'v1PulseFigure'],
  [0x4_0000, 'inputA2Leak'],
  [0x8_0000, 'inputB2Leak'],
  [0x10_0000, 't3AboveRange'],
  [0x20_0000, 't3BelowRange'],
  [0x40_0000, 'v2CommunicationError'],
  [0x80_0000, 'v2PulseFigure'],
  [0x100_0000, 'v2Air'],
  [0x200_0000, 'v2WrongDirection'],
  [0x800_0000, 'v2HighFlow'],
  [0x1000_0000, 'burstLoss'],
  [0x2000_0000, 'burstPenetration'],
  [0x4000_0000, 'leakLoss'],
  [0x8000_0000, 'leakPenetration'],
];

/** TD3100 p.40, and wmbusmeters (kamwater.xmq). */
const BITS_WATER: InfoTable['bits'] = [
  [1, 'dry'],
  [2, 'reverseFlow'],
  [4, 'leak'],
  [8, 'burst'],
];

/**
 * wmbusmeters, of the radio telegram. Its bit 7 (flow above Q4) is left out: through the eye of a KWM2231 that bit is
 * "meter temperature too high" (jktjkt/PyKMP, register 458).
 */
const BITS_WATER_LONG: InfoTable['bits'] = [
  ...BITS_WATER,
  [16, 'tampering'],
  [32, 'lowBattery'],
  [64, 'lowAmbientTemperature'],
  [512, 'noConsumption'],
];

const TABLES: Readonly<Record<InfoTableName, InfoTable>> = {
  '601': { bits: BITS_601, durations: 0n },
  x3: { bits: BITS_X3, durations: 0n },
  // Four classes of "hours active", three bits each, one for each flag.
  water: { bits: BITS_WATER, durations: 0xfff0n },
  'water-long': { bits: BITS_WATER_LONG, durations: 0n },
};

export function infoTable(name: InfoTableName): InfoTable {
  return TABLES[name];
}

/** The problems that meters with this table can report, in a fixed order. */
export function groupsOf({ bits }: InfoTable): readonly ProblemGroup[] {
  const known = new Set(bits.flatMap(([, message]) => messageTraits(message).groups));
  return PROBLEM_GROUPS.filter((group) => known.has(group));
}
