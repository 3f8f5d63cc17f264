import { noDeliveries, type Outcome, type OwnHealth } from '../../shared/delivery.ts';
import type { Deps } from '../../shared/deps.ts';
import { messageOf, sentenceOf } from '../../shared/errors.ts';
import { Repeats } from '../../shared/repeats.ts';
import { Trouble } from '../../shared/trouble.ts';
import type { OutputParts } from '../output.ts';
import type { DeviceUpdate, DomoticzRoute } from './routes.ts';

type QueueParts = Pick<OutputParts, 'clock' | 'logger' | 'changed'>;

/**
 * Delivers updates one after the other. Domoticz stamps a value with the time at which it arrives, so an older one would
 * be wrong once there is a newer: of each device only the newest waits.
 */
export class LatestValueQueue {
  private readonly route: DomoticzRoute;
  private readonly parts: QueueParts;
  private readonly report: DeliveryReport;
  /** By device. */
  private readonly waiting = new Map<number, DeviceUpdate>();
  private readonly stopping = new AbortController();
  private readonly counts = noDeliveries();
  private started = false;
  private underWay = false;
  /** Undefined unless there is no use in trying now. */
  private cancelWait: (() => void) | undefined;

  constructor(route: DomoticzRoute, parts: QueueParts) {
    this.route = route;
    this.parts = parts;
    this.report = new DeliveryReport(parts, !route.logsItself);
  }

  get health(): OwnHealth {
    const waiting = this.waiting.size + (this.underWay ? 1 : 0);
    return { waiting, ...this.counts, problem: this.report.problem };
  }

  start(): void {
    this.started = true;
    void this.deliver();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.report.stop();
    this.cancelWait?.();
    await this.route.close();
  }

  put(update: DeviceUpdate): void {
    if (this.waiting.has(update.index)) this.counts.lost++;
    this.waiting.set(update.index, update);
    this.parts.changed();
    void this.deliver();
  }

  private async deliver(): Promise<void> {
    const { signal } = this.stopping;
    if (!this.started || this.underWay || this.cancelWait !== undefined || signal.aborted) return;
    const [update] = this.waiting.values();
    if (update === undefined) return;
    this.waiting.delete(update.index);
    this.underWay = true;
    try {
      const outcome = await this.route.deliver(update, signal);
      if (!signal.aborted) this.settle(update, outcome);
    } catch (error) {
      if (!signal.aborted) this.putBack(update, messageOf(error));
    }
    this.underWay = false;
    if (signal.aborted) return;
    this.parts.changed();
    void this.deliver();
  }

  private settle(update: DeviceUpdate, outcome: Outcome): void {
    this.report.reached();
    if (outcome === 'delivered') {
      this.counts.delivered++;
      this.counts.lastDelivery = this.parts.clock.now();
      this.report.delivered(update);
    } else {
      this.counts.refused++;
      this.report.refused(update, outcome.refused);
    }
  }

  /** Behind the others: what is wrong may be wrong with this one only. */
  private putBack(update: DeviceUpdate, problem: string): void {
    const { index } = update;
    this.report.unavailable(problem);
    if (this.waiting.has(index)) this.counts.lost++;
    else this.waiting.set(index, update);
    this.cancelWait = this.route.whenWorthATry(() => {
      this.cancelWait = undefined;
      void this.deliver();
    });
  }
}

/** Logs when trouble begins and ends, and now and then that it goes on. */
class DeliveryReport {
  private readonly log: Trouble;
  private readonly refusalLog: Repeats;
  private readonly logsTroubles: boolean;
  private trouble: string | undefined;
  /** Device -> why it was refused. */
  private readonly refusals = new Map<number, string>();

  constructor(deps: Pick<Deps, 'clock' | 'logger'>, logsTroubles: boolean) {
    this.log = new Trouble(deps, { isState: true });
    this.refusalLog = new Repeats(deps);
    this.logsTroubles = logsTroubles;
  }

  /** In words; null while all is well. */
  get problem(): string | null {
    const [refusal] = this.refusals.values();
    return this.trouble ?? refusal ?? null;
  }

  stop(): void {
    this.log.stop();
  }

  unavailable(problem: string): void {
    this.trouble = problem;
    if (!this.logsTroubles) return;
    this.log.met(
      'warn',
      `Domoticz cannot be told. ${sentenceOf(problem)} Trying again until it works; meanwhile only the newest value of each device waits.`,
    );
  }

  /** It answers, whatever it says. */
  reached(): void {
    this.log.over(() => 'Domoticz can be told again');
    this.trouble = undefined;
  }

  refused({ key, index }: DeviceUpdate, why: string): void {
    const known = this.refusals.has(index);
    const refusal = `The value of Domoticz device ${index} ("${key}") is refused: ${sentenceOf(why)}`;
    this.refusals.set(index, refusal);
    if (!known && this.logsTroubles)
      this.refusalLog.say('warn', `${refusal} It is tried again with the next reading.`, `${index} refused`);
  }

  delivered({ index }: DeviceUpdate): void {
    if (this.refusals.delete(index))
      this.refusalLog.say('info', `Domoticz device ${index} takes values now`, `${index} taken`);
  }
}
