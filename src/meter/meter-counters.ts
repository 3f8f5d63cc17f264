/** What reading one meter has cost so far. Written by the session, read by whoever reports it. */
export interface MeterCounters {
  /** Requests sent, repeated ones included. */
  transactions: number;
  retries: number;
  /** Requests that found the meter asleep: each costs it a wake-up. */
  wakeUps: number;
  /** Milliseconds from a request that found it asleep until it sleeps again; nothing for one without an answer. */
  awakeTime: number;
  timeouts: number;
  checksumErrors: number;
  discardedBytes: number;
  bytesSent: number;
  /** Everything that arrived, echoes included. */
  bytesReceived: number;
}

export function newCounters(): MeterCounters {
  return {
    transactions: 0,
    retries: 0,
    wakeUps: 0,
    awakeTime: 0,
    timeouts: 0,
    checksumErrors: 0,
    discardedBytes: 0,
    bytesSent: 0,
    bytesReceived: 0,
  };
}
