import type { Deps } from './deps.ts';
import { Repeats, type Severity, spanText } from './repeats.ts';

const MINUTE = 60_000;
/** Milliseconds without trouble after which its end is told, where it came and went too often to tell each. */
const CALM = 10 * MINUTE;
const LONGEST_WAIT = 60 * MINUTE;

interface TroubleOptions {
  /** It is met again each time that something is tried, and one line is enough; otherwise each is an event of its own. */
  readonly isState: boolean;
}

/**
 * The trouble with one thing, in the log: its beginning, now and then that it goes on, each new reason, and once its end,
 * with how long it lasted. What comes and goes all day costs no more lines than what stays.
 */
export class Trouble {
  private readonly clock: Deps['clock'];
  private readonly repeats: Repeats;
  private isOn = false;
  /** The last line about it says that there is trouble. */
  private isTold = false;
  /** Since its end was told, on the monotonic clock. */
  private since = 0;
  private times = 0;
  /** It was away for too short a time to call that its end. */
  private comesBack = false;
  /** Undefined unless its end waits to be told. */
  private cancelEnd: (() => void) | undefined;
  private isStopped = false;

  constructor(deps: Pick<Deps, 'clock' | 'logger'>, options: TroubleOptions) {
    this.clock = deps.clock;
    this.repeats = new Repeats(deps, options);
  }

  /** Milliseconds since its last line, or 0 while its end waits to be told; infinite before any. */
  get quietFor(): number {
    return this.cancelEnd === undefined ? this.repeats.quietFor : 0;
  }

  /** `kind`: what is meant, as in `Repeats`. */
  met(severity: Severity, message: string, kind?: string): void {
    if (this.cancelEnd !== undefined) this.comesBack = true;
    this.callOff();
    this.isOn = true;
    if (this.times === 0) this.since = this.clock.monotonic();
    this.times++;
    this.remark(severity, message, kind);
  }

  /** Something about it that is not the trouble itself. */
  remark(severity: Severity, message: string, kind?: string): void {
    if (this.repeats.say(severity, message, kind)) this.isTold = true;
  }

  /** `message`: without a full stop. Returns false where there was no trouble. */
  over(message: () => string, severity: Severity = 'info'): boolean {
    if (!this.isOn) return false;
    this.isOn = false;
    this.repeats.over();
    const span = this.clock.monotonic() - this.since;
    const tell = (): void => this.tellEnd(severity, message(), span);
    if (!this.isTold) this.times = 0;
    else if (this.isStopped || (!this.comesBack && (this.repeats.wait === 0 || span >= CALM))) tell();
    else {
      const wait = Math.min(Math.max(this.repeats.wait, CALM), LONGEST_WAIT);
      this.cancelEnd = this.clock.after(wait, tell);
    }
    return true;
  }

  /** An end that comes now is told at once: there is no later. */
  stop(): void {
    this.isStopped = true;
    this.callOff();
  }

  private callOff(): void {
    this.cancelEnd?.();
    this.cancelEnd = undefined;
  }

  private tellEnd(severity: Severity, message: string, span: number): void {
    const often = this.times > 1 ? `, and was met ${this.times} times` : '';
    this.repeats.tell(severity, `${message}. The trouble lasted ${spanText(span)}${often}.`);
    this.isTold = false;
    this.comesBack = false;
    this.cancelEnd = undefined;
    this.times = 0;
  }
}
