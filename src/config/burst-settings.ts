import { type WrittenPower, writtenInterval, writtenPower } from './battery-kinds.ts';
import type { BurstConfig } from './config.ts';

/** What a valid `burst` says, the time in milliseconds; null where there is none. */
export function burstSettings({
  above,
  every,
}: BurstConfig): { readonly above: WrittenPower; readonly every: number } | null {
  const power = writtenPower(above ?? '');
  const interval = writtenInterval(every ?? '');
  return power === undefined || interval === undefined ? null : { above: power, every: interval };
}
