import { readFileSync } from 'node:fs';

/** What Home Assistant's sensors accept: classes with their units (null: without one) and state classes. */
export interface SensorFacts {
  readonly device_class_units: Readonly<Record<string, readonly (string | null)[]>>;
  readonly device_class_state_classes: Readonly<Record<string, readonly string[]>>;
  readonly unit_first_seen_in: Readonly<Record<string, string>>;
  readonly energy_dashboard: {
    readonly gas: Readonly<Record<string, readonly string[]>>;
  };
}

export const FACTS: SensorFacts = JSON.parse(
  readFileSync(new URL('../../../fixtures/ha-sensor-facts.json', import.meta.url), 'utf8'),
);

/** Classes beyond a heat meter's, which the table does not hold; they are as old as the sensor platform. */
export const ELECTRICAL: Readonly<Record<string, readonly string[]>> = {
  voltage: ['V', 'kV'],
  current: ['A'],
  frequency: ['Hz'],
  apparent_power: ['VA'],
  reactive_power: ['var'],
  speed: ['m/s'],
};
