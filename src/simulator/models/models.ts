import type { MeterModel } from './meter-model.ts';
import { MULTICAL_402 } from './multical-402.ts';
import { MULTICAL_403 } from './multical-403.ts';
import { MULTICAL_601 } from './multical-601.ts';
import { MULTICAL_603 } from './multical-603.ts';

export type ModelName = '402' | '403' | '601' | '603';

export const MODELS: Readonly<Record<ModelName, MeterModel>> = {
  '402': MULTICAL_402,
  '403': MULTICAL_403,
  '601': MULTICAL_601,
  '603': MULTICAL_603,
};

export function isModelName(name: string): name is ModelName {
  return Object.hasOwn(MODELS, name);
}
