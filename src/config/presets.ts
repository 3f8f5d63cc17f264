/** Schedules by name: cron expressions of five fields, or of six with the second in front. The names are for ever. */
export const PRESETS: Readonly<Record<string, string>> = {
  hourly: '0 * * * *',
  // At the end of the hour, so that a statistic of hours counts what was used in the hour to that hour.
  saver: '59 * * * *',
  balanced: '*/15 * * * *',
  // A 402 sleeps about half an hour after the last traffic.
  'keep-awake': '*/20 * * * *',
  live: '*/30 * * * * *',
  daily: '0 6 * * *',
};
