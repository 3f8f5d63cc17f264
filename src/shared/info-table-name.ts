/**
 * Which list an info code is read with: that of the 601 and 602, of the x3 family (303, 403, 603, 803), of water meters
 * with two bytes, and with four.
 */
export type InfoTableName = '601' | 'x3' | 'water' | 'water-long';
