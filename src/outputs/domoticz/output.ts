import type { MeterIdentity } from '../../meter/publisher.ts';
import type { Reading } from '../../readings/reading.ts';
import type { OwnHealth } from '../../shared/delivery.ts';
import { Output, type OutputParts } from '../output.ts';
import { type DomoticzConfig, type DomoticzDevice, domoticz } from './config.ts';
import { deviceKey, deviceValue } from './device-value.ts';
import { LatestValueQueue } from './latest-value-queue.ts';
import { type DomoticzRoute, HttpRoute, MqttRoute } from './routes.ts';

/** Tells Domoticz' devices what each reading brought; never what is only remembered, because it would look like now. */
export class DomoticzOutput extends Output {
  private readonly devices: readonly DomoticzDevice[];
  private readonly queue: LatestValueQueue;
  /** Devices that were said to be unfit. */
  private readonly complained = new Set<DomoticzDevice>();

  constructor(config: DomoticzConfig, parts: OutputParts, route = routeOf(config, parts)) {
    super(domoticz, parts);
    this.devices = config.devices;
    this.queue = new LatestValueQueue(route, parts);
  }

  protected override get ownHealth(): OwnHealth {
    return this.queue.health;
  }

  override start(): void {
    this.queue.start();
  }

  override stop(): Promise<void> {
    return this.queue.stop();
  }

  override readingTaken(
    { name }: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
  ): void {
    for (const device of this.devices) {
      if (device.meter !== null && device.meter !== name) continue;
      const value = deviceValue(device, fresh, latest);
      const key = deviceKey(device);
      if (value.kind === 'value') this.queue.put({ key, index: device.index, svalue: value.svalue });
      if (value.kind === 'unfit') this.complain(device, value.why);
    }
  }

  private complain(device: DomoticzDevice, why: string): void {
    if (this.complained.has(device)) return;
    this.complained.add(device);
    const { index, type } = device;
    this.logger.warn(
      `domoticz.devices: "${deviceKey(device)}" cannot go to device ${index} as "${type}": ${why}. Nothing is sent; see docs/domoticz.md.`,
    );
  }
}

/** Over HTTP where an address is given, else through the broker. The configuration wants one of them. */
function routeOf(config: DomoticzConfig, { connection, clock, random }: OutputParts): DomoticzRoute {
  return config.url === '' && connection !== undefined
    ? new MqttRoute(connection, config.topic, clock)
    : new HttpRoute({ ...config, clock, random });
}
