import type { LoggerName } from '../catalogue/loggers.ts';
import type { LogRow } from '../kmp/log-row.ts';
import { MOST_REGISTERS } from '../kmp/messages.ts';
import type { LogAccess } from '../link/log-access.ts';
import type { LogRows } from '../link/log-answer.ts';
import type { MeterSession } from '../link/session.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { IdRange } from './id-range.ts';
import { missingIn } from './missing-ids.ts';

/**
 * As many rows of `window` as fit into one reply. More registers than fit into one request are asked for in several, for
 * the rows that the first one brought. Errors: those of the access; `failed` where an answer settles nothing.
 */
export async function fetchRows(
  access: LogAccess,
  session: MeterSession,
  logger: LoggerName,
  window: IdRange,
  registers: readonly number[],
): Promise<LogRows> {
  const ask = async (range: IdRange, ids: readonly number[]): Promise<LogRows> => {
    const page = await access.rows(session, { logger, ...range, registers: ids });
    const { from, to } = page.covered;
    if (from > to || from < range.from || to > range.to) throw nothingSettled(logger, range);
    return page;
  };
  const [main = [], ...others] = requestsFor(registers);
  const first = await ask(window, main);
  const rows = new Map(first.rows.map((row) => [row.id, row]));
  const absent = new Set(first.absent);
  for (const further of others) {
    let missing: readonly IdRange[] = [first.covered];
    for (let range = missing.at(-1); range !== undefined; range = missing.at(-1)) {
      const page = await ask(range, further);
      for (const { id, records } of page.rows) addTo(rows, id, records);
      for (const id of page.absent) absent.add(id);
      missing = [...missing.slice(0, -1), ...missingIn(range, [page.covered])];
    }
  }
  return { rows: [...rows.values()], covered: first.covered, absent: [...absent] };
}

/** `registers`, as many together as one request takes. */
export function requestsFor(registers: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(registers.length / MOST_REGISTERS) }, (_, index) =>
    registers.slice(index * MOST_REGISTERS, (index + 1) * MOST_REGISTERS),
  );
}

function addTo(rows: Map<number, LogRow>, id: number, records: LogRow['records']): void {
  const row = rows.get(id);
  if (row !== undefined) rows.set(id, { ...row, records: [...row.records, ...records] });
}

function nothingSettled(logger: LoggerName, { from, to }: IdRange): Multical2MqttError {
  const message = `The meter was asked for rows ${from} to ${to} of its ${logger} log, and answered with none of them.`;
  return new Multical2MqttError('failed', `${message} The rest is asked for with the next contact.`);
}
