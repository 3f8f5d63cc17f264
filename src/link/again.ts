const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Every "again" between a lost byte and a meter that counts as offline, from the inside out. A level repeats only what
 * the one below it could not settle, and each try costs the meter's battery.
 *
 * | level                      | what went wrong                     | what is done again                                |
 * | -------------------------- | ----------------------------------- | ------------------------------------------------- |
 * | link/session               | no reply that fits the request      | the request, `requestTries` in all                |
 * | link/client                | no reply to GetType                 | nothing: silence is the way to say no             |
 * | link/client                | a reply without any register        | the request, until it came `emptyReplies` times   |
 * | link/client                | no reply, though the meter is awake | its number once, then one register at a time      |
 * | link/perhaps               | no reply to a command of logs       | its number once; the command where a reply was damaged |
 * | link/interval-log-access   | a page begins with a later row      | the request, once                                 |
 * | loggers/log-walk           | rows do not follow from the others  | their page, once                                  |
 * | loggers/log-walk           | no reply to a long page of a log    | shorter ones; else the rest, when it is next read |
 * | loggers/same-meter         | a try failed, or time has passed    | its number                                        |
 * | meter/ask                  | an unknown meter has nothing at all | everything, `emptyAnswers` in all                 |
 * | meter/ask                  | registers missing that it had       | the missing ones, once                            |
 * | meter/meter-reader         | another meter may have answered     | its number; everything where it is another one    |
 * | meter/meter-reader         | a total does not follow             | the reply that held it, once, in the same wake-up |
 * | meter/known-meter          | no type, or a known register gone   | with each reading, `typeReadings` or `omissions`  |
 * | meter/timers               | the reading failed                  | the reading, after each of `retryDelays`          |
 * | meter/timers               | a value was doubtful                | the reading, `rechecks` times after these delays  |
 * | meter/silence              | silent at `fullSlots` in a row      | the request no more, until it answers             |
 * | meter/silence              | silent at `singleSlots` in a row    | every `thenEvery`th slot, in `longestRest` one    |
 * | meter/poller-state         | the port went away                  | the reading, once when it is back                 |
 * | meter/health               | readings fail in a row              | after `failuresToOffline` the meter is offline    |
 */
export const AGAIN = {
  requestTries: 3,
  /** For what the meter need not answer, or has to only while it is awake. */
  singleTry: 1,
  emptyReplies: 2,
  emptyAnswers: 3,
  typeReadings: 3,
  omissions: 3,
  /** Milliseconds; after the last one the schedule alone counts. */
  retryDelays: [1 * MINUTE, 5 * MINUTE, 15 * MINUTE],
  /** With the reading that brought it, as many as must agree before a doubtful value is believed. */
  rechecks: 2,
  failuresToOffline: 3,
  /** `longestRest` in milliseconds: a schedule of one reading a day loses none, not even when clocks change. */
  silence: { fullSlots: 6, singleSlots: 24, thenEvery: 10, longestRest: 22 * HOUR },
} as const;
