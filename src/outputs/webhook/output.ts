import { createHash, createHmac } from 'node:crypto';
import { type HttpAnswer, HttpClient } from '../../http/client.ts';
import type { MeterIdentity } from '../../meter/publisher.ts';
import { newestOf, type Reading, stateJson } from '../../readings/reading.ts';
import type { Outcome } from '../../shared/delivery.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { localTime } from '../../shared/zoned-time.ts';
import type { WaitingText } from '../../spool/spool.ts';
import { certainModel, type OutputParts } from '../output.ts';
import { ServerOutput } from '../server-output.ts';
import { type WebhookConfig, webhook } from './config.ts';

/** Wrong address or credentials, or too busy: the post itself is not at fault. 410 is: nobody wants it any more. */
const FOR_NOW: readonly number[] = [401, 403, 404, 405, 407, 408, 421, 425, 426, 429];

/** Posts the state of a meter after each reading, one after the other. */
export class WebhookOutput extends ServerOutput {
  private readonly config: WebhookConfig;
  private readonly version: string;

  constructor(config: WebhookConfig, parts: OutputParts) {
    super(webhook, config, parts, {
      batch: { count: 1, bytes: 65_536 },
      kindOf: () => '',
      refusedAdvice: 'The log of the receiver may say why.',
      refusedName: 'webhook.jsonl',
      refusedLines: ({ time, text }, reason) =>
        `{"posted":${JSON.stringify(localTime(time))},"reason":${JSON.stringify(reason)},"body":${text}}\n`,
    });
    this.config = config;
    this.version = parts.version;
  }

  protected override timedReading(
    meter: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
  ): void {
    // Values remembered from an earlier run were posted then.
    const readAt = newestOf(fresh);
    if (readAt !== undefined) this.put(webhookBody(meter, latest, readAt));
  }

  protected override async send([first]: readonly WaitingText[], signal: AbortSignal): Promise<Outcome> {
    if (first === undefined) return 'delivered';
    const { url, secret } = this.config;
    const body = first.text;
    const headers = {
      'content-type': 'application/json',
      'user-agent': `multical2mqtt/${this.version}`,
      // The same for each try, so that a receiver can tell a second one of what it has already.
      'idempotency-key': createHash('sha256').update(body).digest('hex').slice(0, 32),
      ...(secret !== '' && { 'x-multical2mqtt-signature': `sha256=${signatureOf(body, secret)}` }),
    };
    return outcomeOf(await this.client.send({ method: 'POST', url, headers, body, signal }), url);
  }
}

/** Whether anybody answers there. Nothing is posted, and the path, which may do something, is not asked for. */
export async function reachWebhook(config: WebhookConfig): Promise<string> {
  const client = new HttpClient(config);
  const { origin } = new URL(config.url);
  try {
    const { status } = await client.send({ method: 'OPTIONS', url: `${origin}/`, headers: {} });
    return `${origin} answers (${status}); whether it takes posts shows with the first one`;
  } finally {
    await client.close();
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

/** The state as on the state topic, and the meter that it belongs to. */
function webhookBody(identity: MeterIdentity, latest: readonly Reading[], readAt: number): string {
  const { serialNumber, name } = identity;
  const meter = JSON.stringify({ serial_number: serialNumber, name, model: certainModel(identity) });
  return stateJson(latest, readAt, [`"meter":${meter}`]);
}
