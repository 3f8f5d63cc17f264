/** Number, unit, length and sign of a register, before its value in the first row of a page. */
export const FORMAT_LENGTH = 5;

/** What reading a logger takes on the wire, as far as it can be told before anybody has asked: lengths in bytes, unframed. */
export interface LogPages {
  /** What it has and how far it has come: the requests before the first page, with their replies. */
  readonly opening: { readonly requests: number; readonly bytes: number };
  /** Rows that one reply holds. */
  readonly rows: number;
  readonly request: number;
  /** Of a reply without a row. */
  readonly reply: number;
  /** Of a row, as its reply has it. */
  readonly row: number;
}
