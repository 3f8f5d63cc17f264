import { expect } from 'vitest';
import type { Awaited } from '../../../../src/meter/publisher.ts';
import { MqttConnection } from '../../../../src/mqtt/connection.ts';
import { topicsBelow } from '../../../../src/mqtt/topics.ts';
import {
  type Appearance,
  type DiscoveryForm,
  PLAIN,
} from '../../../../src/outputs/home-assistant/discovery.ts';
import { HomeAssistantPublisher } from '../../../../src/outputs/home-assistant/publisher.ts';
import type { Reading } from '../../../../src/readings/reading.ts';
import { systemClock } from '../../../../src/shared/clock.ts';
import { inStep } from '../../../mqtt/support/in-step.ts';
import type { Mosquitto } from '../../../mqtt/support/mosquitto.ts';
import { type Message, Observer } from '../../../mqtt/support/observer.ts';
import { settingsFor } from '../../../mqtt/support/settings.ts';
import { TestBroker } from '../../../mqtt/support/test-broker.ts';
import { CollectingLogger } from '../../../support/collecting-logger.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FEW, METER } from '../../support/meter-readings.ts';
import { asHomeAssistant } from './as-home-assistant.ts';
import { KnownPrefixes } from './known-prefixes.ts';

const DEVICE_ID = 'multical2mqtt_6655443';
export const METER_TOPIC = `homeassistant/device/${DEVICE_ID}/config`;
export const BRIDGE_TOPIC = 'homeassistant/device/multical2mqtt_bridge/config';
export const STATUS = 'homeassistant/status';

/** A publisher, its broker (in this process, or a real one that the test starts), and somebody who watches both. */
export class PublishingHome {
  readonly broker = new TestBroker();
  private readonly mosquitto: Mosquitto | undefined;
  private readonly protocolVersion: 4 | 5;
  observer!: Observer;
  connection!: MqttConnection;
  publisher!: HomeAssistantPublisher;
  logger!: CollectingLogger;
  /** Of the publisher. The connection has real time, as the broker has. */
  clock!: FakeClock;
  /** Of the next run. */
  form: DiscoveryForm = 'device';
  /** Of the next run. */
  prefix = 'homeassistant';
  baseTopic = 'multical2mqtt';
  appearance: Appearance = PLAIN;
  /** Another one: lost. */
  others: readonly string[] = [];
  prefixes = new KnownPrefixes(['multical2mqtt_bridge', DEVICE_ID], 'homeassistant');

  constructor(mosquitto?: Mosquitto, protocolVersion: 4 | 5 = 4) {
    this.mosquitto = mosquitto;
    this.protocolVersion = protocolVersion;
  }

  async start(): Promise<this> {
    await this.broker.start();
    this.observer = await (this.mosquitto?.observer() ?? Observer.connect(this.broker.url));
    this.startOver();
    return this;
  }

  async stop(): Promise<void> {
    this.publisher.stop();
    expect(this.clock.pendingTimers).toBe(0);
    await this.connection.stop();
    await this.observer.end();
    await this.broker.stop();
  }

  /** A new run of the bridge. */
  async restart(): Promise<void> {
    this.publisher.stop();
    await this.connection.stop();
    this.startOver();
  }

  /** A new run of the bridge in this form, with one meter that it remembers; what it does first is done. */
  async run(form: DiscoveryForm, latest: readonly Reading[] = FEW, awaited?: Awaited): Promise<void> {
    this.form = form;
    await this.restart();
    this.publisher.meterIdentified(METER);
    this.publisher.readingTaken(METER, [], latest, awaited);
    await this.connected();
    await this.quiet();
  }

  /** Connected, and the second has passed that the broker gets to hand out what it holds. */
  async connected(): Promise<void> {
    const handedOut = this.handedOut();
    this.connection.start();
    this.publisher.start();
    this.publisher.announceBridge();
    await eventually(() => this.connection.connected);
    await handedOut;
    await this.scanned();
  }

  /** The broker has begun to hand out what it holds, which is waited for, and the second has passed that it gets. */
  async scanned(): Promise<void> {
    await this.quiet();
    await this.clock.advance(1_000);
  }

  /** Everything that is on its way has arrived. */
  quiet(): Promise<void> {
    return inStep(this.connection, this.observer);
  }

  /** The component keys of each payload at the meter's topic; null for an empty one. */
  keySets(): (string[] | null)[] {
    return this.observer.of(METER_TOPIC).map((payload) => {
      if (payload === '') return null;
      const components: Record<string, object> = asHomeAssistant(payload).components;
      return Object.entries(components)
        .filter(([key]) => FEW.some(({ quantity }) => quantity === key))
        .map(([key, component]) => (Object.keys(component).length === 1 ? `${key}: removed` : key))
        .sort();
    });
  }

  /**
   * At the next connection the broker hands out all that it holds. Many retained messages take it longer than what
   * `quiet` waits for. We listen as the sync does, so that both hear the same messages.
   */
  async handedOut(): Promise<void> {
    const ofNow = this.ofMeter().filter(({ topic }) => topic.startsWith(`${this.prefix}/`));
    const held = new Map(ofNow.map(({ topic, payload }) => [topic, payload]));
    const missing = new Set([...held].flatMap(([topic, payload]) => (payload === '' ? [] : [topic])));
    const ends = [`${this.prefix}/device/${DEVICE_ID}/config`, `${this.prefix}/+/${DEVICE_ID}/+/config`].map(
      (filter) =>
        this.connection.subscribe(filter, (_payload, retained, topic) => {
          if (retained) missing.delete(topic);
        }),
    );
    await eventually(() => missing.size === 0);
    for (const end of ends) end();
  }

  /** The next burst has gone out and arrived. */
  async nextBurst(): Promise<void> {
    await this.quiet();
    await this.clock.advance(5_000);
    await this.quiet();
  }

  /** Every discovery message of the meter so far, in either form. */
  ofMeter(): readonly Message[] {
    return this.observer.messages.filter(({ topic }) => topic.split('/')[2] === DEVICE_ID);
  }

  /** Whatever there was to publish is published. */
  async settled(): Promise<void> {
    let heard = -1;
    while (heard !== this.ofMeter().length) {
      heard = this.ofMeter().length;
      await this.nextBurst();
    }
  }

  private startOver(): void {
    const logger = new CollectingLogger();
    this.logger = logger;
    const topics = topicsBelow(this.baseTopic);
    this.clock = new FakeClock();
    this.connection = new MqttConnection({
      settings: this.mosquitto
        ? settingsFor(this.mosquitto.url, {
            username: 'observer',
            password: this.mosquitto.password,
            protocolVersion: this.protocolVersion,
          })
        : settingsFor(this.broker.url),
      stateTopic: topics.bridgeState,
      clock: systemClock,
      random: Math.random,
      logger,
      reconnectDelay: { first: 30, longest: 100 },
    });
    this.publisher = new HomeAssistantPublisher({
      connection: this.connection,
      topics,
      discoveryPrefix: this.prefix,
      prefixes: this.prefixes,
      before: () => this.others,
      appearance: () => this.appearance,
      discovery: this.form,
      statusTopic: STATUS,
      outputs: [],
      origin: { name: 'multical2mqtt', version: '1.2.3' },
      clock: this.clock,
      random: () => 0.5,
      logger,
    });
  }
}
