/** What happened on the line since the start or the last `resetStatistics()`. */
export interface SimulatorStatistics {
  /** Requests that a meter heard to their end, good or bad. */
  requests: number;
  /** Before faults: a reply that a fault swallowed counts. */
  replies: number;
  /** Requests with a wrong checksum, too many registers, gaps or an unknown command. */
  badRequests: number;
  /** Requests within the 1.6 s after a bad one. */
  ignoredRequests: number;
  /** Requests that began outside the waking window of their meter. */
  wakeUps: number;
  /** To the meter. */
  bytesIn: number;
  /** From the meter, noise and echo among them. */
  bytesOut: number;
  /** Register ids of each GetRegister that was answered, the newest last; at most 1000. */
  requested: (readonly number[])[];
  /** When the newest byte left the meter, on the monotonic clock; undefined before the first. */
  lastByteAt: number | undefined;
}

/** A demo may run for months. */
const MOST_REQUESTS_KEPT = 1000;

export function newStatistics(): SimulatorStatistics {
  return {
    requests: 0,
    replies: 0,
    badRequests: 0,
    ignoredRequests: 0,
    wakeUps: 0,
    bytesIn: 0,
    bytesOut: 0,
    requested: [],
    lastByteAt: undefined,
  };
}

export function keepRequested(statistics: SimulatorStatistics, ids: readonly number[]): void {
  statistics.requested.push(ids);
  if (statistics.requested.length > MOST_REQUESTS_KEPT) statistics.requested.shift();
}
