/**
 * Code switches on `code`; the message tells a person what happened and what to do next.
 *
 * | code | meaning |
 * | --- | --- |
 * | usage | the command line is wrong |
 * | config | the configuration is wrong; `problems` names every fault |
 * | data-in-use | another bridge uses the data folder |
 * | port-missing | there is no such port now |
 * | port-busy | another program has the port |
 * | port-denied | this user may not open the port |
 * | port-failed | the port or network address cannot be opened for another reason |
 * | channel-closed | the line went away while in use |
 * | no-answer | the meter did not give a valid reply within all tries |
 * | cancelled | we are stopping |
 * | not-a-frame | a text for `decode` is not hex, or a frame in it is cut |
 * | failed | anything else |
 */
export type ErrorCode =
  | 'usage'
  | 'config'
  | 'data-in-use'
  | 'port-missing'
  | 'port-busy'
  | 'port-denied'
  | 'port-failed'
  | 'channel-closed'
  | 'no-answer'
  | 'cancelled'
  | 'not-a-frame'
  | 'failed';

export class Multical2MqttError extends Error {
  readonly code: ErrorCode;
  /** Every fault, where one error stands for several (`config`). */
  readonly problems: readonly string[];
  /** A shorter message for places that name the meter already. */
  readonly brief: string;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; problems?: readonly string[]; brief?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Multical2MqttError';
    this.code = code;
    this.problems = options.problems ?? [];
    this.brief = options.brief ?? message;
  }
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof Multical2MqttError && error.code === code;
}

/** One line for a person, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Like `messageOf`, for places that are short of room. */
export function briefOf(error: unknown): string {
  return error instanceof Multical2MqttError ? error.brief : messageOf(error);
}

/** The message with its full stop, for another sentence to follow. */
export function sentenceOf(error: unknown): string {
  return messageOf(error).replace(/([^.?!])$/, '$1.');
}
