/** Rows of a logger, by the meter's own numbers: both ends belong to it. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}
