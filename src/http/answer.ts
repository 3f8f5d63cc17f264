import type { IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  /** The content type, with its character set. */
  readonly type: string;
  readonly body: string | Uint8Array;
  /** Besides, and in place of, those that every answer has. In small letters. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sent as it comes, until it ends or the client goes. */
export interface StreamedAnswer {
  readonly type: string;
  /** The next one is asked for when the client has taken the one before. */
  readonly chunks: AsyncIterable<string>;
  /** Sent from time to time where nothing else is, so that whatever lies between does not take the connection for dead. */
  readonly heartbeat?: string;
}

export type Method = 'GET' | 'POST' | 'DELETE';

/** What somebody asks for at a route. */
export interface Asked {
  readonly method: Method;
  readonly path: string;
  /** By their names in the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The other side's, as the socket has it. */
  readonly address: string;
  /** Aborted when the client goes, or the server stops. */
  readonly gone: AbortSignal;
}

export interface AskedWithBody extends Asked {
  /** Parsed JSON; undefined where none came. */
  readonly body: unknown;
}

export interface ServedRoute {
  readonly method: Method;
  /** From the root, `/api/v1/meters/:name`: a part that begins with a colon stands for anything. */
  readonly path: string;
  readonly handle: (asked: AskedWithBody) => Answer | StreamedAnswer | Promise<Answer | StreamedAnswer>;
}

export function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

/** Monitors look at the status only; the reasons are for people, one a line. */
export function healthAnswer(reasons: readonly string[]): Answer {
  return reasons.length === 0 ? plain(200, ALL_WELL) : plain(503, reasons.join('\n'));
}

/** The reasons of such an answer, from its body. */
export function healthReasons(body: string): readonly string[] {
  return body.split('\n').filter((line) => line !== '' && line !== ALL_WELL);
}

const ALL_WELL = 'ok';
