import type { RegisterValue } from '../kmp/register-value.ts';
import type { RegisterNature } from '../kmp/registers/register-info.ts';
import type { ReadingValue } from './reading-value.ts';

/** One quantity as the meter gave it, at one moment. */
export interface Reading {
  /** Public name in topics and JSON, for example `heat_energy`. */
  readonly quantity: string;
  /** For a person, in English and sentence case. */
  readonly label: string;
  /** Null for what is in no register but follows from some. */
  readonly register: number | null;
  readonly nature: ReadingNature;
  readonly value: ReadingValue;
  /** The meter's own unit symbol (`GJ`, `l/h`, `°C`); empty for plain numbers. */
  readonly unit: string;
  /** Wall clock, milliseconds since 1970. */
  readonly readAt: number;
}

/** A reading just as a register gave it. */
export interface RegisterReading extends Reading {
  readonly register: number;
  readonly value: RegisterValue;
}

/**
 * What a reading is for: the natures of registers, and those of what follows from them.
 *
 * | nature       | content |
 * | ------------ | --- |
 * | period-total | counts up from the beginning of a day, month or year |
 * | mean         | average over all that flowed in a period |
 * | drift        | how far off the meter's clock is |
 * | problem      | whether something is the matter |
 * | message      | what is the matter, in words |
 */
export type ReadingNature = RegisterNature | 'period-total' | 'mean' | 'drift' | 'problem' | 'message';
