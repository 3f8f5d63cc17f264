import { ELECTRICITY_PROFILES } from './electricity-families.ts';
import type { MeterModelName, MeterProfile } from './family.ts';
import { HEAT_PROFILES } from './heat-families.ts';
import { R } from './register.ts';
import { WATER_PROFILES } from './water-families.ts';

export const PROFILES: Readonly<Record<MeterModelName, MeterProfile>> = {
  ...HEAT_PROFILES,
  ...WATER_PROFILES,
  ...ELECTRICITY_PROFILES,
};

/** A meter writes its type here, in numbers or in words. */
export const TYPE_REGISTERS: readonly number[] = [R.typeNumber, R.meterTypeText, R.meterType];

/** Their contents tell families apart. */
export const IDENTIFYING_REGISTERS: readonly number[] = [R.softwareEdition, ...TYPE_REGISTERS];

/** Their values are of other lengths on other families. */
export const MEASURED_REGISTERS: readonly number[] = [
  ...new Set(Object.values(PROFILES).flatMap(({ signs }) => Object.keys(signs.lengths).map(Number))),
];

/** These registers tell the most families apart, the best first. A meter lacks most of them, two bytes each. */
export const DISTINGUISHING_REGISTERS: readonly number[] = [
  348, 266, 155, 223, 171, 86, 292, 68, 13, 61, 172, 220,
];

/** A meter describes itself with these: editions, type texts, customer, configuration, hours, info. */
export const SELF_DESCRIPTION: readonly number[] = [
  ...IDENTIFYING_REGISTERS,
  ...[112, 1010, 347, 152, 153, 168, 228, 368, 1004, 99, 369, 154],
];

/**
 * A person looks for these beside the main registers: cooling, hours, the clock, E8 and E9, info bits; voltage, current
 * and power of each phase.
 */
export const OFTEN_LOOKED_FOR: Readonly<Record<MeterProfile['details'], readonly number[]>> = {
  heat: [63, 1004, 1002, 1003, 97, 110, 369],
  electricity: [1004, 1002, 1003, 1054, 1055, 1056, 1076, 1077, 1078, 1080, 1081, 1082],
};

/** Facts that hold for each of several families; undefined where they differ. */
export interface SharedProfile {
  readonly kind: MeterProfile['kind'] | undefined;
  readonly infoTable: MeterProfile['infoTable'] | undefined;
  readonly first: MeterProfile['first'] | undefined;
  readonly details: MeterProfile['details'] | undefined;
  readonly eye: MeterProfile['eye'] | undefined;
  readonly logDialect: MeterProfile['log']['dialect'] | undefined;
  readonly logDepths: MeterProfile['log']['depths'] | undefined;
}

export function sharedProfile(models: readonly MeterModelName[]): SharedProfile {
  const profiles = models.map((model) => PROFILES[model]);
  return {
    kind: onlyOne(profiles.map(({ kind }) => kind)),
    infoTable: onlyOne(profiles.map(({ infoTable }) => infoTable)),
    first: onlyOne(profiles.map(({ first }) => first)),
    details: onlyOne(profiles.map(({ details }) => details)),
    eye: onlyOne(profiles.map(({ eye }) => eye)),
    logDialect: onlyOne(profiles.map(({ log }) => log.dialect)),
    logDepths: onlyOne(profiles.map(({ log }) => log.depths)),
  };
}

function onlyOne<Value>(values: readonly Value[]): Value | undefined {
  const different = [...new Set(values)];
  return different.length === 1 ? different[0] : undefined;
}
