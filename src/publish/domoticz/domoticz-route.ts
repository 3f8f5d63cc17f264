/** What a device is to show from now on. */
export interface DeviceUpdate {
  /** The device as the configuration names it. */
  readonly key: string;
  /** Its number in Domoticz. */
  readonly index: number;
  readonly svalue: string;
}

/** What became of an update. */
export type Outcome =
  | { readonly kind: 'taken' }
  /** For good: the same again would be refused again. `logged`: somebody else has said so in the log. */
  | { readonly kind: 'refused'; readonly why: string; readonly logged: boolean }
  /** For now. */
  | { readonly kind: 'away'; readonly problem: string; readonly logged: boolean };

/** A way to Domoticz. One update at a time. */
export interface DomoticzRoute {
  /** Never rejects. An aborted one is `away`. */
  deliver(update: DeviceUpdate, signal: AbortSignal): Promise<Outcome>;
  /** After `away`: calls once when another try makes sense. The returned function calls it off. */
  whenWorthATry(action: () => void): () => void;
  close(): Promise<void>;
}
