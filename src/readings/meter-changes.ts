import { PROBLEM_GROUPS, problemQuantity } from '../catalogue/info-codes.ts';
import { R } from '../catalogue/register.ts';
import { fieldsOf, membersOf } from '../shared/stored.ts';
import { ClockJumps } from './clock-jumps.ts';
import { infoNumber } from './info-state.ts';
import type { EventProblem, MeterEvent } from './meter-event.ts';
import type { Stage } from './pipeline.ts';
import type { MeterTraits, Reading } from './reading.ts';

/** Looks at what the stages before it found, and tells what has changed since it was last known. */
export function changesStage(remembered: unknown): Stage {
  return new ChangesStage(remembered);
}

class ChangesStage implements Stage {
  /** Whether it was there when it was last known. */
  private readonly problems: Map<string, boolean>;
  /** The list that they were read with: by another one they are others, though nothing happened. */
  private table: string | null | undefined;
  /** There was something, and no saying what. */
  private isUnclear: boolean;
  private readonly clock: ClockJumps;
  private events: readonly MeterEvent[] = [];

  constructor(remembered: unknown) {
    const { problems, table, isUnclear, clock } = fieldsOf(remembered);
    const flags = membersOf(problems, (flag) => (typeof flag === 'boolean' ? flag : undefined));
    this.problems = new Map(Object.entries(flags));
    this.table = typeof table === 'string' || table === null ? table : undefined;
    this.isUnclear = isUnclear === true;
    this.clock = new ClockJumps(clock);
  }

  interpret(readings: readonly Reading[], { infoTable }: MeterTraits): readonly Reading[] {
    if (this.table !== infoTable) this.problems.clear();
    this.table = infoTable;
    this.events = [...this.events, ...this.problemEvents(readings), ...this.clock.notice(readings)];
    return readings;
  }

  takeEvents(): readonly MeterEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  toRemember(): unknown {
    return {
      problems: Object.fromEntries(this.problems),
      table: this.table,
      isUnclear: this.isUnclear,
      clock: this.clock.toRemember(),
    };
  }

  private problemEvents(readings: readonly Reading[]): readonly MeterEvent[] {
    const of = (quantity: string): Reading | undefined =>
      readings.findLast((reading) => reading.quantity === quantity);
    const text = of('info');
    if (text === undefined) return [];
    const info = text.value.kind === 'text' ? text.value.value : null;
    const source = [R.infoBits, R.infoCode].map((id) => readings.find(({ register }) => register === id));
    const code =
      source
        .map(infoNumber)
        .find((number) => number !== undefined)
        ?.code.toString() ?? null;
    return this.problemsIn(of).flatMap(([problem, isThere]): MeterEvent[] => {
      const was = this.problems.get(problem);
      this.problems.set(problem, isThere);
      // What was not known before may have been so for long.
      if (was === undefined || was === isThere) return [];
      const kind = isThere ? 'problem-began' : 'problem-ended';
      return [{ kind, problem, info, code, readAt: text.readAt }];
    });
  }

  /** Of which it is known whether they are there. */
  private problemsIn(of: (quantity: string) => Reading | undefined): readonly [EventProblem, boolean][] {
    const flag = (quantity: string): boolean | undefined => {
      const value = of(quantity)?.value;
      return value?.kind === 'flag' ? value.value : undefined;
    };
    const single = PROBLEM_GROUPS.flatMap((group): [EventProblem, boolean][] => {
      const isThere = flag(problemQuantity(group));
      return isThere === undefined ? [] : [[group, isThere]];
    });
    const any = flag('problem');
    const isNamed = single.some(([, isThere]) => isThere);
    const wasUnclear = this.isUnclear;
    this.isUnclear = any === true && single.length === 0;
    if (any === undefined) return single;
    // Beside one that has a name there may be others still: they neither begin nor end with it.
    if (isNamed && !wasUnclear) return single;
    return [...single, ['other', any && !isNamed]];
  }
}
