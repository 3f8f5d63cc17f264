import type { MeterState, Value } from '../../../src/web/api.ts';

/** The totals that a meter is bought for, the finest first. */
const MAIN = [
  'heat_energy_fine',
  'heat_energy',
  'cooling_energy_fine',
  'cooling_energy',
  'active_energy_import',
  'volume_fine',
  'volume',
];
/** In the picture of the loop already. */
const IN_LOOP = ['flow_temperature', 'return_temperature', 'temperature_difference'];

export function named(meter: MeterState, quantity: string): Value | undefined {
  return meter.glance.find((value) => value.quantity === quantity);
}

export function mainValue(meter: MeterState): Value | undefined {
  const name = MAIN.find((quantity) => named(meter, quantity) !== undefined);
  if (name === undefined) return meter.glance[0];
  const main = named(meter, name);
  // It is the same total, told with more digits.
  const label = named(meter, name.replace(/_fine$/, ''))?.label;
  return main && label ? { ...main, label } : main;
}

/** Everything else that a card shows. A total of whole units is left out where the fine one is the main one. */
export function besides(meter: MeterState): readonly Value[] {
  const main = mainValue(meter);
  const loop =
    named(meter, 'flow_temperature') !== undefined && named(meter, 'return_temperature') !== undefined;
  return meter.glance.filter(
    (value) =>
      value.quantity !== main?.quantity &&
      `${value.quantity}_fine` !== main?.quantity &&
      !(loop && IN_LOOP.includes(value.quantity)),
  );
}

/** When the newest of its values was read, which may have been before the bridge was started; null without one. */
export function newestReading({ lastReading, glance }: MeterState): number | null {
  if (lastReading !== null || glance.length === 0) return lastReading;
  return Math.max(...glance.map(({ readAt }) => readAt));
}

/** Of an earlier run whose clock was not set nobody knows when it read: the bridge says 0. */
export function isTimed(moment: number): boolean {
  return moment > 0;
}

export type Health = 'bad' | 'warn' | 'wait' | 'good';

/** The worst that is known of it. */
export function health(meter: MeterState): Health {
  if (meter.online === false) return 'bad';
  if (meter.lastError !== null || meter.problems.length > 0) return 'warn';
  return meter.online === true ? 'good' : 'wait';
}
