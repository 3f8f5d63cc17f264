import type { MeterKind } from './family.ts';

/**
 * What still tells of the past of a meter whose log cannot be read: the yearly target date, highest and lowest flow and
 * power with their dates, mean temperatures of its year and month (5512-447, section 6.2; data sheets).
 */
export const PAST_REGISTERS: Readonly<Record<MeterKind, readonly number[]>> = {
  heat: [
    98,
    ...[123, 124, 125, 126, 127, 128, 129, 130],
    ...[138, 139, 140, 141, 142, 143, 144, 145],
    ...[146, 147, 149, 150],
  ],
  water: [98, 123, 124, 125, 126, 138, 139, 140, 141, 293, 294, 295, 300, 301, 302],
  electricity: [],
};
