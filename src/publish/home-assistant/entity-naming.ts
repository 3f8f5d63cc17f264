import type { MeterKind } from '../../shared/meter-kind.ts';
import type { Templates } from './templates.ts';

/** How a meter's entities are named, where their state is and how it is found there. */
export interface EntityNaming {
  readonly deviceId: string;
  /** Of the meter's name, for entity ids. */
  readonly slug: string;
  readonly stateTopic: string;
  readonly templates: Templates;
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
}
