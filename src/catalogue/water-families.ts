import { MAGNET_62, MAGNET_WATER } from './eyes.ts';
import { FIRST_62, type MeterModelName, type MeterProfile, WATER_FIRST } from './family.ts';
import { LOG_21, LOG_FLOWIQ_22, LOG_KWM2231, LOG_NOT_KNOWN } from './logs.ts';

/** Registers of heat and electricity meters. */
const NEVER_WATER = [60, 63, 80, 86, 1, 13, 1023, 1054];

const WATER = {
  kind: 'water',
  details: 'heat',
  infoTable: 'water',
  first: WATER_FIRST,
  eye: MAGNET_WATER,
  log: LOG_NOT_KNOWN,
  typeCodes: [],
  programs: [],
  typeText: null,
  // Two bytes of info code: captured from a MULTICAL 21 (bsdphk/PyKamstrup#6), TD3100 p. 40.
  signs: { someOf: [[68], [292]], never: NEVER_WATER, lengths: { 99: 2 } },
} as const;

/** Four bytes of info code (wmbusmeters, kamwater.xmq); the flowIQ 2200 exists with two as well. */
const LONG = { ...WATER, signs: { ...WATER.signs, lengths: { 99: 4 } } } as const;
const EITHER = { ...WATER, signs: { ...WATER.signs, lengths: {} } } as const;

export const WATER_PROFILES = {
  // No energy and no temperature in the maker's list (TD62 p. 82): a water meter of the 402's generation.
  '62': {
    ...WATER,
    label: 'MULTICAL 62',
    infoTable: null,
    first: FIRST_62,
    eye: MAGNET_62,
    signs: { someOf: [[68], [112]], never: [...NEVER_WATER, 243, 292, 299, 348, 369], lengths: {} },
  },
  '21': { ...WATER, label: 'MULTICAL 21', log: LOG_21 },
  'flowiq-21xx': { ...WATER, label: 'flowIQ 21xx', log: LOG_21 },
  'flowiq-22xx': { ...EITHER, label: 'flowIQ 22xx', log: LOG_FLOWIQ_22 },
  'flowiq-31xx': { ...WATER, label: 'flowIQ 31xx' },
  // Its type number, as jktjkt/PyKMP read it, is 02K52AC1A7CZ.
  kwm2231: { ...LONG, label: 'KWM2231', log: LOG_KWM2231, typeText: /^02K|KWM\W*2231/i },
} as const satisfies Partial<Record<MeterModelName, MeterProfile>>;
