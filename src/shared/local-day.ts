export interface LocalDay {
  /** `2026-03-29` */
  readonly date: string;
  /** Since midnight, with fractions, as clocks on the wall show it. */
  readonly hours: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day that a moment (ms since 1970) belongs to. `timezone`: an IANA name, or empty for the system's. */
export function localDay(time: number, timezone: string): LocalDay {
  const parts = formatOf(timezone).formatToParts(time);
  const part = (wanted: Intl.DateTimeFormatPartTypes): string =>
    parts.find(({ type }) => type === wanted)?.value ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    hours: Number(part('hour')) + Number(part('minute')) / 60 + Number(part('second')) / 3600,
  };
}

/** Made once for each zone: making one takes longer than using it a hundred times. */
function formatOf(timezone: string): Intl.DateTimeFormat {
  const made = formats.get(timezone);
  if (made !== undefined) return made;
  const format = new Intl.DateTimeFormat('en', {
    ...(timezone !== '' && { timeZone: timezone }),
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timezone, format);
  return format;
}
