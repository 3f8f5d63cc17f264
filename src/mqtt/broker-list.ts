import type { BrokerAccess, Brokers } from './broker-url.ts';
import { brokerAddress } from './report.ts';

/**
 * Asked before each attempt to connect, because a broker may move, appear late, or change its password. Undefined: there
 * is none yet. Rejects with a whole sentence for a person.
 */
export type BrokerSource = (signal: AbortSignal) => Promise<BrokerAccess | undefined>;

/** A broker among those in a list. */
export interface Place {
  readonly name: string;
  /** Names of those that may take its place. */
  readonly others: readonly string[];
}

interface BrokerSettings {
  readonly url: Brokers;
  readonly username: string;
  readonly password: string;
}

/** With the credentials that each is to be given: where the keys name some, those count for all. */
export function brokersIn({ url, username, password }: BrokerSettings): readonly BrokerAccess[] {
  if (typeof url === 'string') return [{ url, username, password }];
  return url.map((own) => ({
    url: own.url,
    username: username || own.username,
    password: password || own.password,
  }));
}

/**
 * The brokers that stand for one another, in the user's order. We stay with one until it goes; then the next is taken
 * at once, and the first after the last. When that has been all of them, there is a pause before the next round.
 */
export class BrokerList {
  private readonly brokers: readonly BrokerAccess[];
  private at = 0;
  /** In this round. */
  private gone = 0;
  private latest: string | undefined;

  constructor(settings: BrokerSettings) {
    this.brokers = brokersIn(settings);
  }

  get current(): BrokerAccess {
    return this.brokers[this.at] as BrokerAccess;
  }

  /** Of those in the list; one for each connection where somebody else knows the broker. */
  nameOf(broker: BrokerAccess): string {
    const address = brokerAddress(broker.url);
    const place = this.brokers.indexOf(broker) + 1;
    const { length } = this.brokers;
    return length === 1 || place === 0 ? address : `${address} (${place} of ${length})`;
  }

  /** There is a connection to the broker of that name. `isAnother`: than the one before. */
  opened(name: string): Place & { readonly isAnother: boolean } {
    const isAnother = this.latest !== undefined && this.latest !== name;
    this.latest = name;
    const names = this.brokers.map((broker) => this.nameOf(broker));
    return { isAnother, name, others: names.includes(name) ? names.filter((other) => other !== name) : [] };
  }

  /** A connection to it lasts. */
  settled(): void {
    this.gone = 0;
  }

  /** It is gone, or was not there. True where the next one may be tried at once. */
  next(): boolean {
    this.at = (this.at + 1) % this.brokers.length;
    this.gone = (this.gone + 1) % this.brokers.length;
    return this.gone > 0;
  }
}
