import type { SafeText } from './secrets.ts';

/** A server's answer to a delivery. A failure that may pass is thrown instead. */
export type Outcome = 'delivered' | { readonly refused: string };

/** Counts since the start of the bridge. */
export interface DeliveryCounts {
  delivered: number;
  /** Refused for good and set aside. */
  refused: number;
  /** Given up, because they were too old or too many. */
  lost: number;
  /** Milliseconds since 1970; null before the first. */
  lastDelivery: number | null;
}

/** The state of one output's deliveries. */
export interface DeliveryHealth extends Readonly<DeliveryCounts> {
  /** Not accepted by the server yet. */
  readonly waiting: number;
  /** In words; null while all is well. */
  readonly problem: SafeText | null;
}

export function noDeliveries(): DeliveryCounts {
  return { delivered: 0, refused: 0, lost: 0, lastDelivery: null };
}

/** As an output knows it, with whatever a server said. */
export type OwnHealth = Omit<DeliveryHealth, 'problem'> & { readonly problem: string | null };
