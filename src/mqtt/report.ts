import type { Deps } from '../shared/deps.ts';
import { innermost, messageOf, sentenceOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { withoutNumbers } from '../shared/repeats.ts';
import type { SafeText } from '../shared/secrets.ts';
import { fieldsOf } from '../shared/stored.ts';
import { Trouble } from '../shared/trouble.ts';

const MOST_TOLD = 10;
/** Names of a certificate that a line tells. */
const MOST_NAMED = 4;
const SOUGHT =
  'closed the connection while it was asked for something: finding out over which topic, or for how long a message.';
const AGAIN = 'Trying again until it works.';

/** Logs the changes of the connection; a broker that stays away is a line an hour. */
export class ConnectionReport {
  private readonly logger: Logger;
  private readonly log: Trouble;
  private readonly tooLongAt = new Set<string>();
  private broker: string | undefined;
  /** Why the connection does not work. */
  private sentence: string | undefined;
  /** Only another will is wanted: nobody has to be told that the connection, which never failed, is there. */
  private isRenewed = false;
  /** Connections in a row that ended before they settled. */
  private shortLived = 0;

  constructor(deps: Pick<Deps, 'clock' | 'logger'>) {
    this.logger = deps.logger;
    this.log = new Trouble(deps, { isState: true });
  }

  /** The broker of the latest attempt; undefined while none is known. */
  get address(): string | undefined {
    return this.broker;
  }

  /** Undefined while all is well. */
  get problem(): SafeText | undefined {
    return this.sentence === undefined ? undefined : this.logger.withoutSecrets(this.sentence);
  }

  /** `broker`: its address, and its place where there are several. */
  trying(broker: string): void {
    this.broker = broker;
  }

  /** We end the connection and begin another at once. */
  renewing(): void {
    this.isRenewed = this.sentence === undefined;
  }

  /** There is nothing to connect to yet. */
  nowhere(why: string): void {
    this.broker = undefined;
    this.trouble(why, why, AGAIN);
  }

  opened(): void {
    // While connections do not last, the log keeps the line that says why as its last one.
    if (this.shortLived < 2) this.recovered();
  }

  settled(): void {
    const waited = this.shortLived >= 2;
    this.shortLived = 0;
    if (waited) this.recovered();
  }

  /** `areSought`: what it may have ended over is being found out; `isNext`: another one is tried at once. */
  closed(error: unknown, wasOpen: boolean, { areSought = false, isNext = false } = {}): void {
    if (wasOpen) this.shortLived++;
    const silent = error === undefined || (wasOpen && isCut(error));
    const known = silent ? this.silentEnd(wasOpen) : connectionProblem(error);
    const problem = wasOpen && areSought && !isNext ? SOUGHT : known;
    // Of several brokers each is told.
    const kind = `${this.broker} ${withoutNumbers(problem)}`;
    this.trouble(
      sentenceOf(`The MQTT broker ${this.broker} ${problem}`),
      kind,
      isNext ? 'Trying the next one.' : AGAIN,
    );
  }

  stop(): void {
    this.log.stop();
  }

  /** Once a topic, and not for ever: whoever may send to any topic could fill the log. */
  tooLong(topic: string, size: number): void {
    if (this.tooLongAt.has(topic) || this.tooLongAt.size >= MOST_TOLD) return;
    this.tooLongAt.add(topic);
    this.logger.warn(
      `A message of ${Math.round(size / 1000)} kB at ${topic} is not read, because it is longer than anything that the bridge listens to. Where the broker holds it, take it back: it comes again with each connection.`,
    );
  }

  private recovered(): void {
    this.sentence = undefined;
    const message = `Connected to the MQTT broker ${this.broker}`;
    if (!this.log.over(() => message) && !this.isRenewed) this.logger.info(message);
    this.isRenewed = false;
  }

  private trouble(sentence: string, kind: string, doing: string): void {
    this.sentence = sentence;
    this.isRenewed = false;
    this.log.met('warn', `${sentence} ${doing}`, kind);
  }

  /** The broker closed without giving a reason, as all do before MQTT 5. */
  private silentEnd(wasOpen: boolean): string {
    if (!wasOpen) return SHUT;
    return this.shortLived < 3
      ? 'closed the connection'
      : 'closes each connection after a moment: is another client using the same mqtt.clientId?';
  }
}

const SHUT =
  'closes the connection before it answers: does this port want TLS (mqtts://), a client certificate, or another mqtt.protocolVersion?';

/** The same for a connection that was never open; `error` is undefined where the broker just closed. */
export function loginProblem(error: unknown, username = ''): string {
  if (error === undefined) return SHUT;
  const isNameless = username === '' && NOT_LET_IN.includes(codeOf(error));
  return isNameless ? NAMELESS : connectionProblem(error);
}

const NOT_LET_IN = ['4', '5', '134', '135'];
const NAMELESS =
  'lets nobody in without a user name and a password: set mqtt.username and mqtt.password (in Home Assistant any of its users, best one made for this)';

/** The broker's address for a log line: no user, no password, no path or query that could hold a token. */
export function brokerAddress(url: string): string {
  if (!URL.canParse(url)) return '(an address that cannot be read)';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** Reason codes of MQTT 3.1.1 (1 to 5) and MQTT 5 (from 128). */
const REFUSALS: Readonly<Record<string, string>> = {
  1: 'speaks another version of MQTT: set mqtt.protocolVersion to 4 or 5',
  2: 'refuses our client id: set another mqtt.clientId',
  3: 'says that it is not available; it may still be starting',
  4: 'refuses the user name or password: check mqtt.username and mqtt.password',
  5: 'does not let us in: check mqtt.username and mqtt.password, and what the broker allows this user',
  132: 'speaks another version of MQTT: set mqtt.protocolVersion to 4',
  133: 'refuses our client id: set another mqtt.clientId',
  134: 'refuses the user name or password: check mqtt.username and mqtt.password',
  135: 'does not let us in: check mqtt.username and mqtt.password, and what the broker allows this user',
  136: 'says that it is not available; it may still be starting',
  137: 'is busy',
  138: 'has banned us: look into its log',
  139: 'is shutting down',
  141: 'has not heard from us in time',
  142: 'gave our place to another client with the same id: stop the other one or set another mqtt.clientId',
};

const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has a host name that is not known: check mqtt.url',
  EAI_AGAIN: 'has a host name that cannot be looked up now: check the network and mqtt.url',
  ECONNREFUSED: 'refuses the connection: is the broker running, and is the port in mqtt.url right?',
  EHOSTUNREACH: 'cannot be reached: check the network and mqtt.url',
  ENETUNREACH: 'cannot be reached: check the network and mqtt.url',
  ETIMEDOUT: 'does not answer: check the network, a firewall and mqtt.url',
  ECONNRESET: 'cut the connection: does this port want TLS (mqtts://), or none (mqtt://)?',
  EPROTO: 'does not speak TLS on this port: use mqtt:// or the TLS port',
  CERT_HAS_EXPIRED: 'has a certificate that has expired: renew it',
  CERT_NOT_YET_VALID: 'has a certificate that is not valid yet: check the clock of both machines',
};

const OTHER_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_)/;

/** Explains what went wrong and what to do, as the end of a sentence that starts with the broker's address. */
export function connectionProblem(error: unknown): string {
  const code = codeOf(innermost(error));
  const known = REFUSALS[code] ?? NETWORK[code];
  if (known !== undefined) return known;
  if (code === OTHER_NAME) {
    const names = namesIn(innermost(error));
    return `has a certificate for another name${names === '' ? '' : ` (${names})`}: use that name in mqtt.url`;
  }
  if (UNTRUSTED.test(code)) {
    return 'has a certificate that is not trusted: name the file of its authority in mqtt.ca';
  }
  if (code.startsWith('ERR_SSL'))
    return 'does not agree with us on TLS: check the port and mqtt.ca, mqtt.cert, mqtt.key';
  if (/connack timeout/i.test(messageOf(error)))
    return 'takes the connection but does not answer: is this an MQTT port?';
  if (/keepalive timeout/i.test(messageOf(error))) return 'does not answer any more';
  return `cannot be used: ${messageOf(error)}`;
}

/** Of a certificate, as Node hands it over with its error. */
function namesIn(error: unknown): string {
  const { subjectaltname } = fieldsOf(fieldsOf(error).cert);
  const names =
    typeof subjectaltname === 'string' ? subjectaltname.matchAll(/(?:DNS|IP Address):([\w.:*-]+)/g) : [];
  return [...names]
    .slice(0, MOST_NAMED)
    .map(([, name]) => name)
    .join(', ');
}

/** What a user has to look at again before the next attempt. */
export type LoginMatter = 'address' | 'credentials' | 'certificate' | 'broker';

/** As `connectionProblem`, where nobody was let in. */
export function loginMatter(error: unknown): LoginMatter {
  const code = codeOf(innermost(error));
  if (NOT_LET_IN.includes(code)) return 'credentials';
  if (code === OTHER_NAME || UNTRUSTED.test(code) || /^(CERT_|ERR_SSL)/.test(code)) return 'certificate';
  return REFUSALS[code] === undefined ? 'address' : 'broker';
}

/** True for the codes of a connection in use that the other side has closed; whether the system tells is chance. */
export function isCut(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : '';
}
