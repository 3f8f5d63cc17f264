import { Multical2MqttError, messageOf } from '../shared/errors.ts';

/** The MQTT broker that Home Assistant offers to its add-ons. */
export interface MqttService {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username: string;
  readonly password: string;
}

export interface SupervisorClientOptions {
  readonly url: string;
  readonly token: string;
  /** Milliseconds; default 10 s. */
  readonly timeout?: number;
}

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
    const said = typeof body.message === 'string' ? body.message : '';
    if (status === 400 && /not enabled/i.test(said)) return undefined;
    throw failure(explain(status, said));
  }

  private async get(path: string, signal: AbortSignal): Promise<Answer> {
    const { url, token, timeout = 10_000 } = this.options;
    try {
      const answer = await fetch(`${url}${path}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
        redirect: 'error',
      });
      const body: unknown = await answer.json().catch(() => undefined);
      return { status: answer.status, body: isObject(body) ? body : {} };
    } catch (error) {
      const late = error instanceof Error && error.name === 'TimeoutError';
      const why = late ? 'no answer in time' : reasonOf(error);
      throw failure(`cannot be reached (${why})`, error);
    }
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
