import type { MqttConnection } from '../../mqtt/connection.ts';
import { RetainedScan } from '../../mqtt/retained-scan.ts';
import type { Deps } from '../../shared/deps.ts';
import type { AnnouncedState } from '../announced-state.ts';
import { AnnouncedUnits } from './announced-units.ts';
import type { DeviceDiscovery, DiscoveryForm, DiscoveryTopics } from './discovery.ts';
import { isOurs } from './discovery-removal.ts';
import { FittingForm } from './fitting-form.ts';
import type { FormerDiscovery } from './former-discovery.ts';
import { asHeld, type HeldDevice, heldDevice, NOTHING_HELD } from './held-discovery.ts';
import { PAUSE, planMigration } from './migration.ts';
import type { OtherAnnouncer } from './other-announcer.ts';

/**
 * Gives the discovery that is wanted, for what the broker holds of the device, and the form that it goes out in; undefined
 * while that is not known.
 */
type MakeDiscovery = (held: HeldDevice, form: DiscoveryForm) => DeviceDiscovery | undefined;

/** What matters for a meter only. */
export interface SyncOfMeter {
  /** Where the entities find their values, if units matter there. */
  readonly state?: AnnouncedState | undefined;
  /** Hears of all that the broker holds, at each connection. */
  readonly others?: OtherAnnouncer | undefined;
}

interface DiscoverySyncOptions extends SyncOfMeter, Pick<Deps, 'clock' | 'logger'> {
  readonly connection: MqttConnection;
  readonly topics: DiscoveryTopics;
  readonly form: DiscoveryForm;
  /** Marks our own payloads. */
  readonly originName: string;
  /** What announces the device elsewhere. */
  readonly former?: FormerDiscovery | undefined;
}

/**
 * Keeps the discovery topics of one device as they should be: it compares what the broker holds with what we want, and
 * publishes only a difference. It never answers a message, so that two who disagree do not chase each other.
 */
export class DiscoverySync {
  private readonly options: DiscoverySyncOptions;
  private readonly scan: RetainedScan;
  private readonly units: AnnouncedUnits | undefined;
  private readonly fitting: FittingForm;
  private make: MakeDiscovery | undefined;
  private wantedText = '';
  /** All that the broker held in this run: on the way to the other form, its payloads tell less. */
  private seen: HeldDevice = NOTHING_HELD;
  /** While false, `held` is incomplete. */
  private known = false;
  private readonly held = new Map<string, string>();
  /** What the topic of the device held before what we last published there. */
  private heldBefore = '';
  private announced = false;
  /** Payloads that we published to each topic and that have not come back yet. */
  private readonly echoes = new Map<string, readonly string[]>();
  private pausing = false;
  private cancelPause: () => void = () => {};
  private unsubscribe: () => void = () => {};

  constructor(options: DiscoverySyncOptions) {
    this.options = options;
    const { connection, clock, logger, topics, form, state, others, former } = options;
    this.fitting = new FittingForm({ connection, logger, form, topic: topics.device });
    this.units = state && new AnnouncedUnits(state, topics);
    this.scan = new RetainedScan(connection, clock, [topics.device, topics.anyComponent], {
      started: () => this.forget(),
      received: (topic, payload) => this.receive(topic, payload),
      complete: () => {
        this.known = true;
        this.units?.found(this.held);
        others?.found(this.held);
        former?.found(this.held.size > 0);
        this.compare();
      },
    });
  }

  start(): void {
    const { connection, topics } = this.options;
    this.unsubscribe = connection.refusals.onWorthATry((topic) => {
      if (topic !== topics.device && !topics.isComponent(topic)) return;
      // What was left out is not there.
      this.held.delete(topic);
      this.echoes.delete(topic);
      this.compare();
    });
    this.fitting.start(() => this.refused());
    this.scan.start();
  }

  stop(): void {
    this.fitting.stop();
    this.cancelPause();
    this.unsubscribe();
    this.scan.stop();
    this.options.others?.stop();
    this.options.former?.stop();
  }

  /** Does nothing when the discovery is the same as before, even where somebody deleted the device in Home Assistant. */
  want(make: MakeDiscovery): void {
    this.make = make;
    if (JSON.stringify(this.wanted()?.discovery) !== this.wantedText) this.compare();
  }

  /** Publishes what is missing or different at the broker, one burst at a time. */
  compare(): void {
    const { connection, clock, topics, former } = this.options;
    if (!this.known || this.pausing || !connection.connected) return;
    const wanted = this.wanted();
    if (wanted === undefined) return;
    const { discovery, form } = wanted;
    this.wantedText = JSON.stringify(discovery);
    const { held } = this;
    const burst = planMigration({ held, wanted: discovery, form, topics, announced: this.announced });
    if (burst === undefined) {
      if (this.cameBack) former?.announced();
      return;
    }
    if (this.units?.allow(burst.messages, () => this.compare()) === false) return;
    former?.announcing();
    this.announced = burst.step === 'announce';
    this.pausing = true;
    for (const message of burst.messages) {
      const { topic, payload } = message;
      if (topic === topics.device) this.heldBefore = held.get(topic) ?? '';
      this.hold(topic, payload);
      this.echoes.set(topic, [...(this.echoes.get(topic) ?? []), payload]);
      connection.publishOnce(topic, payload, this.units?.send(message));
    }
    this.cancelPause = clock.after(PAUSE, () => {
      this.pausing = false;
      this.compare();
    });
  }

  /** What the device is called at the broker. */
  get heldName(): string | undefined {
    const { name } = heldDevice(this.held, this.options.topics).device;
    return typeof name === 'string' ? name : undefined;
  }

  /** All that we published: a broker may take a message and hand it to nobody. */
  private get cameBack(): boolean {
    return Array.from(this.echoes.values()).every((echoes) => echoes.length === 0);
  }

  private wanted(): ReturnType<FittingForm['fit']> {
    const { device, components, refusedBytes } = heldDevice(this.held, this.options.topics);
    const { seen } = this;
    this.seen = {
      device: { ...seen.device, ...device },
      components: new Map([...seen.components, ...components]),
      refusedBytes: refusedBytes ?? seen.refusedBytes,
    };
    return this.fitting.fit((form) => {
      const wanted = this.make?.(this.seen, form);
      return wanted && asHeld(wanted, this.seen);
    }, this.seen.refusedBytes);
  }

  /** All in one was not taken: the broker holds what it held before. */
  private refused(): void {
    const { device } = this.options.topics;
    this.hold(device, this.heldBefore);
    this.echoes.delete(device);
    this.announced = false;
    this.compare();
  }

  private forget(): void {
    this.known = false;
    this.announced = false;
    this.held.clear();
    this.echoes.clear();
  }

  /** The broker hands messages out in the order in which it took them: what comes before our echo was there before us. */
  private receive(topic: string, payload: string): void {
    const { topics, originName } = this.options;
    const echoes = this.echoes.get(topic) ?? [];
    if (echoes.length > 0) this.echoes.set(topic, echoes.slice(echoes.indexOf(payload) + 1));
    else if (topic === topics.device) this.hold(topic, payload);
    else if (topics.isComponent(topic)) this.hold(topic, isOurs(payload, originName) ? payload : '');
  }

  private hold(topic: string, payload: string): void {
    if (payload === '') this.held.delete(topic);
    else this.held.set(topic, payload);
  }
}
