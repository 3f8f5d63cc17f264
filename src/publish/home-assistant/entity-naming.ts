import type { MeterKind } from '../../shared/meter-kind.ts';

/** How a meter's entities are named and where their state is. */
export interface EntityNaming {
  readonly deviceId: string;
  /** Of the meter's name, for entity ids. */
  readonly slug: string;
  readonly stateTopic: string;
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
}
