import type { InfoTableName } from '../../shared/info-table-name.ts';
import { type InfoMessage, messageTraits } from './info-messages.ts';
import { PROBLEM_GROUPS, type ProblemGroup } from './problem-groups.ts';

/** How a family of meters writes what is the matter into the bits of its info code. */
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

/** What meters with this table can tell of, in a fixed order. */
export function groupsOf({ bits }: InfoTable): readonly ProblemGroup[] {
  const known = new Set(bits.flatMap(([, message]) => messageTraits(message).groups));
  return PROBLEM_GROUPS.filter((group) => known.has(group));
}
