import { packetSize } from '../../mqtt/broker-limits.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import { covers } from '../../mqtt/topic-families.ts';
import type { Logger } from '../../shared/logger.ts';
import { devicePayload } from './abbreviations.ts';
import type { DeviceDiscovery, DiscoveryForm } from './discovery.ts';

interface FittingFormOptions {
  readonly connection: MqttConnection;
  readonly logger: Logger;
  /** The one that the user wants. */
  readonly form: DiscoveryForm;
  /** Of all that the device has, in one message. */
  readonly topic: string;
}

/** By MQTT 5 a message is a byte longer, which is always counted. */
const PROTOCOL = 5;

/**
 * The form that one device is announced in: as the user wants it, or single entities where the broker does not take all of
 * the device in one message. Then it stays so for the rest of the run. What was refused is written into the single
 * entities: the next run does not try the same again, which would make all of them go and come at each start.
 */
export class FittingForm {
  private readonly options: FittingFormOptions;
  private name = '';
  private bytes = 0;
  private single: boolean;
  private refusedBytes: number | undefined;
  private end: () => void = () => {};

  constructor(options: FittingFormOptions) {
    this.options = options;
    this.single = options.form === 'component';
  }

  /** `refused`: the broker did not take all in one, so that another form is wanted from now on. */
  start(refused: () => void): void {
    const { refusals } = this.options.connection;
    const { topic } = this.options;
    this.end = refusals.onRefused((refusal) => {
      const isOurs = refusal.act === 'publish' && covers(refusal.topic, topic);
      if (!isOurs || !refusal.shorterMayPass || this.single || this.bytes === 0) return;
      this.refusedBytes = this.bytes;
      // Nothing is missing any more.
      refusals.taken('publish', topic);
      this.announceSingly(`did not take the ${this.bytes} bytes of all that it has in one message`);
      refused();
    });
  }

  stop(): void {
    this.end();
  }

  /** Gives the discovery in the form that fits. `refusedBefore`: what the broker holds says so. */
  fit(
    make: (form: DiscoveryForm) => DeviceDiscovery | undefined,
    refusedBefore: number | undefined,
  ): { readonly form: DiscoveryForm; readonly discovery: DeviceDiscovery } | undefined {
    if (!this.single) {
      const discovery = make('device');
      if (discovery === undefined) return undefined;
      if (this.fits(discovery, refusedBefore)) return { form: 'device', discovery };
    }
    const discovery = make('component');
    if (discovery === undefined) return undefined;
    const refused = this.refusedBytes === undefined ? {} : { refused_bytes: this.refusedBytes };
    return { form: 'component', discovery: { ...discovery, ...refused } };
  }

  private fits(discovery: DeviceDiscovery, refusedBefore: number | undefined): boolean {
    const { connection, topic } = this.options;
    const { longest } = connection.refusals;
    this.name = discovery.device.name;
    this.bytes = packetSize(topic, devicePayload(discovery), PROTOCOL);
    if (longest !== undefined && this.bytes > longest) {
      this.announceSingly(
        `takes at most ${longest} bytes in one message, and all that it has are ${this.bytes}`,
      );
    } else if (refusedBefore !== undefined && this.bytes >= refusedBefore) {
      this.refusedBytes = refusedBefore;
      this.announceSingly(`did not take ${refusedBefore} bytes in one message in an earlier run`);
    }
    return !this.single;
  }

  private announceSingly(because: string): void {
    this.single = true;
    this.options.logger.info(
      `${this.name} is announced to Home Assistant entity by entity, because the MQTT broker ${because}. Home Assistant shows the same entities; there is nothing to do.`,
    );
  }
}
