const MINUTE = 60_000;

/** ISO 8601 in the system's time zone, with its offset: `2026-03-01T06:30:00.000+01:00`. `time`: ms since 1970. */
export function localTime(time: number): string {
  const offset = -new Date(time).getTimezoneOffset();
  const local = new Date(time + offset * MINUTE).toISOString().slice(0, -1);
  const hours = String(Math.trunc(Math.abs(offset) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}
