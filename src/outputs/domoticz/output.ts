import type { MeterIdentity } from '../../meter/publisher.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Clock } from '../../shared/clock.ts';
import { sentenceOf } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Output, OutputHealth } from '../output.ts';
import { type DomoticzDevice, deviceKey, deviceValue } from './device-value.ts';
import type { DeviceUpdate, DomoticzRoute, Outcome } from './routes.ts';

/** Says once when trouble begins, and once when it ends. */
class DeliveryLog {
  private readonly logger: Logger;
  private trouble: string | undefined;
  /** Whether its end is to be said, because its beginning was. */
  private said = false;
  /** Device -> why it was refused. */
  private readonly refusals = new Map<number, string>();

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** In words; null while all is well. */
  get problem(): string | null {
    const [refusal] = this.refusals.values();
    return this.trouble ?? refusal ?? null;
  }

  /** `logged`: somebody else has said so. */
  away(problem: string, logged: boolean): void {
    if (problem === this.trouble) return;
    this.trouble = problem;
    if (logged) return;
    this.said = true;
    this.logger.warn(
      `Domoticz cannot be told. ${sentenceOf(problem)} Trying again until it works; meanwhile only the newest value of each device waits.`,
    );
  }

  /** It answers, whatever it says. */
  reached(): void {
    if (this.said) this.logger.info('Domoticz can be told again');
    this.trouble = undefined;
    this.said = false;
  }

  refused(key: string, index: number, why: string, logged: boolean): void {
    const known = this.refusals.has(index);
    const refusal = `The value of Domoticz device ${index} ("${key}") is refused: ${sentenceOf(why)}`;
    this.refusals.set(index, refusal);
    if (!known && !logged) this.logger.warn(`${refusal} It is tried again with the next reading.`);
  }

  taken(index: number): void {
    if (this.refusals.delete(index)) this.logger.info(`Domoticz device ${index} takes values now`);
  }
}

interface NewestValuesOptions {
  readonly route: DomoticzRoute;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: () => void;
}

/**
 * Hands updates over, one after the other. Domoticz stamps a value with the time at which it arrives, so an older one
 * cannot be told any more once there is a newer: of each device only the newest waits.
 */
class NewestValues {
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

interface DomoticzOutputOptions {
  readonly devices: readonly DomoticzDevice[];
  readonly route: DomoticzRoute;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: () => void;
}

/** Tells Domoticz' devices what each reading brought; never what is only remembered, because it would look like now. */
export class DomoticzOutput implements Output {
  readonly name = 'domoticz';
  private readonly devices: readonly DomoticzDevice[];
  private readonly logger: Logger;
  private readonly values: NewestValues;
  /** Devices that were said to be unfit. */
  private readonly complained = new Set<DomoticzDevice>();

  constructor({ devices, ...options }: DomoticzOutputOptions) {
    this.devices = devices;
    this.logger = options.logger;
    this.values = new NewestValues(options);
  }

  get health(): OutputHealth {
    return this.values.health;
  }

  start(): void {
    this.values.start();
  }

  stop(): Promise<void> {
    return this.values.stop();
  }

  meterIdentified(): void {}

  readingTaken({ name }: MeterIdentity, fresh: readonly Reading[], latest: readonly Reading[]): void {
    for (const device of this.devices) {
      if (device.meter !== null && device.meter !== name) continue;
      const value = deviceValue(device, fresh, latest);
      const key = deviceKey(device);
      if (value.kind === 'value') this.values.put({ key, index: device.index, svalue: value.svalue });
      if (value.kind === 'unfit') this.complain(device, value.why);
    }
  }

  availabilityChanged(): void {}

  diagnosticsChanged(): void {}

  /** The devices are the user's own; they keep what they have. */
  meterForgotten(): void {}

  private complain(device: DomoticzDevice, why: string): void {
    if (this.complained.has(device)) return;
    this.complained.add(device);
    const { index, type } = device;
    this.logger.warn(
      `domoticz.devices: "${deviceKey(device)}" cannot go to device ${index} as "${type}": ${why}. Nothing is sent; see docs/domoticz.md.`,
    );
  }
}
