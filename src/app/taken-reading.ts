import type { Reading } from '../readings/reading.ts';
import type { MeterDescription } from './meter-description.ts';

/** What one reading of a meter brought, however it was taken. */
export interface TakenReading {
  readonly meter: Pick<MeterDescription, 'serialNumber' | 'model' | 'kind' | 'softwareRevision'>;
  /** Milliseconds since 1970. */
  readonly readAt: number;
  readonly readings: readonly Reading[];
}
