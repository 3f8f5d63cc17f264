import { Budget } from './budget.ts';
import type { Clock } from './clock.ts';
import type { Deps } from './deps.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export type Severity = 'info' | 'warn' | 'error';
const RANK: Readonly<Record<Severity, number>> = { info: 0, warn: 1, error: 2 };

/** Lines at once; more come one in `every` milliseconds. */
const AT_ONCE = 3;
/** What goes on for more than half a day is told every second hour. */
const ALL_DAY = { lines: 9, every: 2 * HOUR };
/** What comes each hour never comes to the millisecond. */
export const TOLERANCE = MINUTE;
/** Kinds that are told apart. More of them count as one, or a text that is never the same would fill the log. */
const MOST_KINDS = 10;
const OTHERS = 'others';

/** Messages that mean the same. */
interface Kind {
  severity: Severity;
  /** Since it was told last. */
  count: number;
  /** On the monotonic clock, as all moments here. */
  toldAt: number;
  metAt: number;
}

interface RepeatsOptions {
  /** Milliseconds; default: an hour, and two in the long run. */
  readonly every?: number;
  /** What is said again means that it is still so, which nobody has to hear three times. */
  readonly isState?: boolean;
}

/**
 * What one thing says again and again: three lines, then one an hour with its count. Another kind of message, or a kind
 * that became worse, is told at once, and the next lines wait the longer. All of it stands in the log of `debug`.
 */
export class Repeats {
  private readonly clock: Pick<Clock, 'monotonic'>;
  private readonly logger: Deps['logger'];
  private readonly every: number;
  private readonly isState: boolean;
  private readonly budgets: readonly Budget[];
  private readonly kinds = new Map<string, Kind>();
  /** The kind that was told last. */
  private last: string | undefined;
  private lastToldAt = Number.NEGATIVE_INFINITY;

  constructor(
    { clock, logger }: Pick<Deps, 'clock' | 'logger'>,
    { every, isState = false }: RepeatsOptions = {},
  ) {
    this.clock = clock;
    this.logger = logger;
    this.every = every ?? HOUR;
    this.isState = isState;
    const soon = new Budget(AT_ONCE, SECOND / this.every, clock);
    const allDay = new Budget(ALL_DAY.lines, SECOND / ALL_DAY.every, clock);
    this.budgets = every === undefined ? [soon, allDay] : [soon];
  }

  /** Milliseconds until there is room for another line; 0: now. */
  get wait(): number {
    const wait = Math.max(...this.budgets.map((budget) => budget.wait));
    return wait > TOLERANCE ? wait : 0;
  }

  /** Milliseconds since its last line; infinite before the first. */
  get quietFor(): number {
    return this.clock.monotonic() - this.lastToldAt;
  }

  /** `kind`: what is meant. Default: the message without its numbers. Returns whether it was told. */
  say(severity: Severity, message: string, kind: string = withoutNumbers(message)): boolean {
    const now = this.clock.monotonic();
    this.forget(now);
    const isOther = !this.kinds.has(kind) && this.kinds.size >= MOST_KINDS;
    const name = isOther ? OTHERS : kind;
    const known = this.kinds.get(name);
    const entry = known ?? { severity, count: 0, toldAt: now, metAt: now };
    const isNews = known === undefined || RANK[severity] > RANK[entry.severity];
    this.kinds.set(name, entry);
    entry.severity = isNews ? severity : entry.severity;
    entry.count++;
    entry.metAt = now;
    if (!isNews && !this.isDue(name, entry, now)) {
      this.logger.debug(message);
      return false;
    }
    const often = entry.count > 1 ? ` (${countText(entry.count, isOther, now - entry.toldAt)})` : '';
    this.tell(severity, `${message}${often}`);
    this.last = name;
    entry.count = 0;
    entry.toldAt = now;
    return true;
  }

  /** What was told is not so any more. */
  over(): void {
    this.last = undefined;
  }

  tell(severity: Severity, message: string): void {
    for (const budget of this.budgets) budget.spend(1);
    this.lastToldAt = this.clock.monotonic();
    this.logger[severity](message);
  }

  private isDue(name: string, { toldAt }: Kind, now: number): boolean {
    if (this.wait > 0) return false;
    return !this.isState || name !== this.last || now - toldAt >= this.every - TOLERANCE;
  }

  /** What was not met for a day is news when it comes again. */
  private forget(now: number): void {
    for (const [name, { metAt }] of this.kinds) if (now - metAt >= DAY) this.kinds.delete(name);
  }
}

function countText(count: number, withOthers: boolean, span: number): string {
  return `${withOthers ? 'with others ' : ''}${count} times in the last ${lastText(span)}`;
}

function lastText(span: number): string {
  if (Math.abs(span - HOUR) < 10 * MINUTE) return 'hour';
  if (Math.abs(span - DAY) < 2 * HOUR) return 'day';
  return span > HOUR && span < 2 * DAY ? `${Math.round(span / HOUR)} h` : spanText(span);
}

/** Words with a digit in them change from one time to the next: counts, seconds, bytes. */
export function withoutNumbers(message: string): string {
  return message.replace(/\S*\d\S*/g, '#');
}

export function spanText(span: number): string {
  const seconds = Math.round(span / SECOND);
  if (span < MINUTE) return `${seconds} s`;
  const minutes = Math.round(span / MINUTE);
  if (span < HOUR) return `${minutes} min`;
  if (span < 2 * DAY) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(span / DAY)} days`;
}
