import type { InfoTableName } from './family.ts';
import { type InfoMessage, messageTraits, PROBLEM_GROUPS, type ProblemGroup } from './info-codes.ts';

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

/**
 * The seven of a 303: the one that stood upside down showed 0004000 (wmbusmeters#1653), so it is t3 that it lacks. Its
 * last four places are those of the others.
 */
const DIGITS_303: readonly Digits[] = [...DIGITS.slice(0, 3), ...DIGITS.slice(4)];
const FIRST_THAT_DIFFERS = 10_000n;

/** What a code means if it is the number on the display. */
export interface DisplayedCode {
  readonly messages: readonly InfoMessage[];
  /** Displays of other models show something else with it: any of `messages` may be meant. */
  readonly isOneOfSeveral: boolean;
}

/** Undefined where no display shows this code. */
export function displayedCode(code: bigint): DisplayedCode | undefined {
  const readings = [DIGITS, DIGITS_303].flatMap((digits) => {
    const messages = messagesOfDigits(code, digits);
    return messages === undefined ? [] : [messages];
  });
  if (readings.length === 0) return undefined;
  return { messages: [...new Set(readings.flat())], isOneOfSeveral: code >= FIRST_THAT_DIFFERS };
}

function messagesOfDigits(code: bigint, places: readonly Digits[]): readonly InfoMessage[] | undefined {
  const shown = String(code).padStart(places.length, '0');
  if (shown.length > places.length) return undefined;
  const messages: InfoMessage[] = [];
  for (const [place, digits] of places.entries()) {
    const digit = shown[place] ?? '';
    const message = digits[digit];
    if (message !== undefined) messages.push(message);
    else if (digit !== '0') return undefined;
  }
  return messages;
}

/** The bits of an info code, each with the problem that it stands for. */
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

/**
 * The low half of the same, in two bytes: a 303 over radio (wmbusmeters#1653). There the bits of both inputs and of the
 * external alarm are reserved.
 */
const BITS_X3_SHORT = BITS_X3.filter(([bit]) => bit < 0x1000 && bit !== 0x4);

/** What no meter can have at once. */
const EXCLUDING: readonly (readonly [InfoMessage, InfoMessage])[] = [
  ['t1AboveRange', 't1BelowRange'],
  ['t2AboveRange', 't2BelowRange'],
  ['t3AboveRange', 't3BelowRange'],
];

/** True where one of the messages excludes another: the code was read with the wrong list. */
export function contradicts(messages: readonly InfoMessage[]): boolean {
  return EXCLUDING.some((both) => both.every((message) => messages.includes(message)));
}

/** TD3100 p.40, and wmbusmeters (kamwater.xmq). */
const BITS_WATER: InfoTable['bits'] = [
  [1, 'dry'],
  [2, 'reverseFlow'],
  [4, 'leak'],
  [8, 'burst'],
];

/**
 * wmbusmeters, of the radio telegram. Its bit 7 (flow above Q4) is left out: through the eye of a KWM2231 that bit is
 * "meter temperature too high" (jktjkt/PyKMP, register 458). Bit 11 was seen by radio, and nobody has explained it.
 */
const BITS_WATER_LONG: InfoTable['bits'] = [
  ...BITS_WATER,
  [16, 'tampering'],
  [32, 'lowBattery'],
  [64, 'lowAmbientTemperature'],
  [512, 'noConsumption'],
];

/** Two bytes of a water meter: four flags, and four classes of "hours active" of three bits each. */
const WATER_SHORT: InfoTable = { bits: BITS_WATER, durations: 0xfff0n };
const WATER_LONG: InfoTable = { bits: BITS_WATER_LONG, durations: 0n };

/**
 * The list for an info code that came in so many bytes: the meters of one family differ, and a flowIQ 2200 exists with
 * two bytes and with four. Undefined where there is none. `bytes`: undefined where it is not known any more.
 */
export function infoTable(name: InfoTableName, bytes: number | undefined): InfoTable | undefined {
  switch (name) {
    case '601':
      return { bits: BITS_601, durations: 0n };
    case 'x3':
      return { bits: bytes === 2 ? BITS_X3_SHORT : BITS_X3, durations: 0n };
    case 'water':
      return bytes === 2 ? WATER_SHORT : bytes === 4 ? WATER_LONG : undefined;
  }
}

/** The problems that meters with this table can report, in a fixed order. */
export function groupsOf({ bits }: InfoTable): readonly ProblemGroup[] {
  const known = new Set(bits.flatMap(([, message]) => messageTraits(message).groups));
  return PROBLEM_GROUPS.filter((group) => known.has(group));
}
