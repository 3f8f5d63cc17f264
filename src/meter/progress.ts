/** How far a reading is. What is learnt along with it, or asked for once more, makes it longer. */
export class Progress {
  private visit: unknown;
  private asked = 0;
  private of = 0;

  /** `visit`: the same for all of one reading. */
  asking(visit: unknown, registers: number): void {
    if (visit !== this.visit) {
      this.asked = 0;
      this.of = 0;
    }
    this.visit = visit;
    this.of += registers;
  }

  heard(registers: number): void {
    this.asked = Math.min(this.of, this.asked + registers);
  }

  over(): void {
    this.visit = undefined;
    this.asked = 0;
    this.of = 0;
  }

  get now(): { readonly asked: number; readonly of: number } {
    const { asked, of } = this;
    return { asked, of };
  }
}
