/** The candidate that a person most likely meant, or null when none is close. Case, `_` and `-` do not count. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = plain(word);
  // Two slips in a word of six letters, one in a shorter one.
  let least = wanted.length < 6 ? 1 : 2;
  let best: string | null = null;
  for (const candidate of candidates) {
    const steps = distance(wanted, plain(candidate));
    if (steps < least || (steps === least && best === null)) {
      least = steps;
      best = candidate;
    }
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[_-]/g, '');
}

/** Letters to insert, drop, replace or swap with their neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      const steps = [at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1)];
      if (from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) steps.push(at(beforeLast, j - 2) + 1);
      row.push(Math.min(...steps));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
