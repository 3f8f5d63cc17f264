/** What was seen while one kind of fault was at work, and until all was well again. */
export interface Row {
  readonly part: string;
  readonly fault: string;
  episodes: number;
  /** Replies, connections, files and the like that were spoiled. */
  struck: number;
  compared: number;
  wrong: number;
  /** Readings that failed, and values that were held back. */
  refused: number;
  /** Milliseconds. */
  longestRecovery: number;
  notRecovered: number;
}

/** Something that must never happen. */
interface Finding {
  readonly part: string;
  readonly fault: string;
  readonly what: string;
  /** The first case. */
  readonly detail: string;
  count: number;
}

export interface Skipped {
  readonly part: string;
  readonly why: string;
}

const LOOK_EVERY = 100;
const LOOKS_A_MINUTE = 600;

export class Tally {
  readonly rows = new Map<string, Row>();
  readonly findings = new Map<string, Finding>();
  readonly skipped: Skipped[] = [];
  /** By output: values compared, and those that were left out, by reason. */
  readonly byOutput = new Map<string, number>();
  readonly leftOut = new Map<string, number>();
  /** The most that the bridge of a part took, in bytes. */
  readonly memory = new Map<string, number>();
  /** Milliseconds by which this process was late within the last minute: so late a simulated meter may answer. */
  lateness = 0;
  private readonly began = Date.now();

  /** Looks again and again how late a timer comes; the returned function ends it. */
  watchLateness(): () => void {
    let due = performance.now() + LOOK_EVERY;
    const late: number[] = [];
    const timer = setInterval(() => {
      late.push(Math.max(0, performance.now() - due));
      due = performance.now() + LOOK_EVERY;
      if (late.length > LOOKS_A_MINUTE) late.shift();
      this.lateness = Math.max(...late);
    }, LOOK_EVERY);
    return () => clearInterval(timer);
  }

  row(part: string, fault: string): Row {
    const key = `${part}/${fault}`;
    const row = this.rows.get(key) ?? {
      part,
      fault,
      episodes: 0,
      struck: 0,
      compared: 0,
      wrong: 0,
      refused: 0,
      longestRecovery: 0,
      notRecovered: 0,
    };
    this.rows.set(key, row);
    return row;
  }

  compared(part: string, fault: string, output: string): void {
    this.row(part, fault).compared++;
    this.byOutput.set(output, (this.byOutput.get(output) ?? 0) + 1);
  }

  left(reason: string): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + 1);
  }

  wrong(part: string, fault: string, what: string, detail: string): void {
    this.row(part, fault).wrong++;
    this.found(part, fault, what, detail);
  }

  /** `what`: the kind, without figures; `detail`: this case. Told at once: whoever watches may look while it lasts. */
  found(part: string, fault: string, what: string, detail: string): void {
    const key = `${part}/${fault}/${what}`;
    const earlier = this.findings.get(key);
    if (earlier !== undefined) {
      earlier.count++;
      return;
    }
    this.findings.set(key, { part, fault, what, detail, count: 1 });
    const at = ((Date.now() - this.began) / 1000).toFixed(1);
    process.stderr.write(`${at} s, ${part}, ${fault}: ${what}: ${detail}\n`);
  }

  skip(part: string, why: string): void {
    this.skipped.push({ part, why });
    process.stderr.write(`SKIPPED: ${part}: ${why}\n`);
  }

  /** `took`: milliseconds, or undefined where it never came. */
  recovered(part: string, fault: string, took: number | undefined, within: number): void {
    const row = this.row(part, fault);
    row.episodes++;
    if (took !== undefined) row.longestRecovery = Math.max(row.longestRecovery, took);
    if (took !== undefined && took <= within) return;
    row.notRecovered++;
    const after =
      took === undefined ? `not within ${within / 1000} s` : `only after ${(took / 1000).toFixed(1)} s`;
    this.found(part, fault, 'no fresh state after the fault had ended', after);
  }

  /** Total of one column. */
  sum(column: 'episodes' | 'struck' | 'compared' | 'wrong' | 'refused' | 'notRecovered'): number {
    return [...this.rows.values()].reduce((sum, row) => sum + row[column], 0);
  }
}
