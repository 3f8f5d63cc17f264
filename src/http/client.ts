import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Agent } from 'undici';
import { innermost, Multical2MqttError, messageOf } from '../shared/errors.ts';

export interface HttpClientOptions {
  /** Path of a PEM file with the server's certificate authority; empty: those that Node knows. */
  readonly ca: string;
  readonly rejectUnauthorized: boolean;
  /** Milliseconds until an answer must have begun, and between two parts of it; default 10 s. */
  readonly patience?: number;
}

interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'OPTIONS';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sends the body compressed. */
  readonly gzip?: boolean;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Cut after 16 KB. */
  readonly body: string;
}

const PATIENCE = 10_000;
/** A server that drips its answer must not hold up what comes behind: so many times the patience is all it gets. */
const WHOLE = 3;
/** Bytes: nobody reads more of an error, so the rest is not waited for. */
const LONGEST_ANSWER = 16_384;

const compressed = promisify(gzip);

/** One server at a time, over connections that stay open between requests for some seconds. Follows no redirects. */
export class HttpClient {
  private readonly options: HttpClientOptions;
  private agent: Agent | undefined;
  private closed = false;

  constructor(options: HttpClientOptions) {
    this.options = options;
  }

  private get patience(): number {
    return this.options.patience ?? PATIENCE;
  }

  /** Resolves with any answer, whatever its status. Error `failed`, in words for a person, where there is none. */
  async send({ url, method, headers, body, gzip: compress, signal }: HttpRequest): Promise<HttpAnswer> {
    try {
      const small = compress && body !== undefined ? await compressed(body) : body;
      // Twelve megabytes of memory, which a bridge without such an output does without.
      const { Agent, request } = await import('undici');
      this.agent ??= this.makeAgent(Agent);
      const answer = await request(url, {
        method,
        headers: { ...headers, ...(compress && { 'content-encoding': 'gzip' }) },
        body: small ?? null,
        dispatcher: this.agent,
        signal: AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(this.patience * WHOLE)]),
      });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: await beginningOf(answer.body, LONGEST_ANSWER),
      };
    } catch (error) {
      throw httpProblem(url, error);
    }
  }

  /** Aborts requests under way. The client cannot be used again. */
  async close(): Promise<void> {
    this.closed = true;
    await this.agent?.destroy();
  }

  /** A file that cannot be read is an error of the request: it may be there at the next one. */
  private makeAgent(Made: typeof Agent): Agent {
    if (this.closed) throw new Error('this client was closed');
    const { patience } = this;
    const { ca, rejectUnauthorized } = this.options;
    return new Made({
      connect: { rejectUnauthorized, timeout: patience, ...(ca !== '' && { ca: readFileSync(ca, 'utf8') }) },
      headersTimeout: patience,
      bodyTimeout: patience,
      connections: 2,
    });
  }
}

/** Stops reading after `longest` bytes. */
export async function beginningOf(body: AsyncIterable<Uint8Array>, longest: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.length;
    if (length >= longest) break;
  }
  return Buffer.concat(parts).toString('utf8', 0, longest);
}

/** Codes of sockets and TLS, explained to somebody who set up a server at home. */
const MEANINGS: readonly (readonly [code: RegExp, meaning: string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens there; is the server running, and the port right?'],
  [/^ENOTFOUND$|^EAI_AGAIN$/, 'its name is not known; is it spelt right, and the network up?'],
  [/^EHOSTUNREACH$|^ENETUNREACH$/, 'there is no way to it; is it switched on, and the network up?'],
  [
    /^UND_ERR_CONNECT_TIMEOUT$|^ETIMEDOUT$/,
    'it does not answer; is it switched on, and no firewall between?',
  ],
  [/^UND_ERR_(HEADERS|BODY)_TIMEOUT$|^TimeoutError$/, 'it takes too long to answer'],
  [/^ECONNRESET$|^EPIPE$|^UND_ERR_SOCKET$/, 'it closed the connection'],
  [
    /^DEPTH_ZERO_SELF_SIGNED_CERT$|^SELF_SIGNED_CERT_IN_CHAIN$|^UNABLE_TO_(VERIFY|GET).*/,
    'its certificate is signed by somebody unknown; name the file of its authority in "ca"',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'its certificate is for another name; use the name in it in the address',
  ],
  [
    /^ERR_SSL_WRONG_VERSION_NUMBER$|^EPROTO$/,
    'it does not speak TLS; does the address begin with https:// where it should with http://?',
  ],
  [/^HPE_|^HTTPParserError$/, 'what answers there is no web server'],
];

/** `http://host:8086: nothing listens there; ...`. Shows the host alone: the rest of an address may hold secrets. */
export function httpProblem(url: string, cause: unknown): Multical2MqttError {
  const code = codeOf(cause);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(code))?.[1];
  const { origin } = new URL(url);
  return new Multical2MqttError('failed', `${origin}: ${meaning ?? messageOf(innermost(cause))}`, { cause });
}

function codeOf(error: unknown): string {
  const inner = innermost(error);
  if (!(inner instanceof Error)) return '';
  // The platform's own codes are numbers.
  return 'code' in inner && typeof inner.code === 'string' ? inner.code : inner.name;
}
