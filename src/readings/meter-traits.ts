/** What the understanding of a meter's readings depends on. */
export interface MeterTraits {
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
  /** Which list its info code is read with; null where none is known. */
  readonly infoTable: InfoTableName | null;
}

export type MeterKind = 'heat' | 'water' | 'electricity';

/** The 601 and 602, the x3 family (303, 403, 603, 803), water meters with two bytes, and with four. */
export type InfoTableName = '601' | 'x3' | 'water' | 'water-long';

export const UNKNOWN_TRAITS: MeterTraits = { kind: null, infoTable: null };
