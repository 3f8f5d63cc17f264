/**
 * What people read for public names, in one language. `#` stands for a number, `{}` for the rest of the name: so one row
 * serves thirteen flow buckets, and a peak its date, its day and its month.
 */
export interface Labels {
  readonly names: Readonly<Record<string, string>>;
  readonly beginnings: Readonly<Record<string, string>>;
  readonly endings: Readonly<Record<string, string>>;
}
