import type { SegmentLine } from './segment.ts';

interface UsableLines {
  /** Lines in front that are damaged or older than `oldest`. */
  readonly useless: readonly SegmentLine[];
  /** The good ones behind them, up to the next damaged one. */
  readonly usable: readonly { readonly time: number; readonly text: string; readonly end: number }[];
}

/** Either list is empty where the other is not. */
export function usableLines(lines: readonly SegmentLine[], oldest: number): UsableLines {
  const good = lines.findIndex(({ content }) => content !== undefined && content.time >= oldest);
  if (good !== 0) return { useless: good < 0 ? lines : lines.slice(0, good), usable: [] };
  const end = lines.findIndex(({ content }) => content === undefined);
  const usable = (end < 0 ? lines : lines.slice(0, end)).flatMap(({ content, end: next }) =>
    content === undefined ? [] : [{ ...content, end: next }],
  );
  return { useless: [], usable };
}
