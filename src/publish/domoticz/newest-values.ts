import type { Logger } from '../../log/logger.ts';
import type { Clock } from '../../shared/clock.ts';
import type { OutputHealth } from '../output.ts';
import { DeliveryLog } from './delivery-log.ts';
import type { DeviceUpdate, DomoticzRoute, Outcome } from './domoticz-route.ts';

export interface NewestValuesOptions {
  readonly route: DomoticzRoute;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: () => void;
}

/**
 * Hands updates over, one after the other. Domoticz stamps a value with the time at which it arrives, so an older one
 * cannot be told any more once there is a newer: of each device only the newest waits.
 */
export class NewestValues {
  private readonly options: NewestValuesOptions;
  private readonly log: DeliveryLog;
  /** By device. */
  private readonly waiting = new Map<number, DeviceUpdate>();
  private readonly stopping = new AbortController();
  private readonly account = { delivered: 0, refused: 0, lost: 0, lastDelivery: null as number | null };
  private started = false;
  private underWay = false;
  /** Set while there is no use in trying. */
  private callOff: (() => void) | undefined;

  constructor(options: NewestValuesOptions) {
    this.options = options;
    this.log = new DeliveryLog(options.logger);
  }

  get health(): OutputHealth {
    const waiting = this.waiting.size + (this.underWay ? 1 : 0);
    return { waiting, ...this.account, problem: this.log.problem };
  }

  start(): void {
    this.started = true;
    void this.deliver();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.callOff?.();
    await this.options.route.close();
  }

  put(update: DeviceUpdate): void {
    if (this.waiting.has(update.index)) this.account.lost++;
    this.waiting.set(update.index, update);
    this.options.changed();
    void this.deliver();
  }

  private async deliver(): Promise<void> {
    const { signal } = this.stopping;
    if (!this.started || this.underWay || this.callOff !== undefined || signal.aborted) return;
    const [update] = this.waiting.values();
    if (update === undefined) return;
    this.waiting.delete(update.index);
    this.underWay = true;
    const outcome = await this.options.route.deliver(update, signal);
    this.underWay = false;
    if (signal.aborted) return;
    this.settle(update, outcome);
    this.options.changed();
    void this.deliver();
  }

  private settle(update: DeviceUpdate, outcome: Outcome): void {
    const { key, index } = update;
    if (outcome.kind === 'away') {
      this.log.away(outcome.problem, outcome.logged);
      // Behind the others: what is wrong may be wrong with this one only.
      if (this.waiting.has(index)) this.account.lost++;
      else this.waiting.set(index, update);
      this.callOff = this.options.route.whenWorthATry(() => {
        this.callOff = undefined;
        void this.deliver();
      });
      return;
    }
    this.log.reached();
    if (outcome.kind === 'refused') {
      this.account.refused++;
      this.log.refused(key, index, outcome.why, outcome.logged);
    } else {
      this.account.delivered++;
      this.account.lastDelivery = this.options.clock.now();
      this.log.taken(index);
    }
  }
}
