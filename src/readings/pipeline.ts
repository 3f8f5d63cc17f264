import { derivedQuantity } from '../catalogue/derived-quantities.ts';
import type { MeterTraits, Reading } from './reading.ts';

/** A reading of a quantity that is in no register. */
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

/** One step of the understanding: takes the readings of one moment, gives them back changed or with more of them. */
export interface InterpretationStage {
  interpret(readings: readonly Reading[], traits: MeterTraits): readonly Reading[];
  /** What is no longer true at `now` for the time alone, taken back. */
  expire?(now: number): readonly Reading[];
  /** What it must know again after a restart, as plain JSON; undefined for nothing. */
  toRemember?(): unknown;
  /** Quantities that were made earlier, perhaps in another run, but are not (any more) true or wanted. */
  readonly withdrawn?: readonly string[];
}

/** A maker of the stage; `remembered` is what its `toRemember` gave in an earlier run, or anything a file may hold. */
export type StageMaker = (remembered: unknown) => InterpretationStage;

/**
 * What the readings of one moment mean, beyond their registers:
 *
 *   plausible readings ──▶ stage ──▶ stage ──▶ what is published
 *
 * All of them were read in one go, so that what is made of several of them belongs together.
 */
export class Interpretation {
  private readonly stages: ReadonlyMap<string, InterpretationStage>;

  constructor(makers: Readonly<Record<string, StageMaker>>, remembered: unknown) {
    const ofStages = isRecord(remembered) ? remembered : {};
    this.stages = new Map(Object.entries(makers).map(([name, make]) => [name, make(ofStages[name])]));
  }

  interpret(readings: readonly Reading[], traits: MeterTraits): readonly Reading[] {
    let interpreted = readings;
    for (const stage of this.stages.values()) interpreted = stage.interpret(interpreted, traits);
    return interpreted;
  }

  /** Comes at the start and at midnight, with nothing read: what it gives takes back what was true before. */
  expire(now: number): readonly Reading[] {
    return Array.from(this.stages.values()).flatMap((stage) => stage.expire?.(now) ?? []);
  }

  get withdrawn(): readonly string[] {
    return Array.from(this.stages.values()).flatMap(({ withdrawn = [] }) => withdrawn);
  }

  toRemember(): Readonly<Record<string, unknown>> {
    const remembered = Array.from(this.stages, ([name, stage]): [string, unknown] => [
      name,
      stage.toRemember?.(),
    ]);
    return Object.fromEntries(remembered.filter(([, memory]) => memory !== undefined));
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
