import type { Config } from '../config/keys.ts';
import type { MeterConfig } from '../meter/config.ts';
import type { MeterStatus } from '../meter/meter.ts';
import type { BatteryUse } from '../meter/publisher.ts';
import type { Reading } from '../readings/reading.ts';
import type { ApiRoute } from '../web/route.ts';
import type { Bridge } from './bridge.ts';
import type { AskedMeter } from './meters.ts';
import type { PortLender } from './port-desk.ts';
import { stuckIn } from './status.ts';

interface Loan {
  readonly port: string;
  readonly back: AbortSignal;
}

/** The bridge that runs now, for what outlives it: another one may take its place. */
export class PresentBridge implements PortLender {
  private now: { readonly bridge: Bridge; readonly config: Config };
  private loans: readonly Loan[] = [];
  private isOver = false;
  private renewing: Promise<void> = Promise.resolve();

  constructor(bridge: Bridge, config: Config) {
    this.now = { bridge, config };
  }

  get bridge(): Bridge {
    return this.now.bridge;
  }

  get config(): Config {
    return this.now.config;
  }

  /** In words; as `stuckIn`. */
  get stuck(): readonly string[] {
    return stuckIn(this.bridge, this.config.meters);
  }

  /** The units in which the quantities of the meter of that name were published last. */
  unitsOf(name: string): Readonly<Record<string, string>> {
    return this.bridge.unitsOf(this.statusOf(name)?.meter?.serialNumber ?? '');
  }

  /** What is known of the meter of that name, in its own units. */
  latestOf(name: string): readonly Reading[] {
    return this.statusOf(name)?.latest ?? [];
  }

  private statusOf(name: string): MeterStatus | undefined {
    return this.bridge.meters[this.config.meters.findIndex((meter) => meter.name === name)];
  }

  freePort(port: string, back: AbortSignal): Promise<void> | undefined {
    this.loans = [...this.loans.filter((loan) => !loan.back.aborted), { port, back }];
    return this.bridge.freePort(port, back);
  }

  start(): void {
    for (const { port, back } of this.loans) if (!back.aborted) void this.bridge.freePort(port, back);
    this.bridge.start();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.renewing.catch(() => {});
    await this.bridge.stop();
  }

  /** Another bridge in the place of this one, which gets ready to end. Where it cannot be made, the old one is made anew. */
  renew(config: Config, make: (config: Config) => Promise<Bridge>): Promise<void> {
    this.renewing = this.renewing.catch(() => {}).then(() => this.replace(config, make));
    return this.renewing;
  }

  private async replace(config: Config, make: (config: Config) => Promise<Bridge>): Promise<void> {
    if (this.isOver) return;
    const { config: old } = this.now;
    try {
      await this.bridge.stop();
      this.now = { bridge: await make(config), config };
    } catch (error) {
      this.now = { bridge: await make(old), config: old };
      throw error;
    } finally {
      this.start();
    }
  }

  charge(asked: AskedMeter, use: BatteryUse): void {
    this.bridge.charge(asked, use);
  }
}

/** Routes that are made of a bridge and its meters, always of those of now. */
export function presentRoutes(
  present: Pick<PresentBridge, 'bridge' | 'config'>,
  make: (bridge: Bridge, meters: readonly MeterConfig[]) => readonly ApiRoute[],
): readonly ApiRoute[] {
  const madeNow = () => ({ of: present.bridge, routes: make(present.bridge, present.config.meters) });
  let made = madeNow();
  return made.routes.map((route, index) => ({
    ...route,
    handle: (request) => {
      if (made.of !== present.bridge) made = madeNow();
      return (made.routes[index] ?? route).handle(request);
    },
  }));
}
