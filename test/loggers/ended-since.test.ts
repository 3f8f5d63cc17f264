import { describe, expect, it } from 'vitest';
import { readSimulated } from './support/simulated-log.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** When a simulated meter is read. */
const NOW = Date.UTC(2026, 0, 15, 9, 30);
/** Rows that are asked for at once, where nobody knows yet how far a log has to be read. */
const A_PAGE = 8;
/** The oldest row, for where the log begins: of a module it is asked for twice. */
const TO_SEE_THE_RANGE = 2;

const X3 = { model: '603', logReplyBytes: 256 } as const;
const LOGS = [
  [X3, 'logger', 'year', 400 * DAY],
  [X3, 'logger', 'month', 100 * DAY],
  [X3, 'logger', 'day', 20 * DAY],
  [X3, 'logger', 'hour', 20 * HOUR],
  [X3, 'logger', 'minute-1', 2 * DAY],
  [X3, 'logger', 'minute-1', 2 * HOUR],
  [{ model: '601' }, 'interval-log', 'interval', 2 * DAY],
  [{ model: '801' }, 'interval-log', 'interval', 2 * DAY],
] as const;

describe('a log of which only the time since a moment is wanted', () => {
  it.each(LOGS)('is asked for that, and for no more than one page beyond: %j, %s, %s, %i', async (...[
    meter,
    dialect,
    logger,
    ago,
  ]) => {
    const since = NOW - ago;
    const all = await readSimulated(meter, dialect, [logger]);
    const wanted = all.rows.filter(({ endedAt }) => (endedAt ?? 0) >= since).map(({ id }) => id);
    for (const order of ['newest', 'oldest'] as const) {
      const { rows, sent, results, asked } = await readSimulated(meter, dialect, [logger], { since, order });
      expect(results).toEqual([{ logger, rows: rows.length, isComplete: true }]);
      expect(
        rows
          .filter(({ endedAt }) => (endedAt ?? 0) >= since)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(wanted.sort());
      expect(sent.length).toBeLessThanOrEqual(wanted.length + A_PAGE + TO_SEE_THE_RANGE);
      // What is said to be ahead is what comes.
      expect(Math.abs((asked[0]?.rows ?? 0) - rows.length)).toBeLessThanOrEqual(A_PAGE);
    }
  });

  it.each([
    10 * DAY,
    -10 * DAY,
    -3650 * DAY,
  ])('is that by the true time where the clock of the meter is off by %i', async (clockError) => {
    const since = NOW - 2 * DAY;
    const { rows, sent } = await readSimulated({ model: '601', clockError }, 'interval-log', ['interval'], {
      since,
    });
    const wanted = rows.filter(({ endedAt }) => (endedAt ?? 0) >= since);
    expect(wanted).toHaveLength(48);
    expect(sent.length).toBeLessThanOrEqual(48 + A_PAGE + TO_SEE_THE_RANGE);
  });

  it('is read around what is known of it', async () => {
    const all = await readSimulated({ model: '601' }, 'interval-log', ['interval']);
    const ordered = all.rows.toSorted((a, b) => a.id - b.id);
    const reading = (known: typeof ordered, ago: number) =>
      readSimulated({ model: '601' }, 'interval-log', ['interval'], {
        since: NOW - ago,
        known: () => known.map(({ id }) => ({ from: id, to: id })),
        knownRows: () => known,
      });
    // Some of the newest, then a gap, and some that are older than what is wanted.
    const gap = ordered.slice(-40, -10);
    const first = await reading([...ordered.slice(-100, -40), ...ordered.slice(-10)], 3 * DAY);
    expect(first.rows.map(({ id }) => id).sort()).toEqual(gap.map(({ id }) => id).sort());
    expect(first.asked[0]?.rows).toBe(30);
    // What is known does not reach back far enough.
    const second = await reading(ordered.slice(-20), 2 * DAY);
    const ids = second.rows.map(({ id }) => id);
    expect(ordered.slice(-48, -20).every(({ id }) => ids.includes(id))).toBe(true);
    expect(ids.length).toBeLessThanOrEqual(28 + A_PAGE);
  });
});
