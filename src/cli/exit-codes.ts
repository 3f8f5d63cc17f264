/** What the program says to whoever started it. */
export const EXIT = { done: 0, failed: 1, usage: 2, noAnswer: 3 } as const;

/** For the documentation. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done; of `check`: ready',
  failed: 'failed: the message says what to do',
  usage: 'wrong use or configuration, or a `dataDir` that another bridge uses',
  noAnswer: 'the meter did not answer; of `check --connect`: something was not reached',
};
