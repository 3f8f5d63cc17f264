import type { Random } from '../shared/back-off.ts';

/** Noise between -1 and 1 that forgets where it was within about `memory` steps. */
export class SlowNoise {
  private readonly memory: number;
  private readonly random: Random;
  private value = 0;

  constructor(memory: number, random: Random) {
    this.memory = memory;
    this.random = random;
  }

  next(): number {
    // Scaled so that the walk's spread is about half of the range, whatever its memory.
    const push = (this.random() - 0.5) * Math.sqrt(6 / this.memory);
    this.value = Math.min(1, Math.max(-1, this.value * (1 - 1 / this.memory) + push));
    return this.value;
  }
}
