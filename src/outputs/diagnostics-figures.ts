import type { BatteryUse, MeterDiagnostics } from '../meter/publisher.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import type { DeliveryHealth } from '../shared/delivery.ts';
import type { SafeText } from '../shared/secrets.ts';

/**
 * A figure that the bridge publishes about its own work. A row is all that there is to say: JSON, Home Assistant,
 * InfluxDB and Prometheus render from it. Keys and names of metrics are public and never change.
 */
export interface Figure<Source> {
  readonly key: string;
  /** In JSON an object around it; elsewhere the end of its name. */
  readonly period?: Period;
  /** A counter starts from 0 with the bridge, or where it counts a day, at midnight. */
  readonly kind: 'counter' | 'gauge' | 'timestamp' | 'text';
  /** Durations are held in milliseconds and published in seconds. */
  readonly unit?: 'B' | 's';
  /** Published digits after the point; a duration may have some, a count has none. */
  readonly decimals?: number;
  /** Times are milliseconds since 1970. Null: not known yet, or nothing to say. */
  readonly get: (source: Source) => number | SafeText | null;
  readonly metric?: readonly [name: string, help: string];
  /** For the documentation, where the metric's help does not say it. */
  readonly meaning?: string;
  readonly entity?: EntityTraits;
  /** Follows from another figure and the configuration: InfluxDB keeps no history of it. */
  readonly derived?: true;
}

type Period = 'today' | 'last_7_days';

interface EntityTraits {
  readonly name: string;
  /** Figures for a household are enabled; the rest is a click away. A meter on mains has no battery to look after. */
  readonly enabled: boolean | 'on battery';
}

/** The meter's battery pays for these, each counted today and in seven days. */
type UseRow = Omit<Figure<BatteryUse>, 'kind' | 'entity'> & {
  readonly name: string;
  readonly enabled?: 'on battery';
};

// biome-ignore format: a table reads best in rows
const BATTERY_USE: readonly UseRow[] = [
  { key: 'readings', name: 'Readings', enabled: 'on battery', get: (use) => use.readings,
    meaning: 'Readings that the battery paid for, failed ones included.',
    metric: ['multical2mqtt_battery_readings_today', "Readings that the meter's battery paid for today."] },
  { key: 'transactions', name: 'Transactions', get: (use) => use.transactions,
    meaning: 'Requests sent, repeated ones included.' },
  { key: 'wake_ups', name: 'Wake-ups', get: (use) => use.wakeUps,
    meaning: 'Requests that found the meter asleep.' },
  { key: 'bytes', name: 'Bytes', unit: 'B', get: (use) => use.bytes,
    meaning: 'Bytes both ways, echoes of the head included.' },
  { key: 'seconds_awake', name: 'Time awake', unit: 's', decimals: 1, get: (use) => use.awakeTime,
    meaning: 'Time awake: until 1.6 s after a reply began.',
    metric: ['multical2mqtt_battery_awake_today_seconds', "Time in which the meter's eye was awake today."] },
];

const TODAY = BATTERY_USE.map(
  ({ name, enabled = false, get, ...row }): Figure<MeterDiagnostics> => ({
    ...row,
    period: 'today',
    kind: 'counter',
    get: ({ battery }) => get(battery.today),
    entity: { name: `${name} today`, enabled },
  }),
);

const LAST_SEVEN_DAYS = BATTERY_USE.map(
  ({ name, get, metric: _, enabled: __, ...row }): Figure<MeterDiagnostics> => ({
    ...row,
    period: 'last_7_days',
    kind: 'gauge',
    get: ({ battery }) => get(battery.lastSevenDays),
    entity: { name: `${name} in the last 7 days`, enabled: false },
  }),
);

// biome-ignore format: a table reads best in rows
/** In the order of the JSON and of InfluxDB's fields. */
export const METER_FIGURES: readonly Figure<MeterDiagnostics>[] = [
  { key: 'readings', kind: 'counter', get: (d) => d.readings,
    metric: ['multical2mqtt_readings_total', 'Successful readings of the meter.'] },
  { key: 'failed_readings', kind: 'counter', get: (d) => d.failedReadings,
    metric: ['multical2mqtt_failed_readings_total', 'Readings that failed in spite of all tries.'],
    entity: { name: 'Failed readings', enabled: false } },
  { key: 'retries', kind: 'counter', get: (d) => d.retries,
    metric: ['multical2mqtt_retries_total', 'Requests that were sent again.'] },
  { key: 'checksum_errors', kind: 'counter', get: (d) => d.checksumErrors,
    metric: ['multical2mqtt_checksum_errors_total', 'Answers thrown away because of their checksum.'],
    entity: { name: 'Checksum errors', enabled: false } },
  { key: 'discarded_bytes', kind: 'counter', unit: 'B', get: (d) => d.discardedBytes,
    metric: ['multical2mqtt_discarded_bytes_total', 'Bytes on the line that belonged to no answer.'] },
  { key: 'timeouts', kind: 'counter', get: (d) => d.timeouts,
    metric: ['multical2mqtt_timeouts_total', 'Requests that were not answered in time.'] },
  { key: 'wake_ups', kind: 'counter', get: (d) => d.wakeUps,
    meaning: 'Requests that found the meter asleep: each costs battery.',
    metric: ['multical2mqtt_wake_ups_total', 'Times that the meter was woken up.'],
    entity: { name: 'Wake-ups', enabled: false } },
  { key: 'transactions', kind: 'counter', get: (d) => d.transactions,
    metric: ['multical2mqtt_transactions_total', 'Requests that the meter was sent.'],
    entity: { name: 'Transactions', enabled: false } },
  { key: 'bytes_sent', kind: 'counter', unit: 'B', get: (d) => d.bytesSent,
    metric: ['multical2mqtt_sent_bytes_total', 'Bytes sent to the meter.'] },
  { key: 'bytes_received', kind: 'counter', unit: 'B', get: (d) => d.bytesReceived,
    metric: ['multical2mqtt_received_bytes_total', 'Bytes received from the meter.'] },
  { key: 'doubtful_values', kind: 'counter', get: (d) => d.doubtfulValues,
    metric: ['multical2mqtt_doubtful_values_total', 'Values held back because they did not fit the last good one.'] },
  { key: 'last_successful_reading', kind: 'timestamp', get: (d) => wallTimeOnly(d.lastSuccessfulReading),
    metric: ['multical_reading_timestamp_seconds', 'When the meter was last read.'],
    entity: { name: 'Last successful reading', enabled: false } },
  { key: 'last_error', kind: 'text', get: (d) => d.lastError,
    meaning: 'In words, with what to do; `null` while all is well.',
    entity: { name: 'Last error', enabled: true } },
  { key: 'last_reading_duration', kind: 'gauge', unit: 's', decimals: 3, get: (d) => d.lastReadingDuration,
    meaning: 'Seconds that the latest reading took.',
    metric: ['multical2mqtt_last_reading_duration_seconds', 'How long the latest reading took.'] },
  ...TODAY,
  ...LAST_SEVEN_DAYS,
  { key: 'battery_ratio', kind: 'gauge', decimals: 2, get: (d) => d.battery.ratio,
    meaning: "Readings an hour in seven days; the maker's tables assume 1.0.",
    metric: ['multical2mqtt_battery_ratio', 'Load on the battery in seven days, to what its maker assumes.'],
    entity: { name: 'Battery ratio', enabled: 'on battery' } },
  { key: 'readings_left_today', kind: 'gauge', derived: true, get: (d) => d.battery.readingsLeftToday,
    meaning: 'Until `battery.maxReadingsPerDay` is reached; `null` without a limit.',
    metric: ['multical2mqtt_battery_readings_left_today', 'Readings that the limit of the day leaves.'],
    entity: { name: 'Readings left today', enabled: false } },
];

// biome-ignore format: a table reads best in rows
/** The figures of every output besides MQTT and Home Assistant. */
export const OUTPUT_FIGURES: readonly Figure<DeliveryHealth>[] = [
  { key: 'problem', kind: 'text', get: (health) => health.problem },
  { key: 'waiting', kind: 'gauge', get: (health) => health.waiting,
    metric: ['multical2mqtt_output_waiting', 'What the server of the output has not taken yet.'],
    entity: { name: 'waiting', enabled: true } },
  { key: 'delivered', kind: 'counter', get: (health) => health.delivered,
    metric: ['multical2mqtt_output_delivered_total', 'What the output has delivered.'] },
  { key: 'refused', kind: 'counter', get: (health) => health.refused,
    metric: ['multical2mqtt_output_refused_total', 'What was refused for good and set aside.'] },
  { key: 'lost', kind: 'counter', get: (health) => health.lost,
    metric: ['multical2mqtt_output_lost_total', 'What was given up as too old or too much.'] },
  { key: 'last_delivery', kind: 'timestamp', get: (health) => wallTimeOnly(health.lastDelivery),
    metric: ['multical2mqtt_output_last_delivery_timestamp_seconds', 'When it last delivered.'] },
];

/** Null for a moment of a clock that is not set. */
function wallTimeOnly(moment: number | null): number | null {
  return moment === null || !isWallTime(moment) ? null : moment;
}

/** The name where periods stand side by side: `readings_today`. */
export function flatKey({ key, period }: Pick<Figure<never>, 'key' | 'period'>): string {
  return period === undefined ? key : `${key}_${period}`;
}

/**
 * Puts those with the keys of `last` behind the others, in that order: what an output once published in an order of its
 * own, it publishes so for ever.
 */
export function inOrder<Each>(
  entries: readonly (readonly [key: string, each: Each])[],
  last: readonly string[],
): readonly (readonly [key: string, each: Each])[] {
  return [...entries].sort(([a], [b]) => last.indexOf(a) - last.indexOf(b));
}
