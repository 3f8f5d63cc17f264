import type { PowerLevel } from '../readings/conversion.ts';
import type { MeterConfig } from './config.ts';
import { cronsOf } from './presets.ts';
import { burstSettings } from './validators.ts';

/** A model that is left out is `auto`. */
export type MeterPlace = Pick<MeterConfig, 'name' | 'port' | 'address'> & Partial<Pick<MeterConfig, 'model'>>;

/** The user wants these with every reading, not only with the details. */
export type ExtraRegisters = Pick<MeterConfig, 'fineEnergy' | 'meanTemperatures'>;

export interface BurstSettings {
  readonly above: PowerLevel;
  /** Milliseconds from one reading to the next. */
  readonly every: number;
}

/** A configured meter, with its presets and amounts resolved. */
export interface MeterSettings
  extends MeterPlace,
    ExtraRegisters,
    Pick<
      MeterConfig,
      'detailSchedule' | 'timezone' | 'readOnStart' | 'registers' | 'wakeUp' | 'mainsPowered' | 'battery'
    > {
  /** Cron; two that come at the same moment are one reading. */
  readonly schedules: readonly string[];
  /** Null: none. */
  readonly burst: BurstSettings | null;
}

export function settingsOf(config: MeterConfig): MeterSettings {
  return { ...config, schedules: cronsOf(config.schedule), burst: burstSettings(config.burst) };
}
