/** Something wrong at one key; `text` says what is allowed and shows no secret. */
export interface Fault {
  readonly path: string;
  readonly text: string;
}
