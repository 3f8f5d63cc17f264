import type { RegisterValue } from '../kmp/register-value.ts';
import type { RegisterNature } from '../kmp/registers/register-info.ts';

/** One quantity as the meter gave it, at one moment. */
export interface Reading {
  /** Public name in topics and JSON, for example `heat_energy`. */
  readonly quantity: string;
  /** For a person, in English and sentence case. */
  readonly label: string;
  readonly register: number;
  readonly nature: RegisterNature;
  readonly value: RegisterValue;
  /** The meter's own unit symbol (`GJ`, `l/h`, `°C`); empty for plain numbers. */
  readonly unit: string;
  /** Wall clock, milliseconds since 1970. */
  readonly readAt: number;
}
