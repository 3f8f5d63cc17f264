import type { HistoryConsumption } from '../../../src/web/api.ts';
import { nameOf, type Unit } from '../zone.ts';

export type Bar = HistoryConsumption['bars'][number];

/** By the calendar: years differ in their days, and days in their hours. */
export function besides(
  now: readonly Bar[],
  before: readonly Bar[],
  by: Unit,
  zone: string,
): readonly (Bar | undefined)[] {
  const past = named(before, by, zone, 1);
  return Array.from(named(now, by, zone, 0).keys(), (name) => past.get(name));
}

/** An hour may come twice on a day whose clocks go back. */
function named(bars: readonly Bar[], by: Unit, zone: string, yearsLater: number): ReadonlyMap<string, Bar> {
  const found = new Map<string, Bar>();
  for (const bar of bars) {
    const name = nameOf(by, bar.from, zone, yearsLater);
    found.set(found.has(name) ? `${name} again` : name, bar);
  }
  return found;
}
