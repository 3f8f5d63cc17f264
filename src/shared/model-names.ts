/**
 * The families of meters that this program knows by name, as `model` in the configuration and `simulate --model` take
 * them. Never changed.
 */
export const METER_MODEL_NAMES = [
  '302',
  '303',
  '402',
  '403',
  '601',
  '602',
  '603',
  '801',
  '803',
  '62',
  '21',
  'flowiq-21xx',
  'flowiq-22xx',
  'flowiq-31xx',
  'kwm2231',
  '382',
  '162',
  '282',
  '351',
  'omnipower',
] as const;

export type MeterModelName = (typeof METER_MODEL_NAMES)[number];
