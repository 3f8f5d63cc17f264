import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { beginningOf } from '../http/client.ts';
import { innermost, Multical2MqttError, messageOf } from '../shared/errors.ts';
import { cutAtBlank, HIDDEN } from '../shared/secrets.ts';
import { type Fields, fieldsOf, isObject, jsonObject } from '../shared/stored.ts';

/** The MQTT broker that Home Assistant offers to its add-ons. */
export interface MqttService {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username: string;
  readonly password: string;
}

interface SupervisorClientOptions {
  readonly url: string;
  readonly token: string;
  /** Milliseconds; default 10 s. */
  readonly timeout?: number;
}

/** Bytes; what we ask for takes some hundred. */
const LONGEST_ANSWER = 64 * 1024;
/** With the options of many meters, and the add-on's whole description. */
const LONGEST_INFO = 2 * 1024 * 1024;

const INFO = { self: '/addons/self/info', system: '/info', core: '/core/api/config' } as const;
/** Every add-on may do that with its own, whatever else it may do. */
const OPTIONS = '/addons/self/options';

interface SupervisorAnswer {
  readonly status: number;
  readonly body: Fields;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function supervisorOf(environment: Environment): SupervisorClient {
  return new SupervisorClient(accessOf(environment));
}

/** Home Assistant's own WebSocket, which the Supervisor hands on to whoever knows its token. */
export function coreWebSocket(environment: Environment): { readonly url: string; readonly token: string } {
  const { url, token } = accessOf(environment);
  return { url: `${url.replace(/^http/, 'ws')}/core/websocket`, token };
}

function accessOf({ SUPERVISOR_URL: url = 'http://supervisor', SUPERVISOR_TOKEN: token = '' }: Environment): {
  readonly url: string;
  readonly token: string;
} {
  return { url, token };
}

/** Client of Home Assistant's Supervisor. No message holds the token or the broker's credentials. */
export class SupervisorClient {
  private readonly options: SupervisorClientOptions;

  constructor(options: SupervisorClientOptions) {
    this.options = options;
  }

  /** Undefined while no add-on provides a broker. */
  async mqttService(signal: AbortSignal): Promise<MqttService | undefined> {
    const { status, body } = await this.get('/services/mqtt', signal);
    if (status === 200 && body.result === 'ok') return serviceIn(body.data);
    const said = this.withoutToken(typeof body.message === 'string' ? body.message : '');
    if (status === 400 && /not enabled/i.test(said)) return undefined;
    throw failure(explain(status, said));
  }

  /** What it tells of ourselves, of the system or of Home Assistant; undefined where it does not let us ask for that. */
  async info(about: keyof typeof INFO, signal: AbortSignal): Promise<Fields | undefined> {
    const path = INFO[about];
    const { status, body } = await this.get(path, signal);
    if (status === 401 || status === 403) return undefined;
    if (status !== 200) throw failure(`gave no answer to ${path} (HTTP ${status})`);
    // Home Assistant's own answers are handed on as they are.
    return about === 'core' ? body : fieldsOf(body.data);
  }

  /** Our own options as the form has them; a value may be `!secret name`. */
  async ownOptions(signal: AbortSignal): Promise<Fields> {
    const { status, body } = await this.get(INFO.self, signal);
    const { options } = fieldsOf(body.data);
    if (status !== 200 || !isObject(options)) throw failure(`does not tell our options (HTTP ${status})`);
    return options;
  }

  /**
   * Stores all of our options, as the form would; it writes them to our file at our next start only. Gives them as that
   * file will have them, with the secrets that they name. Error `failed` with its words where it does not take them.
   */
  async saveOwnOptions(options: Fields, signal: AbortSignal): Promise<Fields> {
    const { status, body } = await this.send('POST', OPTIONS, signal, { options });
    if (status !== 200 || body.result !== 'ok') {
      const said = this.withoutToken(typeof body.message === 'string' ? body.message : '');
      throw failure(
        `did not take the options (HTTP ${status}${said === '' ? '' : `: ${cutAtBlank(said, 200)}`})`,
      );
    }
    const written = await this.get(`${OPTIONS}/config`, signal);
    return written.status === 200 && isObject(written.body.data) ? written.body.data : options;
  }

  private get(path: string, signal: AbortSignal): Promise<SupervisorAnswer> {
    return this.send('GET', path, signal);
  }

  private async send(
    method: string,
    path: string,
    signal: AbortSignal,
    content?: object,
  ): Promise<SupervisorAnswer> {
    const { url, token, timeout = 10_000 } = this.options;
    // Not AbortSignal.timeout() within AbortSignal.any(): on Node 20 that may be collected as garbage, and never fires.
    const ending = new AbortController();
    const end = (): void => ending.abort();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, timeout);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    try {
      const body = content && JSON.stringify(content);
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      const asked = { method, headers, signal: ending.signal, agent: false };
      const answer = await responseTo(`${url}${path}`, asked, body);
      const { statusCode: status = 0 } = answer;
      const said = jsonObject(await beginningOf(answer, path === INFO.self ? LONGEST_INFO : LONGEST_ANSWER));
      // The token must not go to another server.
      if (status >= 300 && status < 400) throw new Error('unexpected redirect');
      return { status, body: said };
    } catch (error) {
      const why = late ? 'no answer in time' : this.withoutToken(messageOf(innermost(error)));
      throw failure(`cannot be reached (${why})`, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  /** Call before cutting a text: nobody would recognise half a token. */
  private withoutToken(text: string): string {
    const { token } = this.options;
    return token === '' ? text : text.replaceAll(token, HIDDEN);
  }
}

/** By `node:http`: the platform's `fetch` costs 12 MB of memory at its first request, undici 20 MB. */
function responseTo(url: string, options: RequestOptions, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body);
  });
}

function explain(status: number, said: string): string {
  if (status === 401 || status === 403) {
    return `does not let us ask for the MQTT broker (HTTP ${status}). Install the add-on anew`;
  }
  if (status === 200) return 'gave an answer that cannot be understood';
  const words = said === '' ? '' : `: ${cutAtBlank(said, 200)}`;
  return `does not tell where the MQTT broker is (HTTP ${status}${words})`;
}

function serviceIn(data: unknown): MqttService {
  const { host, port, ssl, username, password } = fieldsOf(data);
  const number = Number(port);
  if (typeof host !== 'string' || host === '' || !Number.isInteger(number) || number < 1 || number > 65_535) {
    throw failure('names an MQTT broker without a usable host and port');
  }
  return { host, port: number, tls: ssl === true, username: textOf(username), password: textOf(password) };
}

function failure(what: string, cause?: unknown): Multical2MqttError {
  return new Multical2MqttError('failed', `Home Assistant's Supervisor ${what}.`, { cause });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
