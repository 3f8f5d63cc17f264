import type { MeterModelName } from '../../shared/model-names.ts';
import { ELECTRICITY_PROFILES } from './electricity-profiles.ts';
import { HEAT_PROFILES } from './heat-profiles.ts';
import type { MeterProfile } from './meter-profile.ts';
import { WATER_PROFILES } from './water-profiles.ts';

export const PROFILES: Readonly<Record<MeterModelName, MeterProfile>> = {
  ...HEAT_PROFILES,
  ...WATER_PROFILES,
  ...ELECTRICITY_PROFILES,
};
