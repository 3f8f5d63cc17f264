import type { Logger } from '../../log/logger.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Output, OutputHealth } from '../output.ts';
import type { MeterIdentity } from '../publisher.ts';
import { deviceValue } from './device-value.ts';
import { type DomoticzDevice, deviceKey } from './domoticz-device.ts';
import type { DomoticzRoute } from './domoticz-route.ts';
import { NewestValues } from './newest-values.ts';

export interface DomoticzOutputOptions {
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
