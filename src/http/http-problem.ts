import { Multical2MqttError, messageOf } from '../shared/errors.ts';

/** What codes of sockets and TLS mean to somebody who set up a server at home. */
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

/** `http://host:8086 cannot be reached: nothing listens there; ...`. Of the address no more than its host is shown. */
export function httpProblem(url: string, cause: unknown): Multical2MqttError {
  const code = codeOf(cause);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(code))?.[1];
  const { origin } = new URL(url);
  return new Multical2MqttError('failed', `${origin}: ${meaning ?? messageOf(innermost(cause))}`, { cause });
}

function codeOf(error: unknown): string {
  const inner = innermost(error);
  if (!(inner instanceof Error)) return '';
  // Those of the platform have numbers.
  return 'code' in inner && typeof inner.code === 'string' ? inner.code : inner.name;
}

/** The error of the last address that was tried, below whatever wraps it. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors.at(-1));
  const hasCode = error instanceof Error && 'code' in error && error.code !== undefined;
  return error instanceof Error && error.cause !== undefined && !hasCode ? innermost(error.cause) : error;
}
