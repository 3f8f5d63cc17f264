/** A meter's clock as registers 1003, 1002 and 348 show it. */
interface ShownTime {
  /** YYMMDD */
  readonly date: number;
  /** hhmmss */
  readonly clock: number;
  /** Unit 79: daylight saving in minutes, then the standard time YY MM DD hh mm ss in binary. */
  readonly dateTime: Uint8Array;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The local time of a meter, as whoever mounted it set it: that of this process's time zone. */
export class MeterCalendar {
  private readonly summerTime: boolean;

  /** `summerTime`: false for a meter that keeps its winter time all year. */
  constructor(summerTime = true) {
    this.summerTime = summerTime;
  }

  /** A date whose UTC fields are what the meter shows at `time`, in milliseconds since 1970. */
  shown(time: number): Date {
    return new Date(time + (standardOffset(time) + this.daylightSaving(time)) * MINUTE);
  }

  /** The beginning of a day, in milliseconds since 1970; day 32 of January is 1 February. */
  beginningOf(year: number, month: number, day: number): number {
    const local = new Date(year, month, day).getTime();
    return this.summerTime ? local : Date.UTC(year, month, day) - standardOffset(local) * MINUTE;
  }

  /** The last full hour at `time`: one an hour, also where the clocks change. */
  fullHour(time: number): number {
    return this.fullInterval(time, HOUR);
  }

  /** As `fullHour`, for `interval` milliseconds that a day can be divided by. */
  fullInterval(time: number, interval: number): number {
    const offset = standardOffset(time) * MINUTE;
    return Math.floor((time + offset) / interval) * interval - offset;
  }

  registers(time: number): ShownTime {
    const shown = this.shown(time);
    const daylightSaving = this.daylightSaving(time);
    const standard = new Date(shown.getTime() - daylightSaving * MINUTE);
    return {
      date: meterDate(shown),
      clock: meterTime(shown),
      dateTime: Uint8Array.of(
        daylightSaving,
        standard.getUTCFullYear() % 100,
        standard.getUTCMonth() + 1,
        standard.getUTCDate(),
        standard.getUTCHours(),
        standard.getUTCMinutes(),
        standard.getUTCSeconds(),
      ),
    };
  }

  /** Minutes by which the clock is ahead of the zone's standard time. */
  private daylightSaving(time: number): number {
    return this.summerTime ? -new Date(time).getTimezoneOffset() - standardOffset(time) : 0;
  }
}

/** YYMMDD of a date of `shown`. */
export function meterDate(shown: Date): number {
  return (shown.getUTCFullYear() % 100) * 10_000 + (shown.getUTCMonth() + 1) * 100 + shown.getUTCDate();
}

/** hhmmss of a date of `shown`. */
export function meterTime(shown: Date): number {
  return shown.getUTCHours() * 10_000 + shown.getUTCMinutes() * 100 + shown.getUTCSeconds();
}

/** Minutes east of Greenwich in winter, in the year of `time`. */
function standardOffset(time: number): number {
  const year = new Date(time).getFullYear();
  const january = new Date(year, 0, 1).getTimezoneOffset();
  const july = new Date(year, 6, 1).getTimezoneOffset();
  return -Math.max(january, july);
}
