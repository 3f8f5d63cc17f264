import type { InfoTableName } from '../shared/info-table-name.ts';
import type { MeterKind } from '../shared/meter-kind.ts';

/** What the understanding of a meter's readings depends on. */
export interface MeterTraits {
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
  /** Which list its info code is read with; null where none is known. */
  readonly infoTable: InfoTableName | null;
}

export const UNKNOWN_TRAITS: MeterTraits = { kind: null, infoTable: null };
