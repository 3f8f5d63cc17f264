import { describeValue, type Text, text } from '../schema/fault.ts';
import type { Validator } from '../schema/key.ts';
import { nearest } from '../schema/suggest.ts';
import { filledText } from '../schema/validators.ts';
import { isCronExpression, readingsADay } from '../shared/schedule.ts';

/**
 * Schedules by name: cron expressions of five fields, or of six with the second in front, and for a person. The names
 * are for ever.
 */
export const PRESET_ROWS: readonly (readonly [name: string, cron: string, meaning: string])[] = [
  ['hourly', '0 * * * *', 'every full hour'],
  ['saver', '59 * * * *', 'every hour at minute 59: statistics count an hour to itself'],
  ['balanced', '*/15 * * * *', 'every quarter of an hour'],
  // A 402 sleeps about half an hour after the last traffic.
  ['keep-awake', '*/20 * * * *', 'every 20 minutes, for the eye of a 402'],
  ['live', '*/30 * * * * *', 'every 30 seconds; only with `mainsPowered`'],
  ['daily', '0 6 * * *', 'every morning at 6'],
];

export const PRESETS: Readonly<Record<string, string>> = Object.fromEntries(
  PRESET_ROWS.map(([name, cron]) => [name, cron]),
);

/** A cron expression, the name of a preset, or several of these. */
type WrittenSchedule = string | readonly string[];

interface NamedSchedule {
  /** Null where the configuration has the expression itself. */
  readonly preset: string | null;
  readonly cron: string;
}

/** The schedules behind what `schedule` holds: each preset with its cron expression. */
export function namedSchedules(schedule: WrittenSchedule): readonly NamedSchedule[] {
  const written = typeof schedule === 'string' ? [schedule] : schedule;
  return written.map((text) => {
    const name = text.trim();
    const cron = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
    return cron === undefined ? { preset: null, cron: name } : { preset: name, cron };
  });
}

/** Each cron expression once. */
export function cronsOf(schedule: WrittenSchedule): readonly string[] {
  return [...new Set(namedSchedules(schedule).map(({ cron }) => cron))];
}

/** `saver: 59 * * * *; 0 6 * * *` */
export function scheduleText(schedule: WrittenSchedule): string {
  return namedSchedules(schedule)
    .map(({ preset, cron }) => (preset === null ? cron : `${preset}: ${cron}`))
    .join('; ');
}

interface ScheduledMeter {
  readonly name: string;
  readonly schedule: WrittenSchedule;
  readonly detailSchedule: string;
  readonly mainsPowered: boolean;
  readonly battery: { readonly maxReadingsPerDay: number | null };
}

/** One an hour (technical description of the 403, 10.4), and the details once a day. */
const ASSUMED_A_DAY = 24 + 1;

/**
 * A warning about schedules that cost the battery more than its maker assumes; undefined: no need. The slots of
 * `keep-awake` are taken for what a 402 needs; if it turns out to be another meter, the battery's account tells.
 */
export function scheduleAdvice(meter: ScheduledMeter): string | undefined {
  const { name, schedule, detailSchedule, mainsPowered, battery } = meter;
  if (mainsPowered) return undefined;
  const crons = cronsOf(schedule);
  const details = detailSchedule === 'never' ? 0 : readingsADay([detailSchedule]);
  const wanted = readingsADay(crons) + details;
  const readings = Math.round(Math.min(wanted, battery.maxReadingsPerDay ?? wanted));
  const needed = keepsAwake(crons) ? readingsADay([String(PRESETS['keep-awake'])]) + 1 : ASSUMED_A_DAY;
  if (readings <= needed) return undefined;
  return `${name}: its schedules ask for ${readings} readings a day; the maker's tables of battery life assume 24 at most (one an hour). ${BATTERY_ADVICE}`;
}

/** Whether one of these is the preset for a meter whose eye only a button wakes. */
export function keepsAwake(crons: readonly string[]): boolean {
  return crons.some((each) => each === PRESETS['keep-awake']);
}

/** What can be done for the battery. */
export const BATTERY_ADVICE =
  'A slower schedule or battery.maxReadingsPerDay saves the battery; for a meter on mains power set mainsPowered to true.';

/** node-cron alone would also take other numbers of fields. */
export const cron: Validator<string> = {
  read: (text) => text.trim(),
  fault: (value) => {
    const wrong = filledText.fault(value);
    if (typeof value !== 'string' || wrong !== null) return wrong;
    const fields = value.trim().split(/\s+/).length;
    if ((fields === 5 || fields === 6) && isCronExpression(value)) return null;
    return `must be a cron expression of five fields (minute, hour, day, month, weekday) or six (second in front), such as "0 * * * *" for every full hour, not ${describeValue(value)}`;
  },
};

export const cronOrNever: Validator<string> = {
  read: cron.read,
  fault: (value) => {
    const wrong = value === 'never' ? null : cron.fault(value);
    return wrong === null ? null : text`${wrong}, or "never"`;
  },
};

const NAMES = Object.keys(PRESETS);

/** A cron expression, the name of a preset, or a list of these; in a text, `;` stands between several. */
export const scheduleList: Validator<WrittenSchedule> = {
  read: (text) => {
    const schedules = text.split(';').map((one) => one.trim());
    return schedules.length === 1 ? text.trim() : schedules.filter((one) => one !== '');
  },
  fault: (value) => {
    if (!Array.isArray(value)) return scheduleFault(value);
    if (value.length === 0) return `must name at least one schedule, such as "${NAMES[0]}"`;
    const faults = value.map((one, index) => {
      const fault = scheduleFault(one);
      return fault === null ? null : text`entry ${index + 1} of ${value.length} ${fault}`;
    });
    return faults.find((fault) => fault !== null) ?? null;
  },
};

function scheduleFault(value: unknown): Text | null {
  if (typeof value === 'string' && NAMES.includes(value.trim())) return null;
  const fault = cron.fault(value);
  if (fault === null || typeof value !== 'string' || value.trim() === '') return fault;
  const close = nearest(value.trim(), NAMES);
  const hint = close === null ? '' : `; did you mean "${close}"?`;
  return text`${fault}, or a preset (${NAMES.join(', ')})${hint}`;
}
