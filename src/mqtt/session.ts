import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { type BrokerLimits, brokerLimits, NO_LIMITS } from './broker-limits.ts';
import type { MqttConfig } from './config.ts';
import { dropLongMessages } from './long-messages.ts';
import type { Will } from './will-trial.ts';

/** `url` is without credentials; an empty `clientId` is a name of our own with eight random hex digits, anew at each start. */
export type MqttSettings = Omit<MqttConfig, 'enabled' | 'baseTopic'>;

const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

export interface SessionOptions {
  readonly url: string;
  readonly clientId: string;
  readonly protocolVersion: 4 | 5;
  readonly username?: string;
  readonly password?: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly rejectUnauthorized: boolean;
}

/**
 * Options of one connection. Files are read anew for each one, so that a renewed certificate counts at the next attempt.
 * Throws with a text for a person when the address or a file cannot be used.
 */
export function sessionOptions(
  settings: MqttSettings & { readonly url: string },
  clientId: string,
): SessionOptions {
  const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined;
  if (url === undefined || !PROTOCOLS.includes(url.protocol) || url.host === '') {
    throw new Error('mqtt.url is not an MQTT address; write it like mqtt://host:1883 or mqtts://host:8883');
  }
  const { username, password } = settings;
  return {
    url: settings.url,
    clientId,
    protocolVersion: settings.protocolVersion === 5 ? 5 : 4,
    rejectUnauthorized: settings.rejectUnauthorized,
    ...(username !== '' && { username }),
    // MQTT 3 forbids a password without a user name.
    ...(username !== '' && password !== '' && { password }),
    ...(settings.ca !== '' && { ca: pem('mqtt.ca', settings.ca) }),
    ...(settings.cert !== '' && { cert: pem('mqtt.cert', settings.cert) }),
    ...(settings.key !== '' && { key: pem('mqtt.key', settings.key) }),
  };
}

function pem(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`the file of ${setting}, ${path}, cannot be read`, { cause });
  }
}

/** Bytes of a packet. Our own discovery payload has up to fifty thousand; nothing else that we listen to is long. */
const LONGEST_MESSAGE = 512 * 1024;

const UNREACHED = { code: 'ETIMEDOUT' };

export interface SessionEvents {
  opened(): void;
  message(topic: string, payload: string, retained: boolean): void;
  /** A message was not read, because it is longer than anything that we listen to. `size` in bytes. */
  dropped(topic: string, size: number): void;
  /** Once, whatever the reason; `error` is undefined where the broker just closed. */
  closed(error: unknown): void;
}

/**
 * One connection to the broker, used once. mqtt.js could reconnect by itself, but with a fixed period, with the old
 * certificates, and resending what we replaced long ago; so each attempt is a new client.
 */
export class BrokerSession {
  private readonly client: MqttClient;
  private readonly events: SessionEvents;
  private reason: unknown;
  private over = false;
  /** Nobody has answered at its address yet. */
  private reaching = false;
  private known: BrokerLimits = NO_LIMITS;

  constructor(options: SessionOptions, will: Will | undefined, events: SessionEvents) {
    this.events = events;
    const { url, ...rest } = options;
    const clientOptions: IClientOptions = {
      ...rest,
      ...(will && { will: { ...will, payload: Buffer.from(will.payload) } }),
      clean: true,
      keepalive: 30,
      connectTimeout: 10_000,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      manualConnect: true,
    };
    this.client = connect(url, clientOptions);
    // By MQTT 5 the broker could be told. Mosquitto 2.0.11 then keeps what is longer to itself, but waits for it to be
    // acknowledged: after twenty such messages it sends nothing at all any more.
    dropLongMessages(this.client, LONGEST_MESSAGE, (topic, size) => this.events.dropped(topic, size));
    this.client.on('connect', ({ properties }) => {
      this.known = brokerLimits(url, properties);
      // A small packet is not to wait until the broker has confirmed the one before, which takes it 40 ms.
      if (this.client.stream instanceof Socket) this.client.stream.setNoDelay();
      this.events.opened();
    });
    this.client.on('message', (topic, payload, packet) => {
      this.events.message(topic, payload.toString('utf8'), packet.retain);
    });
    this.client.on('error', (error) => {
      // mqtt.js says the same whether nobody is there or somebody who keeps silent.
      this.reason ??= this.reaching && /connack timeout/i.test(error.message) ? UNREACHED : error;
      this.end();
    });
    this.client.on('disconnect', (packet) => {
      this.reason ??= { code: packet.reasonCode };
      this.end();
    });
    this.client.on('close', () => this.end());
  }

  open(): void {
    this.client.connect();
    const { stream } = this.client;
    if (!(stream instanceof Socket)) return;
    this.reaching = true;
    stream.once('connect', () => {
      this.reaching = false;
    });
  }

  /** What the broker takes; known once it has let us in. */
  get limits(): BrokerLimits {
    return this.known;
  }

  /** Retained, QoS 1, where the broker offers that. `done` comes when the broker has taken or refused it; never when the connection ends before. */
  publish(topic: string, payload: string, done: (error: unknown) => void): void {
    this.hand(topic, payload, true, done);
  }

  /** The same, but the broker keeps nothing. */
  send(topic: string, payload: string, done: (error: unknown) => void): void {
    this.hand(topic, payload, false, done);
  }

  /** `done` comes as for a message. */
  subscribe(topic: string, done: (error: unknown) => void): void {
    this.client.subscribe(topic, { qos: this.limits.qos }, (error) => {
      if (!this.over && !isEndOfConnection(error)) done(error ?? undefined);
    });
  }

  /** Asks the broker for a sign of life; `done` comes with it. */
  ping(done: () => void): void {
    const answered = ({ cmd }: { cmd: string }): void => {
      if (cmd !== 'pingresp') return;
      this.client.off('packetreceive', answered);
      done();
    };
    this.client.on('packetreceive', answered);
    this.client.sendPing();
  }

  unsubscribe(topic: string): void {
    this.client.unsubscribe(topic, () => {});
  }

  /** Takes leave of the broker, so that it does not send the will; returns when the socket is closed. */
  leave(): Promise<void> {
    this.over = true;
    return new Promise((resolve) => this.client.end(false, () => resolve()));
  }

  /** Closes without a word. */
  cut(): void {
    this.over = true;
    // A client that could not even begin (a certificate that cannot be read) has nothing to end.
    if (this.client.stream === undefined) return;
    this.client.end(true);
    this.client.stream.destroy();
  }

  private hand(topic: string, payload: string, retain: boolean, done: (error: unknown) => void): void {
    const { qos, keepsMessages } = this.limits;
    this.client.publish(topic, payload, { qos, retain: retain && keepsMessages }, (error) => {
      // Without a reason of the broker's it is the connection that ended.
      if (!this.over && !isEndOfConnection(error)) done(error ?? undefined);
    });
  }

  private end(): void {
    if (this.over) return;
    this.cut();
    this.events.closed(this.reason);
  }
}

/** mqtt.js answers everything that was on its way when the connection ended with an error of its own. */
function isEndOfConnection(error: Error | null | undefined): boolean {
  return /^(connection closed|client disconnecting)/i.test(error?.message ?? '');
}
