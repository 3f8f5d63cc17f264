/** Where a broker is and how to get in, as somebody else than the user knows it. */
export interface BrokerAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Asked before each attempt to connect, because a broker may move, appear late, or change its password. Undefined: there
 * is none yet. Rejects with a whole sentence for a person.
 */
export type BrokerSource = (signal: AbortSignal) => Promise<BrokerAccess | undefined>;
