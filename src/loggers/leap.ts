import { isTotal, numberOf } from './decoded-row.ts';
import type { LoggedRow } from './logged-row.ts';

type Row = Pick<LoggedRow, 'id' | 'values'>;

/** Times the largest step that is known. */
const MUCH = 3;
/** A total is cut below its last digit, so that a step may seem to be larger. */
const SPARE_LAST_DIGITS = 2;

/**
 * Whether a total leaps between two pages as it does nowhere in them: a gateway that serves several meters may have handed
 * over the page of another one, which nothing in it tells. `newer`: what was read before, next to `page`.
 */
export function leapsBetween(newer: readonly Row[], page: readonly Row[]): boolean {
  const [above, below] = [descending(newer), descending(page)];
  const [last, first] = [above.at(-1), below[0]];
  if (last === undefined || first === undefined) return false;
  return last.values.some(({ register, decimals }) => {
    const step = stepBetween(last, first, register);
    const steps = [above, below].flatMap((rows) => stepsIn(rows, register));
    if (step === undefined || steps.length === 0) return false;
    return step > MUCH * Math.max(...steps) + SPARE_LAST_DIGITS * 10 ** -decimals;
  });
}

function descending(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => b.id - a.id);
}

function stepsIn(rows: readonly Row[], register: number): readonly number[] {
  return rows.slice(1).flatMap((older, index) => {
    const newer = rows[index];
    return (newer && stepBetween(newer, older, register)) ?? [];
  });
}

/** Of one number to the next. Undefined where that cannot be told. */
function stepBetween(newer: Row, older: Row, register: number): number | undefined {
  if (!isTotal(register)) return undefined;
  const [after, before] = [newer, older].map(({ values }) =>
    values.find((each) => each.register === register),
  );
  const [more, less] = [numberOf(after), numberOf(before)];
  if (more === undefined || less === undefined || after?.unit !== before?.unit) return undefined;
  return Number(more.minus(less)) / Math.max(1, newer.id - older.id);
}
