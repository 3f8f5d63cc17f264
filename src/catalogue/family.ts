import type { Eye } from './eyes.ts';
import type { LogProfile } from './logs.ts';

/** One request of at most eight registers. */
export interface FirstRequest {
  /** One register each: the first of the slot that the meter has. */
  readonly slots: readonly (readonly number[])[];
  /** They fill places that stay free, if the meter is known to have them. */
  readonly fillers: readonly number[];
}

/** Energy, volume, flow, power, flow and return temperature, their difference. */
const HEAT_SLOTS = [[60], [68], [74], [80], [86, 398], [87, 399], [89, 400]];
const WATER_FILLERS = [292, 299, 243, 1004];

/** A meter of which nothing is known is asked as the most frequent ones are. */
export const UNKNOWN_FIRST: FirstRequest = {
  slots: [...HEAT_SLOTS, [99, 369]],
  fillers: [63, ...WATER_FILLERS, 1, 2, 1023, 1024, 1054, 1055, 1056, 1080],
};

export const HEAT_FIRST: FirstRequest = { slots: [...HEAT_SLOTS, [99, 369]], fillers: [63, 1004] };

/** The meaning of the bits of 369 is public; the content of 99 on these meters while something is wrong is not. */
export const X3_FIRST: FirstRequest = { slots: [...HEAT_SLOTS, [369, 99]], fillers: [63, 1004] };

/** Volume, flow, info code, reverse volume, temperatures of water and meter, hours. */
export const WATER_FIRST: FirstRequest = {
  slots: [[68], [74], [99, 369], [243], [292], [299], [1004]],
  fillers: [],
};

/** Volume, flow, info code, both pulse inputs, hours. */
export const FIRST_62: FirstRequest = { slots: [[68], [74], [99], [84], [85], [1004]], fillers: [] };

/**
 * Import and export, the same in high resolution (a 382 was seen with zero in 1 and its total in 13), power in and out,
 * the meter's status, operating hours. Tariffs and phases are details.
 */
export const ELECTRICITY_FIRST: FirstRequest = {
  slots: [[1], [2], [13], [14], [1023], [1024], [50], [1004]],
  fillers: [],
};

/**
 * An info code is read with the list of the 601 and 602, of the x3 family (303, 403, 603, 803), or of water meters; which
 * of their lists it is, the number of bytes decides that it comes in (`infoTable`).
 */
export type InfoTableName = '601' | 'x3' | 'water';

export type MeterKind = 'heat' | 'water' | 'electricity';

/** A public answer to GetType: all of it, or its high byte. */
export interface TypeCode {
  readonly code: number;
  readonly mask: 0xffff | 0xff00;
  /** The very model, where the code says more than the family. */
  readonly label: string;
}

/** Tells a family from the others by the registers that a meter answers. */
export interface Signs {
  /** The family has at least one of each group; while none of the first was seen, the meter may be anything. */
  readonly someOf: readonly (readonly number[])[];
  readonly never: readonly number[];
  /** Bytes of a register's value. Firmware differs, so this counts only among families that fit otherwise. */
  readonly lengths: Readonly<Record<number, number>>;
}

/** All that is known of one family of meters. Adding one is adding an entry. */
export interface MeterProfile {
  /** For people. */
  readonly label: string;
  readonly kind: MeterKind;
  /** Null where the maker's list is not public. */
  readonly infoTable: InfoTableName | null;
  /** The main registers. */
  readonly first: FirstRequest;
  /** The table of registers that holds the rest. */
  readonly details: 'heat' | 'electricity';
  readonly eye: Eye;
  readonly log: LogProfile;
  readonly typeCodes: readonly TypeCode[];
  /** First digits of register 1005, the number of the meter's program (5098-1454). */
  readonly programs: readonly string[];
  /** Matches its type number or type text (registers 254, 640, 404). */
  readonly typeText: RegExp | null;
  readonly signs: Signs;
}

/**
 * The families of meters that this program knows by name, as `model` in the configuration and `simulate --model` take
 * them. Never changed.
 */
export const METER_MODEL_NAMES = [
  '302',
  '303',
  '402',
  '403',
  '601',
  '602',
  '603',
  '801',
  '803',
  '62',
  '21',
  'flowiq-21xx',
  'flowiq-22xx',
  'flowiq-31xx',
  'kwm2231',
  '382',
  '162',
  '282',
  '351',
  'omnipower',
] as const;

export type MeterModelName = (typeof METER_MODEL_NAMES)[number];
