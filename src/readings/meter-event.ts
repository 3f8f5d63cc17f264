import type { ProblemGroup } from '../catalogue/info-codes.ts';

/** What happened at a meter: true at one moment, in contrast to a value. */
export type MeterEvent = ProblemEvent | ClockSet | MeterSwapped;

export interface ProblemEvent {
  readonly kind: 'problem-began' | 'problem-ended';
  /** `other`: something that no single problem stands for, such as a code that cannot be understood. */
  readonly problem: EventProblem;
  /** All that the meter complains of now, in words. */
  readonly info: string | null;
  /** The number that it comes from. */
  readonly code: string | null;
  readonly readAt: number;
}

export interface ClockSet {
  readonly kind: 'clock-set';
  /** Seconds that it was set forward; negative: back. */
  readonly by: number;
  readonly readAt: number;
}

export interface MeterSwapped {
  readonly kind: 'meter-swapped';
  /** Serial numbers. */
  readonly old: string;
  readonly new: string;
  readonly readAt: number;
}

export type EventProblem = ProblemGroup | 'other';
