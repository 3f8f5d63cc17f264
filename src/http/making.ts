import { Budget } from '../shared/budget.ts';
import { type Clock, sleep } from '../shared/clock.ts';
import type { Answer } from './answer.ts';

/** Milliseconds in which answers are made: in a burst, and in each second from then on. */
const AT_ONCE = 1_000;
const A_SECOND = 100;
/** What an answer costs of it, whatever it took: the rest may be somebody else's work. */
const COST = { least: 10, most: 200 };
/** An answer may be this old (ms), where others are not made. */
const OLDEST = 2_000;

/** Answers are made in so much time and no more: readings come first. */
export class Making {
  private readonly clock: Clock;
  private readonly budget: Budget;
  private readonly made = new Map<string, { readonly answer: Promise<Answer>; readonly at: number }>();
  private last: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.clock = clock;
    this.budget = new Budget(AT_ONCE, A_SECOND, clock);
  }

  /** Those who ask while an answer is made share it. */
  shared(path: string, make: () => Answer | Promise<Answer>): Promise<Answer> {
    const begin = this.clock.monotonic();
    const last = this.made.get(path);
    if (last !== undefined && this.budget.wait > 0 && begin - last.at < OLDEST) return last.answer;
    const answer = Promise.resolve().then(make);
    this.made.set(path, { answer, at: begin });
    answer.then(
      () => this.spend(begin),
      () => {
        this.spend(begin);
        this.made.delete(path);
      },
    );
    return answer;
  }

  /** For what is somebody's own: one after the other, each when there is time for it. Undefined: `gone` before that. */
  async inTurn<T>(make: () => T | Promise<T>, gone: AbortSignal): Promise<T | undefined> {
    const before = this.last;
    const turn = before.then(async () => {
      for (let { wait } = this.budget; wait > 0 && !gone.aborted; { wait } = this.budget)
        await sleep(this.clock, wait, gone);
    });
    this.last = turn;
    await turn;
    if (gone.aborted) return undefined;
    const begin = this.clock.monotonic();
    try {
      // What it then waits for is no work of ours.
      return make();
    } finally {
      this.spend(begin);
    }
  }

  private spend(begin: number): void {
    const took = this.clock.monotonic() - begin;
    this.budget.spend(Math.min(COST.most, Math.max(COST.least, took)));
  }
}
