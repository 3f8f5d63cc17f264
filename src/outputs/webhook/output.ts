import { createHash, createHmac } from 'node:crypto';
import { type HttpAnswer, HttpClient } from '../../http/client.ts';
import type { MeterIdentity } from '../../meter/publisher.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { localTime } from '../../shared/zoned-time.ts';
import type { Outcome } from '../../spool/delivery.ts';
import { WaitingRoom } from '../../spool/outbox.ts';
import { certainModel, type Output, type OutputHealth } from '../output.ts';
import { stateJson } from '../state-json.ts';

/** The state as it stands on the state topic, and whose it is. */
function webhookBody(identity: MeterIdentity, latest: readonly Reading[], readAt: number): string {
  const { serialNumber, name } = identity;
  const meter = JSON.stringify({ serial_number: serialNumber, name, model: certainModel(identity) });
  return stateJson(latest, readAt).replace(/^\{/, () => `{"meter":${meter},`);
}

export interface WebhookOutputOptions {
  readonly server: {
    readonly url: string;
    /** Empty: posts are not signed. */
    readonly secret: string;
    readonly ca: string;
    readonly rejectUnauthorized: boolean;
  };
  readonly version: string;
  /** What waits is kept below. */
  readonly directory: string;
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly changed: () => void;
}

/** Wrong address or credentials, or too busy: the post itself is not at fault. 410 is: nobody wants it any more. */
const FOR_NOW: readonly number[] = [401, 403, 404, 405, 407, 408, 421, 425, 426, 429];

/** Posts the state of a meter after each reading, one after the other. */
export class WebhookOutput implements Output {
  readonly name = 'webhook';
  private readonly options: WebhookOutputOptions;
  private readonly client: HttpClient;
  private readonly room: WaitingRoom;

  constructor(options: WebhookOutputOptions) {
    this.options = options;
    this.client = new HttpClient(options.server);
    this.room = new WaitingRoom({
      ...options,
      name: this.name,
      label: 'Webhook',
      noun: 'post',
      kindOf: () => '',
      refusedAdvice: 'The log of the receiver may say why.',
      batch: { count: 1, bytes: 65_536 },
      send: async ([body], signal) => (body ? this.post(body.text, signal) : 'delivered'),
      refusedName: 'webhook.jsonl',
      refusedLines: ({ time, text }, reason) =>
        `{"posted":${JSON.stringify(localTime(time))},"reason":${JSON.stringify(reason)},"body":${text}}\n`,
    });
  }

  get health(): OutputHealth {
    return this.room.health;
  }

  start(): void {
    this.room.start();
  }

  async stop(): Promise<void> {
    await this.room.stop();
    await this.client.close();
  }

  meterIdentified(): void {}

  readingTaken(meter: MeterIdentity, fresh: readonly Reading[], latest: readonly Reading[]): void {
    // What is only remembered from an earlier run was posted then.
    const [first] = fresh;
    if (first !== undefined) this.room.put(webhookBody(meter, latest, first.readAt));
  }

  availabilityChanged(): void {}

  diagnosticsChanged(): void {}

  meterForgotten(): void {}

  private async post(body: string, signal: AbortSignal): Promise<Outcome> {
    const { server, version } = this.options;
    const { url, secret } = server;
    const headers = {
      'content-type': 'application/json',
      'user-agent': `multical2mqtt/${version}`,
      // The same for each try, so that a receiver can tell a second one of what it has already.
      'idempotency-key': createHash('sha256').update(body).digest('hex').slice(0, 32),
      ...(secret !== '' && { 'x-multical2mqtt-signature': `sha256=${signatureOf(body, secret)}` }),
    };
    return outcomeOf(await this.client.send({ method: 'POST', url, headers, body, signal }), url);
  }
}

function signatureOf(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function outcomeOf({ status }: HttpAnswer, url: string): Outcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status >= 400 && status < 500 && !FOR_NOW.includes(status)) return { refused: `it answered ${status}` };
  const { origin } = new URL(url);
  const advice =
    status >= 300 && status < 400
      ? '; redirects are not followed, put the new address into webhook.url'
      : status < 500
        ? '; are webhook.url and webhook.secret right?'
        : '';
  throw new Multical2MqttError('failed', `${origin} answered ${status}${advice}`);
}
