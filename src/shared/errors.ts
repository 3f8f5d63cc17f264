import { getSystemErrorMap } from 'node:util';

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

/** One line for a person, whatever was thrown; never an empty one. */
export function messageOf(error: unknown): string {
  return wordsOf(error, DEEPEST);
}

/** A cause may lead back to where it came from. */
const DEEPEST = 10;
const NO_WORDS = 'no reason was given';

function wordsOf(thrown: unknown, deepest: number): string {
  if (typeof thrown !== 'object' || thrown === null) {
    const isSilent = thrown === undefined || thrown === null || String(thrown).trim() === '';
    return isSilent ? NO_WORDS : String(thrown);
  }
  const { message, cause, code, name } = thrown as Readonly<Record<string, unknown>>;
  const own = typeof message === 'string' ? message : '';
  // A name with several addresses fails at each of them; Node has no words for the whole.
  const parts = deepest === 0 ? [] : partsOf(thrown).map((part) => wordsOf(part, deepest - 1));
  const words = [
    ...(own.trim() === '' ? [] : [own]),
    ...(parts.length > 0 ? [[...new Set(parts)].join('; ')] : []),
  ];
  if (words.length > 0) return words.join(': ');
  if (cause !== undefined && deepest > 0) return wordsOf(cause, deepest - 1);
  if (typeof code === 'string' || typeof code === 'number') return meaningOf(code);
  return typeof name === 'string' && name !== '' && name !== 'Error' ? `${NO_WORDS} (${name})` : NO_WORDS;
}

/** `connection refused (ECONNREFUSED)`, where the system knows the code. */
function meaningOf(code: string | number): string {
  const meaning = [...getSystemErrorMap().values()].find(([known]) => known === code)?.[1];
  return meaning === undefined ? `error code ${code}` : `${meaning} (${code})`;
}

function partsOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors : [];
}

/** The error that tells most: below whatever wraps it, and of several addresses that of the one we came nearest to. */
export function innermost(error: unknown, deepest = DEEPEST): unknown {
  if (deepest === 0) return error;
  const parts = partsOf(error).map((part) => innermost(part, deepest - 1));
  // Of equals the last one: an earlier address was given a quarter of a second only.
  if (parts.length > 0) return parts.reduce((best, part) => (nearness(part) >= nearness(best) ? part : best));
  const hasCode = error instanceof Error && 'code' in error && error.code !== undefined;
  return error instanceof Error && error.cause !== undefined && !hasCode
    ? innermost(error.cause, deepest - 1)
    : error;
}

const NO_WAY = ['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** 2: something answered. */
function nearness(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (NO_WAY.includes(code)) return 0;
  return code === 'ETIMEDOUT' ? 1 : 2;
}

/** Like `messageOf`, for places that are short of room. */
export function briefOf(error: unknown): string {
  return error instanceof Multical2MqttError ? error.brief : messageOf(error);
}

/** The message with its full stop, for another sentence to follow. */
export function sentenceOf(error: unknown): string {
  return messageOf(error).replace(/([^.?!])$/, '$1.');
}
