import type { MeterConfig } from '../config/config.ts';
import { namedSchedules } from '../config/named-schedules.ts';

/** `saver: 59 * * * *; 0 6 * * *` */
export function scheduleText(schedule: MeterConfig['schedule']): string {
  return namedSchedules(schedule)
    .map(({ preset, cron }) => (preset === null ? cron : `${preset}: ${cron}`))
    .join('; ');
}
