import type { MeterConfig } from '../config/config.ts';
import { cronsOf } from '../config/named-schedules.ts';
import { readingsADay } from '../polling/busiest-week.ts';

/** One an hour (technical description of the 403, 10.4), and the details once a day. */
const ASSUMED_A_DAY = 24 + 1;

/** What a person should know of schedules that cost the battery more than its maker assumes; undefined: nothing. */
export function scheduleAdvice(meter: MeterConfig): string | undefined {
  const { name, schedule, detailSchedule, mainsPowered, battery } = meter;
  if (mainsPowered) return undefined;
  const details = detailSchedule === 'never' ? 0 : readingsADay([detailSchedule]);
  const wanted = readingsADay(cronsOf(schedule)) + details;
  const readings = Math.round(Math.min(wanted, battery.maxReadingsPerDay ?? wanted));
  if (readings <= ASSUMED_A_DAY) return undefined;
  return `${name}: its schedules ask for ${readings} readings a day; the maker's tables of battery life assume 24 at most (one an hour). A slower schedule or battery.maxReadingsPerDay saves the battery; for a meter on mains power set mainsPowered to true.`;
}
