import { HttpClient } from '../../http/http-client.ts';
import { BackOff, type Random } from '../../shared/back-off.ts';
import type { Clock } from '../../shared/clock.ts';
import { messageOf } from '../../shared/errors.ts';
import type { DeviceUpdate, DomoticzRoute, Outcome } from './domoticz-route.ts';
import { outcomeOf } from './outcome-of.ts';
import { updateUrl } from './update-url.ts';

export interface HttpRouteOptions {
  /** Of Domoticz, with the path that it may be served below. */
  readonly url: string;
  /** Empty: Domoticz wants none from us. */
  readonly username: string;
  readonly password: string;
  readonly ca: string;
  readonly rejectUnauthorized: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds; default from 5 s doubling to 5 min. */
  readonly retryDelay?: { readonly first: number; readonly longest: number };
}

/** Domoticz' own JSON API, for those without a broker there. */
export class HttpRoute implements DomoticzRoute {
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
    const outcome = await this.ask(update, signal);
    if (outcome.kind !== 'away') this.backOff.reset();
    return outcome;
  }

  whenWorthATry(action: () => void): () => void {
    return this.options.clock.after(this.backOff.next(), action);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private async ask(update: DeviceUpdate, signal: AbortSignal): Promise<Outcome> {
    const { url, username, password } = this.options;
    const credentials = Buffer.from(`${username}:${password}`).toString('base64');
    const headers = username === '' ? {} : { authorization: `Basic ${credentials}` };
    try {
      const answer = await this.client.send({ method: 'GET', url: updateUrl(url, update), headers, signal });
      return outcomeOf(answer, { origin: new URL(url).origin, anonymous: username === '' });
    } catch (error) {
      return { kind: 'away', problem: messageOf(error), logged: false };
    }
  }
}
