import { type HttpAnswer, HttpClient } from '../../http/client.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import { BackOff, type Clock, type Random } from '../../shared/clock.ts';
import type { Outcome } from '../../shared/delivery.ts';
import { Multical2MqttError, messageOf } from '../../shared/errors.ts';
import { cutAtBlank } from '../../shared/secrets.ts';
import type { DomoticzConfig } from './config.ts';

/** The value that a device shows from now on. */
export interface DeviceUpdate {
  /** The device as the configuration names it. */
  readonly key: string;
  /** Its number in Domoticz. */
  readonly index: number;
  readonly svalue: string;
}

/** A way to Domoticz. One update at a time. */
export interface DomoticzRoute {
  /** Somebody else logs its troubles. */
  readonly logsItself: boolean;
  /** Rejects where another try may succeed, and when it is aborted. */
  deliver(update: DeviceUpdate, signal: AbortSignal): Promise<Outcome>;
  /** After a rejection: calls once when another try makes sense. The returned function calls it off. */
  whenWorthATry(action: () => void): () => void;
  close(): Promise<void>;
}

type HttpRouteConfig = Pick<DomoticzConfig, 'url' | 'username' | 'password' | 'ca' | 'rejectUnauthorized'>;

export interface HttpRouteOptions extends HttpRouteConfig {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds; default from 5 s doubling to 5 min. */
  readonly retryDelay?: { readonly first: number; readonly longest: number };
}

/** Domoticz' own JSON API, for those without a broker there. */
export class HttpRoute implements DomoticzRoute {
  readonly logsItself = false;
  private readonly options: HttpRouteOptions;
  private readonly client: HttpClient;
  private readonly backOff: BackOff;

  constructor(options: HttpRouteOptions) {
    this.options = options;
    this.client = new HttpClient(options);
    const { first, longest } = options.retryDelay ?? { first: 5_000, longest: 300_000 };
    this.backOff = new BackOff(first, longest, options.random);
  }

  async deliver(update: DeviceUpdate, signal: AbortSignal): Promise<Outcome> {
    const { index, svalue } = update;
    const command = `udevice&idx=${index}&nvalue=0&svalue=${encodeURIComponent(svalue)}`;
    const outcome = await commanded(this.client, this.options, command, signal);
    this.backOff.reset();
    return outcome;
  }

  whenWorthATry(action: () => void): () => void {
    return this.options.clock.after(this.backOff.next(), action);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

/** Asks for its version; undefined where Domoticz is reached through the broker. */
export async function reachDomoticz(config: HttpRouteConfig): Promise<string | undefined> {
  if (config.url === '') return undefined;
  const client = new HttpClient(config);
  try {
    const outcome = await commanded(client, config, 'getversion');
    if (outcome !== 'delivered') throw failure(`${new URL(config.url).origin}: ${outcome.refused}`);
    return `${new URL(config.url).origin} answers; whether the devices are there shows with the first values`;
  } finally {
    await client.close();
  }
}

/** `http://host:8080/json.htm?type=command&param=udevice&idx=12&nvalue=0&svalue=84.817` */
async function commanded(
  client: HttpClient,
  { url, username, password }: HttpRouteConfig,
  command: string,
  signal?: AbortSignal,
): Promise<Outcome> {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const headers = username === '' ? {} : { authorization: `Basic ${credentials}` };
  const { origin, pathname } = new URL(url);
  // Whoever copies the address from Domoticz' documentation has its last part too.
  const path = pathname.replace(/\/(json\.htm)?$/, '').replace(/\/+$/, '');
  const answer = await client.send({
    method: 'GET',
    url: `${origin}${path}/json.htm?type=command&param=${command}`,
    headers,
    ...(signal && { signal }),
  });
  return outcomeOf(answer, { origin, anonymous: username === '' });
}

interface Asked {
  readonly origin: string;
  /** Without user name and password. */
  readonly anonymous: boolean;
}

/** Messages of a server are cut to so many characters. */
const LONGEST_MESSAGE = 200;

/** Reads Domoticz' answer to `udevice`. */
function outcomeOf({ status, body }: HttpAnswer, { origin, anonymous }: Asked): Outcome {
  if (status === 401) throw failure(`${origin}: ${anonymous ? WANTS_CREDENTIALS : WRONG_CREDENTIALS}`);
  if (status === 403) return { refused: NO_RIGHTS };
  if (status !== 200)
    throw failure(
      `${origin}: it answers with HTTP status ${status}; is domoticz.url the address of Domoticz?`,
    );
  const answer = jsonIn(body);
  if (answer?.status === 'OK') return 'delivered';
  if (answer?.status !== 'ERR')
    throw failure(`${origin}: what answers there is not Domoticz; is domoticz.url its address?`);
  const { message } = answer;
  const reason =
    typeof message === 'string' && message !== '' ? ` (${cutAtBlank(message, LONGEST_MESSAGE)})` : '';
  return { refused: `Domoticz answers ERR${reason}. ${NO_DEVICE}` };
}

const WRONG_CREDENTIALS =
  'it does not let this user in (401); check domoticz.username and domoticz.password. Over http:// Domoticz takes them only where its settings allow it: Setup, Settings, Security, "Allow Basic-Auth authentication over plain HTTP"';
const WANTS_CREDENTIALS = 'it wants a user (401); set domoticz.username and domoticz.password';
const NO_RIGHTS =
  'this user may not change it (403). In Domoticz give the user at least the rights "User", and the device among its devices';
const NO_DEVICE =
  'Is there a device with this number (the column "Idx" in Setup, Devices), and is its hardware enabled?';

function failure(problem: string): Multical2MqttError {
  return new Multical2MqttError('failed', problem);
}

function jsonIn(body: string): { readonly status?: unknown; readonly message?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Through the broker, to the topic that Domoticz listens to. Not retained: Domoticz would take a retained value again at
 * each of its starts, as if it had been read then.
 */
export class MqttRoute implements DomoticzRoute {
  readonly logsItself = true;
  private readonly connection: MqttConnection;
  private readonly topic: string;
  private readonly clock: Clock;

  constructor(connection: MqttConnection, topic: string, clock: Clock) {
    this.connection = connection;
    this.topic = topic;
    this.clock = clock;
  }

  deliver(update: DeviceUpdate, signal: AbortSignal): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        unsubscribe();
        signal.removeEventListener('abort', fail);
      };
      const fail = (): void => {
        end();
        reject(failure(this.problem));
      };
      // A message under way when the connection ended is never answered: the next connection tells.
      const unsubscribe = this.connection.onConnected(fail);
      signal.addEventListener('abort', fail, { once: true });
      const sent = this.connection.send(this.topic, udevice(update), (error) => {
        end();
        resolve(error === undefined ? 'delivered' : { refused: refusalOf(error) });
      });
      if (!sent) fail();
    });
  }

  whenWorthATry(action: () => void): () => void {
    if (this.connection.connected) return this.clock.after(0, action);
    const end = this.connection.onConnected(() => {
      end();
      action();
    });
    return end;
  }

  async close(): Promise<void> {}

  private get problem(): string {
    const { connected, problem } = this.connection.state;
    return problem ?? (connected ? BROKE_OFF : NOT_YET);
  }
}

const BROKE_OFF = 'The connection to the MQTT broker ended before it had taken the value.';
const NOT_YET = 'There is no connection to the MQTT broker yet.';

function udevice({ index, svalue }: DeviceUpdate): string {
  return JSON.stringify({ command: 'udevice', idx: index, nvalue: 0, svalue });
}

function refusalOf(error: unknown): string {
  return `the MQTT broker does not let us send it (${messageOf(error)})`;
}
