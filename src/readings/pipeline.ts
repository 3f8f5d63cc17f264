import { derivedQuantity } from '../catalogue/derived-quantities.ts';
import { fieldsOf } from '../shared/stored.ts';
import type { MeterEvent } from './meter-event.ts';
import type { MeterTraits, Reading } from './reading.ts';

/** One step of the pipeline: gets what one reading brought, returns them changed or with more of them. */
export interface Stage {
  interpret(readings: readonly Reading[], traits: MeterTraits): readonly Reading[];
  /** Readings that retract what the time alone has made untrue at `now`. */
  expire?(now: number): readonly Reading[];
  /** What happened since this was last asked for. */
  takeEvents?(): readonly MeterEvent[];
  /** State that must survive a restart, as plain JSON; undefined for none. */
  toRemember?(): unknown;
  /** Quantities that an earlier run may have made and that are no longer true or wanted. */
  readonly withdrawn?: readonly string[];
  /** Registers of which it can make nothing, so that asking for them on its account is a waste. */
  readonly useless?: readonly number[];
}

/** `remembered`: what the stage's `toRemember` gave in an earlier run, or anything that a file may hold. */
export type StageMaker = (remembered: unknown) => Stage;

/**
 * Adds what the values of one reading mean beyond their registers:
 *
 *   plausible readings ──▶ stage ──▶ stage ──▶ what is published
 *
 * All of them were read in one go, and each has the moment of its reply. What is made of one has the same moment.
 */
export class Pipeline {
  private readonly stages: ReadonlyMap<string, GuardedStage>;

  /** `spoilt` is told of a stage that failed with what it remembered, and has begun anew. */
  constructor(
    makers: Readonly<Record<string, StageMaker>>,
    remembered: unknown,
    spoilt: (stage: string, error: unknown) => void = () => {},
  ) {
    const memories = fieldsOf(remembered);
    const guarded = ([name, make]: [string, StageMaker]): [string, GuardedStage] => [
      name,
      new GuardedStage(make, memories[name], (error) => spoilt(name, error)),
    ];
    this.stages = new Map(Object.entries(makers).map(guarded));
  }

  run(readings: readonly Reading[], traits: MeterTraits): readonly Reading[] {
    let interpreted = readings;
    for (const stage of this.stages.values())
      interpreted = stage.attempt((each) => each.interpret(interpreted, traits));
    return interpreted;
  }

  /** Called at the start and at midnight, with nothing read. The readings retract what is no longer true. */
  expire(now: number): readonly Reading[] {
    return Array.from(this.stages.values()).flatMap(
      (stage) => stage.attempt((each) => each.expire?.(now)) ?? [],
    );
  }

  /** What happened since this was last asked for, as the readings tell. */
  takeEvents(): readonly MeterEvent[] {
    return Array.from(this.stages.values()).flatMap(
      (stage) => stage.attempt((each) => each.takeEvents?.()) ?? [],
    );
  }

  get withdrawn(): readonly string[] {
    return Array.from(this.stages.values()).flatMap(
      (stage) => stage.attempt(({ withdrawn }) => withdrawn) ?? [],
    );
  }

  get useless(): ReadonlySet<number> {
    const useless = Array.from(this.stages.values(), (stage) => stage.attempt((each) => each.useless) ?? []);
    return new Set(useless.flat());
  }

  toRemember(): Readonly<Record<string, unknown>> {
    const remembered = Array.from(this.stages, ([name, stage]): [string, unknown] => [
      name,
      stage.attempt((each) => each.toRemember?.()),
    ]);
    return Object.fromEntries(remembered.filter(([, memory]) => memory !== undefined));
  }
}

/** A stage that what it remembers of an earlier run cannot break for long: it begins anew then, once. */
class GuardedStage {
  private readonly make: StageMaker;
  private readonly spoilt: (error: unknown) => void;
  private stage: Stage;
  private isAnew = false;

  constructor(make: StageMaker, remembered: unknown, spoilt: (error: unknown) => void) {
    this.make = make;
    this.spoilt = spoilt;
    try {
      this.stage = make(remembered);
    } catch (error) {
      this.stage = this.begunAnew(error);
    }
  }

  /** What fails without any memory is no fault of the memory. */
  attempt<T>(use: (stage: Stage) => T): T {
    try {
      return use(this.stage);
    } catch (error) {
      if (this.isAnew) throw error;
      this.stage = this.begunAnew(error);
      return use(this.stage);
    }
  }

  private begunAnew(error: unknown): Stage {
    this.isAnew = true;
    this.spoilt(error);
    return this.make(undefined);
  }
}

/** For a quantity that is in no register. */
export function derivedReading(
  quantity: string,
  { value, unit, readAt }: Pick<Reading, 'value' | 'unit' | 'readAt'>,
): Reading {
  const { label, nature } = derivedQuantity(quantity) ?? missing(quantity);
  return { quantity, label, nature, register: null, value, unit, readAt };
}

function missing(quantity: string): never {
  throw new Error(`${quantity} has no row among the derived quantities`);
}
