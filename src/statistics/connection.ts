import { type OpenWebSocket, openWebSocket } from '../http/web-socket.ts';
import type { Clock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { fieldsOf, jsonObject } from '../shared/stored.ts';
import type { Read } from './answers.ts';

/** How to get into a Home Assistant. */
export interface HomeAssistantAccess {
  /** `http://homeassistant.local:8123`, as in a browser, or a WebSocket's own (`ws://supervisor/core/websocket`). */
  readonly url: string;
  /** A long-lived one of an administrator, or the Supervisor's. */
  readonly token: string;
}

/** Asks Home Assistant something, and resolves with what `read` finds in its answer. Error `failed` where that is nothing. */
export type Ask = <Answer>(
  type: string,
  read: Read<Answer>,
  body?: Readonly<Record<string, unknown>>,
) => Promise<Answer>;

export interface ConnectionOptions {
  readonly clock: Clock;
  /** Whoever waits is told so at once, by the error of `cutShort`. */
  readonly signal?: AbortSignal | undefined;
}

export interface LoanOptions extends ConnectionOptions {
  /** Called once where it is not over soon. */
  readonly takesLong?: () => void;
}

/** Milliseconds: it answers within one second, also a message of 10,000 rows; on a small machine, perhaps not. */
const PATIENCE = 60_000;
/** Milliseconds after which a person wonders. */
const LONG = 3_000;

const WRONG_TOKEN =
  'does not take the token: make a long-lived one in the profile of an administrator, under Security';

const WHAT_TO_DO =
  'see whether there is a newer multical2mqtt; if not, report it with the version of your Home Assistant';

interface Waiting {
  readonly type: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly cancel: () => void;
}

/**
 * Home Assistant's WebSocket API (developers.home-assistant, `docs/api/websocket.md`): one connection, for the few questions
 * of an import. Its own library for this, `home-assistant-js-websocket`, is made for pages: it keeps connections and
 * subscriptions alive, and still needs a socket from somewhere.
 */
export class HomeAssistantConnection {
  private readonly place: string;
  private readonly clock: Clock;
  private readonly signal: AbortSignal | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private socket: OpenWebSocket | undefined;
  private lastId = 0;
  private isIn: ((error?: Error) => void) | undefined;

  private constructor(place: string, { clock, signal }: ConnectionOptions) {
    this.place = place;
    this.clock = clock;
    this.signal = signal;
  }

  /** Error `failed` where nobody answers, or the token is not taken. */
  static async open(
    { url, token }: HomeAssistantAccess,
    options: ConnectionOptions,
  ): Promise<HomeAssistantConnection> {
    const address = addressOf(url);
    const connection = new HomeAssistantConnection(`Home Assistant at ${new URL(address).host}`, options);
    await connection.logIn(address, token);
    return connection;
  }

  /** Opens one, lends it to `use`, and closes it in any case. */
  static async lend<Result>(
    access: HomeAssistantAccess,
    { takesLong = () => {}, ...options }: LoanOptions,
    use: (ask: Ask) => Promise<Result>,
  ): Promise<Result> {
    const callOff = options.clock.after(LONG, takesLong);
    try {
      const connection = await HomeAssistantConnection.open(access, options);
      return await use(connection.ask).finally(() => connection.close());
    } finally {
      callOff();
    }
  }

  readonly ask: Ask = async (type, read, body = {}) => {
    const id = ++this.lastId;
    const answered = new Promise<unknown>((resolve, reject) => {
      const late = (): void => this.settle(id)?.reject(this.problem(`does not answer to ${type}`));
      this.waiting.set(id, { type, resolve, reject, cancel: this.clock.after(PATIENCE, late) });
    });
    if (this.socket === undefined) this.ended();
    else this.socket.send(JSON.stringify({ id, type, ...body }));
    const found = read(await answered);
    if (found === undefined) throw this.notUnderstood(type);
    return found;
  };

  readonly close = (): void => {
    this.signal?.removeEventListener('abort', this.close);
    this.socket?.close();
    this.ended();
  };

  private async logIn(address: string, token: string): Promise<void> {
    const isIn = new Promise<void>((resolve, reject) => {
      const cancel = this.clock.after(PATIENCE, () => this.isIn?.(this.problem('does not answer')));
      this.isIn = (error) => {
        cancel();
        if (error === undefined) resolve();
        else reject(error);
      };
    });
    // Where the socket does not open, that is what is told.
    isIn.catch(() => {});
    this.signal?.addEventListener('abort', this.close);
    try {
      this.socket = await openWebSocket(address, {
        received: (text) => this.received(text),
        ended: () => this.ended(),
        signal: this.signal,
      });
      // It reads this when it has said that it wants it.
      this.socket.send(JSON.stringify({ type: 'auth', access_token: token }));
      await isIn;
    } catch (error) {
      this.isIn?.(this.problem('was not reached'));
      this.close();
      throw this.signal?.aborted ? cutShort() : error;
    }
  }

  private received(text: string): void {
    const { type, id, success, result, error } = jsonObject(text);
    if (type === 'auth_ok') {
      this.isIn?.();
    } else if (type === 'auth_invalid') {
      this.isIn?.(this.problem(WRONG_TOKEN));
    } else if (type === 'result' && typeof id === 'number') {
      const asked = this.settle(id);
      if (success === true) asked?.resolve(result);
      else asked?.reject(this.refused(asked.type, fieldsOf(error)));
    }
  }

  private refused(type: string, { code, message }: Readonly<Record<string, unknown>>): Multical2MqttError {
    if (code === 'unauthorized')
      return this.problem(`does not let this token do ${type}: use a token of an administrator`);
    if (typeof code !== 'string' || typeof message !== 'string') return this.notUnderstood(type);
    return this.problem(`does not take ${type}: ${message} (${code})`);
  }

  private notUnderstood(type: string): Multical2MqttError {
    return this.problem(`answered ${type} in a way that this version does not understand: ${WHAT_TO_DO}`);
  }

  private ended(): void {
    this.socket = undefined;
    const error = this.signal?.aborted ? cutShort() : this.problem('closed the connection');
    this.isIn?.(error);
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(error);
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.cancel();
    return waiting;
  }

  private problem(what: string): Multical2MqttError {
    return new Multical2MqttError('failed', `${this.place} ${what}`);
  }
}

/** What was sent may still be done, or not: the next run looks, as after any other cut. */
export function cutShort(): Multical2MqttError {
  const message = 'Ended while Home Assistant was waited for. The same command finishes what was begun.';
  return new Multical2MqttError('cancelled', message);
}

function addressOf(url: string): string {
  if (/^wss?:/i.test(url)) return url;
  return `${url.replace(/^http/i, 'ws').replace(/\/+$/, '')}/api/websocket`;
}
