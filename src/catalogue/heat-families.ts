import { BUTTON_303, BUTTON_402, MAGNET_602, MAGNET_X3, TRAFFIC_601, UNKNOWN_302 } from './eyes.ts';
import {
  HEAT_FIRST,
  type MeterModelName,
  type MeterProfile,
  type Signs,
  type TypeCode,
  X3_FIRST,
} from './family.ts';
import { LOG_402, LOG_601, LOG_801, LOG_CAPTURED, LOG_NOT_KNOWN, LOG_RELATED } from './logs.ts';

/** 5512-447 section 6.2.1; 15xx is the same meter through a 67-05 top module. */
const CODES_601: readonly TypeCode[] = [0x0001, 0x0004, 0x0005, 0x1501, 0x1504, 0x1505].map((code) => ({
  code,
  mask: 0xffff,
  label: 'MULTICAL 601',
}));

const HAS_FLOW_TEMPERATURE = [86];
/** Registers of water and electricity meters. */
const NEVER_HEAT = [243, 292, 299, 1, 13, 1023, 1054];

const HEAT = {
  kind: 'heat',
  details: 'heat',
  infoTable: null,
  first: HEAT_FIRST,
  typeCodes: [],
  programs: [],
} as const;

/**
 * 303, 403, 603 and 803 share their registers as far as is public; a 403 does not answer 155
 * (cenobitedk/esphome_multical402#5).
 */
const X3 = {
  ...HEAT,
  infoTable: 'x3',
  first: X3_FIRST,
  signs: {
    someOf: [
      [86, 398],
      [348, 369],
    ],
    never: [...NEVER_HEAT, 155, 171, 223],
    lengths: { 86: 2 },
  },
} as const;

const NOT_X3 = [266, 348, 369];

const OF_601: Signs = {
  someOf: [HAS_FLOW_TEMPERATURE, [155, 61, 69, 157]],
  never: [...NEVER_HEAT, ...NOT_X3, 171, 172, 218, 220, 223, 229, 230],
  lengths: { 86: 4 },
};

/** Signs are the maker's register lists: TD302 p. 68, TD402 p. 83, 5512-447 sections 5.2 and 5.3. */
export const HEAT_PROFILES = {
  '302': {
    ...HEAT,
    label: 'MULTICAL 302',
    eye: UNKNOWN_302,
    log: LOG_NOT_KNOWN,
    typeText: /^302(?!\d)|MULTICAL\W*302/i,
    signs: {
      someOf: [HAS_FLOW_TEMPERATURE, [266]],
      never: [...NEVER_HEAT, 348, 369, 155, 61, 69, 72, 84, 85, 88, 152],
      lengths: {},
    },
  },
  '303': {
    ...X3,
    label: 'MULTICAL 303',
    eye: BUTTON_303,
    log: LOG_CAPTURED,
    typeText: /^303(?!\d)|MULTICAL\W*303/i,
  },
  // Its radio telegrams have the bits of a 602 (wmbusmeters#386).
  '402': {
    ...HEAT,
    label: 'MULTICAL 402',
    infoTable: '601',
    eye: BUTTON_402,
    log: LOG_402,
    typeText: /^402(?!\d)|MULTICAL\W*402/i,
    signs: {
      someOf: [HAS_FLOW_TEMPERATURE, [155, 223]],
      never: [...NEVER_HEAT, ...NOT_X3, 61, 62, 69, 72, 73, 75, 88],
      lengths: { 86: 4 },
    },
  },
  // Programs: TD403 p. 68.
  '403': {
    ...X3,
    label: 'MULTICAL 403',
    eye: MAGNET_X3,
    log: LOG_RELATED,
    programs: ['1454', '1357'],
    typeText: /^403(?!\d)|MULTICAL\W*403/i,
  },
  '601': {
    ...HEAT,
    label: 'MULTICAL 601',
    infoTable: '601',
    eye: TRAFFIC_601,
    log: LOG_601,
    typeCodes: CODES_601,
    typeText: /^601(?!\d)|MULTICAL\W*601/i,
    signs: OF_601,
  },
  '602': {
    ...HEAT,
    label: 'MULTICAL 602',
    infoTable: '601',
    eye: MAGNET_602,
    log: LOG_402,
    typeText: /^602(?!\d)|MULTICAL\W*602/i,
    signs: OF_601,
  },
  '603': {
    ...X3,
    label: 'MULTICAL 603',
    eye: MAGNET_X3,
    log: LOG_CAPTURED,
    typeText: /^603(?!\d)|MULTICAL\W*603/i,
  },
  '801': {
    ...HEAT,
    label: 'MULTICAL 801',
    eye: TRAFFIC_601,
    log: LOG_801,
    typeText: /^801(?!\d)|MULTICAL\W*801/i,
    signs: {
      someOf: [HAS_FLOW_TEMPERATURE, [155, 61, 69, 157], [171, 172, 220]],
      never: [...NEVER_HEAT, ...NOT_X3, 223, 229, 230],
      lengths: { 86: 4 },
    },
  },
  '803': {
    ...X3,
    label: 'MULTICAL 803',
    eye: MAGNET_X3,
    log: LOG_RELATED,
    typeText: /^803(?!\d)|MULTICAL\W*803/i,
  },
} as const satisfies Partial<Record<MeterModelName, MeterProfile>>;
