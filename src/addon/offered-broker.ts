import type { MqttConfig } from '../config/config.ts';
import type { Secrets } from '../log/secrets.ts';
import type { BrokerSource } from '../mqtt/connection.ts';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';

/** The MQTT broker that Home Assistant offers to its add-ons. */
interface MqttService {
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

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Home Assistant's Supervisor, as far as an add-on needs it. No message holds the token or what the broker wants. */
export class SupervisorClient {
  private readonly options: SupervisorClientOptions;

  constructor(options: SupervisorClientOptions) {
    this.options = options;
  }

  /** Undefined while no add-on provides a broker. */
  async mqttService(signal: AbortSignal): Promise<MqttService | undefined> {
    const { status, body } = await this.get('/services/mqtt', signal);
    if (status === 200 && body.result === 'ok') return takeService(body.data);
    const said = this.withoutToken(typeof body.message === 'string' ? body.message : '');
    if (status === 400 && /not enabled/i.test(said)) return undefined;
    throw failure(explain(status, said));
  }

  private async get(path: string, signal: AbortSignal): Promise<Answer> {
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
      const answer = await fetch(`${url}${path}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: ending.signal,
        redirect: 'error',
      });
      const text = await readAnswer(answer);
      // Nobody waits for the rest of one that is too long.
      if (text === undefined) end();
      const body = parseJson(text ?? '');
      return { status: answer.status, body: isObject(body) ? body : {} };
    } catch (error) {
      const why = late ? 'no answer in time' : this.withoutToken(reasonOf(error));
      throw failure(`cannot be reached (${why})`, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  /** Before anything is cut off: half a token would be recognised by nobody. */
  private withoutToken(text: string): string {
    const { token } = this.options;
    return token === '' ? text : text.replaceAll(token, '***');
  }
}

/** Undefined when it is too long. */
async function readAnswer({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` hides the reason in the cause. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
}

function explain(status: number, said: string): string {
  if (status === 401 || status === 403) {
    return `does not let us ask for the MQTT broker (HTTP ${status}). Install the add-on anew`;
  }
  if (status === 200) return 'gave an answer that cannot be understood';
  const words = said === '' ? '' : `: ${said.slice(0, 200)}`;
  return `does not tell where the MQTT broker is (HTTP ${status}${words})`;
}

function takeService(data: unknown): MqttService {
  const { host, port, ssl, username, password } = isObject(data) ? data : {};
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where the Supervisor's proxy for ingress comes from; Home Assistant has checked the user before. */
export const INGRESS_ADDRESS = '172.30.32.2';
/** Stands in addon/config.yaml too. */
export const INGRESS_PORT = 8099;

/**
 * The broker that Home Assistant offers, unless the user named one. User name and password of the user's own count all
 * the same.
 */
export function offeredBroker(
  environment: Readonly<Record<string, string | undefined>>,
  own: Pick<MqttConfig, 'username' | 'password'>,
  secrets: Secrets,
): BrokerSource {
  const supervisor = new SupervisorClient({
    url: environment.SUPERVISOR_URL ?? 'http://supervisor',
    token: environment.SUPERVISOR_TOKEN ?? '',
  });
  return async (signal) => {
    const service = await supervisor.mqttService(signal);
    if (service === undefined) return undefined;
    secrets.add(service.password);
    return {
      url: urlOf(service),
      username: own.username || service.username,
      // Another user's password would be of no use, and is not for everyone's eyes.
      password: own.password || (own.username === '' ? service.password : ''),
    };
  };
}

function urlOf({ host, port, tls }: MqttService): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls ? 'mqtts' : 'mqtt'}://${name}:${port}`;
}
