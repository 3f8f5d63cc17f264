/** A bar of the history stands for so long, by the calendar of the place. */
export const BAR_LENGTHS = ['hour', 'day', 'month', 'year'] as const;

export type BarLength = (typeof BAR_LENGTHS)[number];
