import type { Api } from '../../test/home-assistant/support/api.ts';

const HOUR = 3_600_000;
const DAYS = 45;

/** One total of a household and how it grows; `perHour`: how much in the hour that begins then. */
export interface Growth {
  readonly statistic: string;
  /** As the recorder calls it. */
  readonly unit: string;
  readonly unitClass: string | null;
  /** What it has grown to now. */
  readonly now: number;
  readonly perHour: (hour: Date) => number;
}

/**
 * Gives Home Assistant a past of six weeks. Its own rows will begin at the sum of 0, so this one ends there: nothing jumps
 * where the two meet. It does so at the first row, which must be older than what a picture shows.
 */
export async function rememberPast(api: Api, growths: readonly Growth[]): Promise<void> {
  // The hour that runs, and the one before it, are the recorder's.
  const last = Math.floor(Date.now() / HOUR) * HOUR - 2 * HOUR;
  for (const { statistic, unit, unitClass, now, perHour } of growths) {
    const stats: { start: string; state: number; sum: number }[] = [];
    let behind = 0;
    for (let start = last; start > last - DAYS * 24 * HOUR; start -= HOUR) {
      stats.unshift({ start: new Date(start).toISOString(), state: now - behind, sum: -behind });
      behind += perHour(new Date(start));
    }
    await api.ask('recorder/import_statistics', {
      metadata: {
        has_sum: true,
        mean_type: 0,
        name: null,
        source: 'recorder',
        statistic_id: statistic,
        unit_class: unitClass,
        unit_of_measurement: unit,
      },
      stats,
    });
  }
}

/** The same of temperatures, in °C, by the kilowatts of that hour. */
export async function rememberTemperatures(
  api: Api,
  statistics: Readonly<Record<string, (kilowatts: number) => number>>,
): Promise<void> {
  const last = Math.floor(Date.now() / HOUR) * HOUR - 2 * HOUR;
  for (const [statistic, temperature] of Object.entries(statistics)) {
    const hours = Array.from({ length: 4 * 24 }, (_, index) => new Date(last - index * HOUR)).reverse();
    const stats = hours.map((hour) => {
      const mean = temperature(heating(hour));
      return { start: hour.toISOString(), mean, min: mean, max: mean };
    });
    await api.ask('recorder/import_statistics', {
      metadata: {
        has_sum: false,
        mean_type: 1,
        name: null,
        source: 'recorder',
        statistic_id: statistic,
        unit_class: 'temperature',
        unit_of_measurement: '°C',
      },
      stats,
    });
  }
}

/** Kilowatts of a house in autumn: more in the cold of the night and in the morning, less on a mild day. */
export function heating(hour: Date): number {
  const day = hour.getTime() / (24 * HOUR);
  const weather = 2.6 + 0.8 * Math.sin(day / 2.3) + 0.5 * Math.sin(day / 0.9);
  const ofDay = [1.1, 1, 1, 1, 1.1, 1.4, 1.8, 1.6, 1.2, 1, 0.8, 0.7, 0.6, 0.6, 0.7, 0.9, 1.1, 1.3, 1.3, 1.2];
  return weather * (ofDay[hour.getUTCHours()] ?? 1.1);
}

/** Cubic metres of a family of four: showers in the morning, dishes in the evening, laundry on some days. */
export function tapping(hour: Date): number {
  const at = hour.getUTCHours();
  const day = Math.floor(hour.getTime() / (24 * HOUR));
  const laundry = [10, 14].includes(at) && day % 7 > 4 ? 0.06 : 0;
  const usual = at >= 5 && at <= 8 ? 0.044 : at >= 16 && at <= 20 ? 0.03 : at < 5 ? 0 : 0.007;
  const guests = 1 + 0.25 * Math.sin(day * 2.1) + 0.2 * Math.sin(day * 5.3);
  return laundry + usual * guests;
}
