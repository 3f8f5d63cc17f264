import { createHash } from 'node:crypto';
import { seededRandom } from '../src/cli/commands/simulate.ts';
import type { Random } from '../src/shared/clock.ts';

/** Chance that a seed and a name repeat: what is injected is the same in every run, whatever the processor does meanwhile. */
export class Chance {
  readonly random: Random;
  private readonly seed: string;

  constructor(seed: string) {
    this.seed = seed;
    this.random = seededRandom(createHash('sha256').update(seed).digest().readUInt32BE());
  }

  /** Independent of what was drawn here before. */
  fork(name: string | number): Chance {
    return new Chance(`${this.seed}/${name}`);
  }

  happens(probability: number): boolean {
    return this.random() < probability;
  }

  between(least: number, most: number): number {
    return least + this.random() * (most - least);
  }

  /** `least` and `most` included. */
  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  pick<T>(choices: readonly T[]): T {
    const picked = choices[this.whole(0, choices.length - 1)];
    if (picked === undefined) throw new RangeError('there is nothing to pick from');
    return picked;
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.whole(0, 255));
  }
}
