import type { Config } from '../config/keys.ts';
import type { MeterConfig } from '../meter/config.ts';
import type { BatteryUse } from '../meter/publisher.ts';
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
    const at = this.config.meters.findIndex((meter) => meter.name === name);
    return this.bridge.unitsOf(this.bridge.meters[at]?.meter?.serialNumber ?? '');
  }

  freePort(port: string, back: AbortSignal): Promise<void> | undefined {
    this.loans = [...this.loans.filter((loan) => !loan.back.aborted), { port, back }];
    return this.bridge.freePort(port, back);
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
