import { modelText } from '../../meter/identification.ts';
import { type Awaited, type MeterIdentity, NOTHING_AWAITED } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import type { Topics } from '../../mqtt/topics.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Deps } from '../../shared/deps.ts';
import type { AnnouncedState } from '../announced-state.ts';
import { type OutputDefinition, SelectivePublisher } from '../output.ts';
import { bridgeDiscovery, meterDiscovery } from './devices.ts';
import {
  type Appearance,
  bridgeDeviceId,
  type DiscoveryForm,
  discoveryTopics,
  meterDeviceId,
  type Origin,
  PLAIN,
  TEMPLATES,
} from './discovery.ts';
import type { DiscoveryRemoval } from './discovery-removal.ts';
import { DiscoverySync, type SyncOfMeter } from './discovery-sync.ts';
import { discoveryRemovals, FormerDiscovery, type PrefixMemory } from './former-discovery.ts';
import { typeNumberIn } from './meter-device.ts';
import { Namesakes, type NamesakesOptions } from './namesakes.ts';
import { OtherAnnouncer } from './other-announcer.ts';
import { isAboveZero } from './quantity-entity.ts';

export interface HomeAssistantPublisherOptions extends Deps, Pick<NamesakesOptions, 'before'> {
  readonly connection: MqttConnection;
  readonly topics: Topics;
  /** `homeassistant`, unless changed in Home Assistant. */
  readonly discoveryPrefix: string;
  readonly discovery: DiscoveryForm;
  readonly prefixes: PrefixMemory;
  /** Home Assistant says `online` there when it has started. */
  readonly statusTopic: string;
  /** The outputs besides MQTT and Home Assistant. */
  readonly outputs: readonly OutputDefinition[];
  /** Of the meter with this serial number. */
  readonly stateOf?: (serialNumber: string) => AnnouncedState;
  /** `appearanceChanged` says that it is another. */
  readonly appearance?: () => Appearance;
  /** This program's name and version. */
  readonly origin: { readonly name: string; readonly version: string };
}

/** Longest wait (ms) after Home Assistant's birth message, so that not every device answers at the same moment. */
const BIRTH_DELAY = 10_000;

/** Home Assistant's MQTT discovery: one device for the bridge, one for each meter. States come from the plain topics. */
export class HomeAssistantPublisher extends SelectivePublisher {
  private readonly options: HomeAssistantPublisherOptions;
  private readonly origin: Origin;
  private bridge: DiscoverySync | undefined;
  private readonly meters = new Map<string, DiscoverySync>();
  private readonly namesakes = new Map<string, Namesakes>();
  /** By serial number, for meters that have left the configuration. */
  private readonly removals = new Map<string, readonly DiscoveryRemoval[]>();
  /** By serial number: what waits until its removals are complete. */
  private readonly afterRemoval = new Map<string, () => void>();
  /** By serial number: the discovery is made anew only when this text changes. */
  private readonly shapes = new Map<string, string>();
  private cancelAnswer: () => void = () => {};
  private unsubscribe: () => void = () => {};

  constructor(options: HomeAssistantPublisherOptions) {
    super();
    this.options = options;
    const { name, version } = options.origin;
    this.origin = { name, sw_version: version };
    this.bridge = this.syncOf(bridgeDeviceId(options.topics.base));
  }

  start(): void {
    const { connection, statusTopic } = this.options;
    this.bridge?.start();
    this.unsubscribe = connection.subscribe(statusTopic, (payload, retained) => {
      // A retained one is from before we connected, when everything was published anyway.
      if (payload === 'online' && !retained) this.answerBirth();
    });
  }

  stop(): void {
    this.cancelAnswer();
    this.unsubscribe();
    for (const each of [
      this.bridge,
      ...this.meters.values(),
      ...this.namesakes.values(),
      ...[...this.removals.values()].flat(),
    ])
      each?.stop();
    this.meters.clear();
    this.namesakes.clear();
    this.removals.clear();
    this.shapes.clear();
  }

  /** To be called when it is certain that its device is ours to announce: bridges that share a base topic share it. */
  announceBridge(): void {
    const { topics, outputs } = this.options;
    this.bridge?.want((_held, form) =>
      bridgeDiscovery(topics, this.origin, outputs, TEMPLATES[form], this.appearance),
    );
  }

  /** It is another's. */
  leaveBridge(): void {
    this.bridge?.stop();
    this.bridge = undefined;
  }

  override meterIdentified({ serialNumber }: MeterIdentity): void {
    if (this.meters.has(serialNumber)) return;
    // Before the sync listens: the broker hands out what it holds to a new subscription only.
    this.endRemovals(serialNumber);
    const sync = this.syncOf(meterDeviceId(serialNumber), {
      state: this.options.stateOf?.(serialNumber),
      others: new OtherAnnouncer(this.options, serialNumber),
    });
    this.meters.set(serialNumber, sync);
    sync.start();
    const namesakes = new Namesakes(this.options, serialNumber);
    this.namesakes.set(serialNumber, namesakes);
    namesakes.start(
      (other) => this.meters.get(other)?.heldName,
      () => sync.compare(),
    );
  }

  override readingTaken(
    meter: MeterIdentity,
    _fresh: readonly Reading[],
    latest: readonly Reading[],
    awaited?: Awaited,
  ): void {
    // Without any quantity known there is no telling which entities are to go.
    if (latest.length === 0) return;
    // A payload of many kilobytes is not made anew for every reading, only when the entities may be others.
    const shape = shapeOf(meter, latest, awaited);
    if (this.shapes.get(meter.serialNumber) === shape) return;
    this.shapes.set(meter.serialNumber, shape);
    const { topics } = this.options;
    this.meters.get(meter.serialNumber)?.want((held, form) => {
      const name = this.namesakes.get(meter.serialNumber)?.nameFor(meter.name);
      if (name === undefined) return undefined;
      const named = { ...meter, name };
      const templates = TEMPLATES[form];
      return meterDiscovery(named, latest, topics, this.origin, templates, held, awaited, this.appearance);
    });
  }

  override meterForgotten(serialNumber: string): void {
    this.meters.get(serialNumber)?.stop();
    this.meters.delete(serialNumber);
    this.namesakes.get(serialNumber)?.stop();
    this.namesakes.delete(serialNumber);
    this.shapes.delete(serialNumber);
    this.endRemovals(serialNumber);
    const { connection, prefixes } = this.options;
    const deviceId = meterDeviceId(serialNumber);
    const removals = discoveryRemovals(deviceId, { ...this.options, originName: this.origin.name });
    this.removals.set(serialNumber, removals);
    let open = removals.length;
    for (const removal of removals)
      removal.start(() => {
        if (--open === 0) this.takenBack(serialNumber);
      });
    connection.onceDelivered(() => {
      // It may have come back meanwhile.
      if (this.removals.get(serialNumber) === removals) prefixes.rememberPrefixes(deviceId, []);
    });
  }

  /** Calls once nothing announces the forgotten meter any more; never where it is announced again before. */
  onceTakenBack(serialNumber: string, action: () => void): void {
    this.afterRemoval.set(serialNumber, action);
  }

  private takenBack(serialNumber: string): void {
    this.afterRemoval.get(serialNumber)?.();
    this.afterRemoval.delete(serialNumber);
  }

  /** Another bridge reads a meter that has left our configuration. */
  readElsewhere(serialNumber: string): void {
    this.endRemovals(serialNumber);
  }

  private endRemovals(serialNumber: string): void {
    for (const removal of this.removals.get(serialNumber) ?? []) removal.end();
    this.removals.delete(serialNumber);
    this.afterRemoval.delete(serialNumber);
  }

  /** Every device is announced as it is to appear from now on. */
  appearanceChanged(): void {
    for (const sync of [this.bridge, ...this.meters.values()]) sync?.compare();
  }

  private get appearance(): Appearance {
    return this.options.appearance?.() ?? PLAIN;
  }

  private answerBirth(): void {
    const { clock, random, connection, logger } = this.options;
    this.cancelAnswer();
    const delay = random() * BIRTH_DELAY;
    logger.debug(`Home Assistant has started; everything is sent again in ${Math.round(delay / 1000)} s`);
    this.cancelAnswer = clock.after(delay, () => {
      for (const sync of [this.bridge, ...this.meters.values()]) sync?.compare();
      connection.republish();
    });
  }

  private syncOf(deviceId: string, ofMeter: SyncOfMeter = {}): DiscoverySync {
    const { connection, clock, logger, discoveryPrefix, discovery: form } = this.options;
    const topics = discoveryTopics(discoveryPrefix, deviceId);
    const originName = this.origin.name;
    const former = new FormerDiscovery(deviceId, { ...this.options, originName });
    return new DiscoverySync({ connection, clock, logger, topics, form, originName, former, ...ofMeter });
  }
}

/** All that the discovery of a meter depends on; of values only whether they are above zero. */
function shapeOf(
  meter: MeterIdentity,
  latest: readonly Reading[],
  awaited: Awaited = NOTHING_AWAITED,
): string {
  const shapes = latest.map((reading) => {
    const { quantity, unit, value } = reading;
    const kind = 'decimals' in value ? ['number', value.decimals, isAboveZero(reading)] : [value.kind];
    return [quantity, unit, ...kind].join('|');
  });
  return [
    meter.name,
    meter.model && modelText(meter.model),
    meter.kind,
    meter.mainsPowered,
    meter.softwareRevision,
    typeNumberIn(latest),
    ...shapes,
    ...(awaited === 'anything' ? [awaited] : awaited),
  ].join('\n');
}
