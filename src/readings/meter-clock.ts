import { Big } from 'big.js';
import { R } from '../catalogue/register.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import { momentsOf, standardOffsetAt, zonedTime } from '../shared/zoned-time.ts';
import { derivedReading, type StageMaker } from './pipeline.ts';
import type { Reading } from './reading.ts';

const SECOND = 1000;
const MINUTE = 60_000;

/** The meter's display, which knows no time zone. */
interface Shown {
  /** `2026-01-23T19:19:47`, or null where it was never set. */
  readonly local: string | null;
  /** Minutes of daylight saving in it; null where the register does not say. */
  readonly daylightSaving: number | null;
  readonly readAt: number;
}

/** Adds the meter's clock as a moment, and how far it is ahead of the bridge's. `timezone`: the meter's. */
export function clockStage(timezone: string): StageMaker {
  return () => ({
    interpret: (readings) => {
      const shown = clockIn(readings);
      return shown === undefined ? readings : [...readings, ...clockReadings(shown, timezone)];
    },
  });
}

function clockReadings({ local, daylightSaving, readAt }: Shown, timezone: string): Reading[] {
  const moment = local === null ? null : momentShown(local, daylightSaving, readAt, timezone);
  const time = moment === null ? null : zonedTime(moment, timezone).replace('.000', '');
  return [
    derivedReading('meter_clock', { value: { kind: 'timestamp', value: time }, unit: '', readAt }),
    derivedReading('clock_drift', { value: drift(moment, readAt), unit: 's', readAt }),
  ];
}

function drift(moment: number | null, readAt: number): Reading['value'] {
  const unknown = (cause: string) => ({ kind: 'unknown', value: null, decimals: 0, cause }) as const;
  if (!isWallTime(readAt)) return unknown('The clock of the computer is not set.');
  if (moment === null) return unknown("The meter's clock was never set.");
  return { kind: 'number', value: new Big(Math.round((moment - readAt) / SECOND)), decimals: 0 };
}

/**
 * If the meter says how much daylight saving is in it, be it none, the rest is the place's standard time. If it does
 * not, the clock may have been set to either, and one hour comes twice: the moment nearest to our own clock is meant.
 * Null where that is not set.
 */
function momentShown(
  local: string,
  daylightSaving: number | null,
  readAt: number,
  timezone: string,
): number | null {
  if (daylightSaving === null && !isWallTime(readAt)) return null;
  const asUtc = Date.parse(`${local}Z`);
  const standard = asUtc - (daylightSaving ?? 0) * MINUTE - standardOffsetAt(asUtc, timezone);
  const candidates = daylightSaving !== null ? [] : momentsOf(local, timezone);
  return candidates.reduce(
    (best, each) => (Math.abs(each - readAt) < Math.abs(best - readAt) ? each : best),
    standard,
  );
}

/** x3 meters have one register for it, others two. */
function clockIn(readings: readonly Reading[]): Shown | undefined {
  const last = (id: number): Reading | undefined => readings.findLast(({ register }) => register === id);
  const whole = last(R.dateTime);
  if (whole?.value.kind === 'date-time') {
    const { value: local, daylightSaving } = whole.value;
    return { local, daylightSaving, readAt: whole.readAt };
  }
  const [date, time] = [last(R.date), last(R.clock)];
  if (date?.value.kind !== 'date' || time?.value.kind !== 'time') return undefined;
  const isSet = date.value.value !== null && time.value.value !== null;
  const local = isSet ? `${date.value.value}T${time.value.value}` : null;
  return { local, daylightSaving: null, readAt: time.readAt };
}
