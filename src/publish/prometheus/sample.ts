/** One figure of a metric. */
export interface Sample {
  /** With its unit, and `_total` where it counts up. */
  readonly metric: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
