/** Schedules by name, as cron expressions. What each one is for, docs/install/addon.md says. */
export const PRESETS: Readonly<Record<string, string>> = {
  hourly: '0 * * * *',
  // Shortly before the hour ends, so that hourly statistics hold what was used in that hour.
  saver: '59 * * * *',
  balanced: '*/15 * * * *',
  // A MULTICAL 402 stays awake for half an hour after it was read.
  'keep-awake': '*/20 * * * *',
  daily: '0 6 * * *',
};
