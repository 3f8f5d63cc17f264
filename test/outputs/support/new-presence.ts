import type { AvailabilityMemory } from '../../../src/outputs/mqtt/availability.ts';

/** Of a bridge that was never stopped before. */
export const NEW_PRESENCE: AvailabilityMemory = { takeOnline: () => [], rememberOnline: () => {} };
