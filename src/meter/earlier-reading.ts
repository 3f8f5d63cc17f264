import { newestOf } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import { isWallTime, wallTime } from '../shared/credible-clock.ts';
import { Slots } from '../shared/slots.ts';
import type { MeterSettings } from './config.ts';
import type { CurrentMeter } from './current-meter.ts';

type BegunMeter = Pick<
  MeterSettings,
  'schedules' | 'detailSchedule' | 'timezone' | 'readOnStart' | 'registers' | 'battery'
>;

/** The last reading before a meter begins to be read here, as far as it is remembered, and what follows from it. */
export interface EarlierReading {
  /** Milliseconds since then; infinite where that cannot be told. */
  readonly age: number;
  /** When it was, where its values are those of now: this program took it, and no schedule wanted another one since. */
  readonly ofNow: number | undefined;
  /** Milliseconds until the reading at the start; infinite: none is taken before a schedule wants one. */
  readonly wait: number;
}

/** `since`: when this program began to read; left out: nothing that is remembered is its own. */
export function earlierReading(
  settings: BegunMeter,
  current: Pick<CurrentMeter, 'known' | 'latest'>,
  clock: Clock,
  since?: number,
): EarlierReading {
  const newest = newestOf(current.latest) ?? 0;
  const passed = clock.now() - newest;
  // A clock that was not set, or was set back, tells no distance.
  const age = isWallTime(newest) && passed >= 0 ? passed : Number.POSITIVE_INFINITY;
  const { readOnStart, battery } = settings;
  const isOfNow = Number.isFinite(age) && isOwn(newest, since, clock) && isComplete(settings, current);
  const ofNow = isOfNow && newest >= lastDue(settings, clock.now()) ? newest : undefined;
  const isWanted = readOnStart && ofNow === undefined;
  const wait = isWanted ? Math.max(0, battery.minSecondsBetween * 1000 - age) : Number.POSITIVE_INFINITY;
  return { age, ofNow, wait };
}

function isOwn(newest: number, since: number | undefined, clock: Clock): boolean {
  const begun = wallTime(since ?? null, clock);
  return begun !== null && newest >= begun;
}

/** A meter whose first contact was cut short has not said yet all that it has. */
function isComplete(
  { detailSchedule, registers }: BegunMeter,
  { known }: Pick<CurrentMeter, 'known'>,
): boolean {
  return detailSchedule === 'never' || known?.isFullyKnown(registers) === true;
}

function lastDue({ schedules, timezone }: BegunMeter, now: number): number {
  return Math.max(...schedules.map((cron) => new Slots(cron, timezone).latest(now) ?? 0));
}
