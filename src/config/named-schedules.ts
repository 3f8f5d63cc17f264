import { PRESETS } from './presets.ts';

export interface NamedSchedule {
  /** Null where the configuration has the expression itself. */
  readonly preset: string | null;
  readonly cron: string;
}

/** The schedules behind what `schedule` holds: each preset with its cron expression. */
export function namedSchedules(schedule: string | readonly string[]): readonly NamedSchedule[] {
  const written = typeof schedule === 'string' ? [schedule] : schedule;
  return written.map((text) => {
    const name = text.trim();
    const cron = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
    return cron === undefined ? { preset: null, cron: name } : { preset: name, cron };
  });
}

/** Each cron expression once. */
export function cronsOf(schedule: string | readonly string[]): readonly string[] {
  return [...new Set(namedSchedules(schedule).map(({ cron }) => cron))];
}
