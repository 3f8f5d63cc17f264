import type { InfoTableName } from '../../shared/info-table-name.ts';
import type { MeterKind } from '../../shared/meter-kind.ts';
import type { Eye } from './eyes.ts';
import type { FirstRequest } from './first-requests.ts';

/** A public answer to GetType: all of it, or its high byte. */
export interface TypeCode {
  readonly code: number;
  readonly mask: 0xffff | 0xff00;
  /** The very model, where the code says more than the family. */
  readonly label: string;
}

/** What tells a family from the others by the registers that a meter answers. */
export interface Signs {
  /** Of each group the family has at least one; none of the first was seen: it may be anything. */
  readonly someOf: readonly (readonly number[])[];
  readonly never: readonly number[];
  /** Bytes of a register's value. Firmware differs, so this counts only among families that fit otherwise. */
  readonly lengths: Readonly<Record<number, number>>;
}

/** What is known of one family of meters. Adding one is adding an entry. */
export interface MeterProfile {
  /** For people. */
  readonly label: string;
  readonly kind: MeterKind;
  /** Null where the maker's list is not public. */
  readonly infoTable: InfoTableName | null;
  /** What one request asks for. */
  readonly first: FirstRequest;
  /** Which table of registers holds the rest. */
  readonly details: 'heat' | 'electricity';
  readonly eye: Eye;
  readonly typeCodes: readonly TypeCode[];
  /** First digits of register 1005, the number of the meter's program (5098-1454). */
  readonly programs: readonly string[];
  /** What its type number or type text (registers 254, 640, 404) begins with or names. */
  readonly typeText: RegExp | null;
  readonly signs: Signs;
}
