import { ELECTRICITY_PROFILES } from './electricity-families.ts';
import type { MeterModelName, MeterProfile } from './family.ts';
import { HEAT_PROFILES } from './heat-families.ts';
import { WATER_PROFILES } from './water-families.ts';

export const PROFILES: Readonly<Record<MeterModelName, MeterProfile>> = {
  ...HEAT_PROFILES,
  ...WATER_PROFILES,
  ...ELECTRICITY_PROFILES,
};

/** What holds for a meter whichever of several families it is of; undefined where they differ. */
export interface SharedProfile {
  readonly kind: MeterProfile['kind'] | undefined;
  readonly infoTable: MeterProfile['infoTable'] | undefined;
  readonly first: MeterProfile['first'] | undefined;
  readonly details: MeterProfile['details'] | undefined;
  readonly eye: MeterProfile['eye'] | undefined;
}

export function sharedProfile(models: readonly MeterModelName[]): SharedProfile {
  const profiles = models.map((model) => PROFILES[model]);
  return {
    kind: onlyOne(profiles.map(({ kind }) => kind)),
    infoTable: onlyOne(profiles.map(({ infoTable }) => infoTable)),
    first: onlyOne(profiles.map(({ first }) => first)),
    details: onlyOne(profiles.map(({ details }) => details)),
    eye: onlyOne(profiles.map(({ eye }) => eye)),
  };
}

function onlyOne<Value>(values: readonly Value[]): Value | undefined {
  const different = [...new Set(values)];
  return different.length === 1 ? different[0] : undefined;
}
