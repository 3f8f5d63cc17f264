import type { MeterModelName } from '../../catalogue/family.ts';
import {
  KAMSTRUP_162,
  KAMSTRUP_282,
  KAMSTRUP_351,
  KAMSTRUP_382,
  KAMSTRUP_OMNIPOWER,
} from './electricity-families.ts';
import { MULTICAL_302, MULTICAL_303, MULTICAL_602, MULTICAL_801, MULTICAL_803 } from './heat-families.ts';
import type { MeterModel } from './meter-model.ts';
import { MULTICAL_402 } from './multical-402.ts';
import { MULTICAL_403 } from './multical-403.ts';
import { MULTICAL_601 } from './multical-601.ts';
import { MULTICAL_603 } from './multical-603.ts';
import { VARIANTS } from './variants.ts';
import {
  FLOWIQ_21XX,
  FLOWIQ_22XX,
  FLOWIQ_31XX,
  KWM2231,
  MULTICAL_21,
  MULTICAL_62,
} from './water-families.ts';

/** A family, or a meter of one in other units. */
export type ModelName = MeterModelName | keyof typeof VARIANTS;

export const MODELS: Readonly<Record<ModelName, MeterModel>> = {
  '302': MULTICAL_302,
  '303': MULTICAL_303,
  '402': MULTICAL_402,
  '403': MULTICAL_403,
  '601': MULTICAL_601,
  '602': MULTICAL_602,
  '603': MULTICAL_603,
  '801': MULTICAL_801,
  '803': MULTICAL_803,
  '62': MULTICAL_62,
  '21': MULTICAL_21,
  'flowiq-21xx': FLOWIQ_21XX,
  'flowiq-22xx': FLOWIQ_22XX,
  'flowiq-31xx': FLOWIQ_31XX,
  kwm2231: KWM2231,
  '382': KAMSTRUP_382,
  '162': KAMSTRUP_162,
  '282': KAMSTRUP_282,
  '351': KAMSTRUP_351,
  omnipower: KAMSTRUP_OMNIPOWER,
  ...VARIANTS,
};

export function isModelName(name: string): name is ModelName {
  return Object.hasOwn(MODELS, name);
}
