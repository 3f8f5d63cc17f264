/** A meter's clock shows local time, as whoever mounted it set it. Values of registers 1003, 1002 and 348. */
export interface MeterClock {
  /** YYMMDD */
  readonly date: number;
  /** hhmmss */
  readonly clock: number;
  /** Unit 79: daylight saving in minutes, then the standard time YY MM DD hh mm ss in binary. */
  readonly dateTime: Uint8Array;
}

const MINUTE = 60_000;

/** `time`: milliseconds since 1970, shown in the time zone of this process. */
export function meterClock(time: number): MeterClock {
  const local = new Date(time);
  const daylightSaving = daylightSavingAt(local);
  const standard = new Date(time - daylightSaving * MINUTE);
  return {
    date: meterDate(local),
    clock: meterTime(local),
    dateTime: Uint8Array.of(
      daylightSaving,
      // Without zone arithmetic of its own: the offset of `standard` may be that of summer still.
      ...fieldsOf(new Date(standard.getTime() - local.getTimezoneOffset() * MINUTE)),
    ),
  };
}

export function meterDate(local: Date): number {
  return (local.getFullYear() % 100) * 10_000 + (local.getMonth() + 1) * 100 + local.getDate();
}

export function meterTime(local: Date): number {
  return local.getHours() * 10_000 + local.getMinutes() * 100 + local.getSeconds();
}

function fieldsOf(shown: Date): number[] {
  return [
    shown.getUTCFullYear() % 100,
    shown.getUTCMonth() + 1,
    shown.getUTCDate(),
    shown.getUTCHours(),
    shown.getUTCMinutes(),
    shown.getUTCSeconds(),
  ];
}

/** Minutes by which the clock is ahead of the zone's standard time. */
function daylightSavingAt(local: Date): number {
  const january = new Date(local.getFullYear(), 0, 1).getTimezoneOffset();
  const july = new Date(local.getFullYear(), 6, 1).getTimezoneOffset();
  return Math.max(january, july) - local.getTimezoneOffset();
}
