import type { InfoTableName } from '../../../src/catalogue/family.ts';
import type { Stage, StageMaker } from '../../../src/readings/pipeline.ts';
import { type Reading, readingValueText, UNKNOWN_TRAITS } from '../../../src/readings/reading.ts';
import { number, reading } from './readings.ts';

/** A register with a number, as `[60, '84.817', 'GJ']`. */
export type Register = readonly [id: number, text: string, unit: string];

/** One stage, as it sees a meter over time. */
export class Staged {
  private readonly make: StageMaker;
  private stage: Stage;
  /** How the meter's info code is read. */
  infoTable: InfoTableName | null = null;

  constructor(make: StageMaker) {
    this.make = make;
    this.stage = make(undefined);
  }

  /** With nothing but what went through a file. */
  restart(): void {
    this.stage = this.make(JSON.parse(JSON.stringify(this.stage.toRemember?.() ?? null)));
  }

  get useless(): readonly number[] {
    return this.stage.useless ?? [];
  }

  /** What is derived from a reading of these registers at `time`. */
  at(time: string, ...registers: Register[]): Readonly<Record<string, string | null>> {
    return shownOf(this.read(time, ...registers));
  }

  /** The same with the registers themselves. */
  every(time: string, ...registers: Register[]): Readonly<Record<string, string | null>> {
    return shownOf(this.interpreted(given(time, registers)));
  }

  read(time: string, ...registers: Register[]): readonly Reading[] {
    return this.derived(given(time, registers));
  }

  derived(readings: readonly Reading[]): readonly Reading[] {
    return this.interpreted(readings).filter(({ register }) => register === null);
  }

  private interpreted(readings: readonly Reading[]): readonly Reading[] {
    return this.stage.interpret(readings, { ...UNKNOWN_TRAITS, infoTable: this.infoTable });
  }
}

function given(time: string, registers: readonly Register[]): readonly Reading[] {
  const readAt = Date.parse(time);
  return registers.map(([id, text, unit]) => ({ ...reading(id, number(text), unit), readAt }));
}

/** Quantity -> value with its unit; null where it is unknown. */
export function shownOf(readings: readonly Reading[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    readings.map(({ quantity, value, unit }) => {
      const text = readingValueText(value);
      return [quantity, text === null ? null : `${text} ${unit}`.trim()];
    }),
  );
}
