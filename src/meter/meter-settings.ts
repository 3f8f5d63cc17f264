import type { MeterModelName } from '../catalogue/family.ts';
import type { WakeUp } from '../link/client.ts';
import type { PowerLevel } from '../readings/conversion.ts';

/** Where a meter hangs and what its owner calls it. */
export interface MeterPlace {
  readonly name: string;
  readonly port: string;
  /** KMP destination address. */
  readonly address: number;
  /** What its owner says it is; left out or `auto`: what it answers decides. */
  readonly model?: MeterModelName | 'auto';
}

/** What a user wants with every reading and not only with the detail. */
export interface ExtraRegisters {
  readonly fineEnergy: boolean;
  readonly meanTemperatures: boolean;
}

export interface BurstSettings {
  readonly above: PowerLevel;
  /** Milliseconds from one reading to the next. */
  readonly every: number;
}

/** A meter as its owner configured it, presets and units resolved. */
export interface MeterSettings extends MeterPlace, ExtraRegisters {
  /** Cron; two that come at the same moment are one reading. */
  readonly schedules: readonly string[];
  /** Cron, or `never`. */
  readonly detailSchedule: string;
  /** IANA name, or empty for the system's: the schedules go by it, and its days count. */
  readonly timezone: string;
  readonly readOnStart: boolean;
  readonly registers: 'auto' | readonly number[];
  readonly wakeUp: WakeUp;
  /** Its reading costs no battery. */
  readonly mainsPowered: boolean;
  readonly battery: {
    /** Null: no limit. */
    readonly maxReadingsPerDay: number | null;
  };
  /** Null: none. */
  readonly burst: BurstSettings | null;
}
