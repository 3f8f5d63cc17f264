import { expect } from 'vitest';
import { MqttConnection } from '../../../../src/mqtt/mqtt-connection.ts';
import { topicsBelow } from '../../../../src/mqtt/topics.ts';
import { HomeAssistantPublisher } from '../../../../src/publish/home-assistant/home-assistant-publisher.ts';
import { systemClock } from '../../../../src/shared/clock.ts';
import { inStep } from '../../../mqtt/support/in-step.ts';
import { Observer } from '../../../mqtt/support/observer.ts';
import { settingsFor } from '../../../mqtt/support/settings.ts';
import { TestBroker } from '../../../mqtt/support/test-broker.ts';
import { CollectingLogger } from '../../../support/collecting-logger.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FEW } from '../../support/meter-readings.ts';

export const METER_TOPIC = 'homeassistant/device/multical2mqtt_6655443/config';
export const BRIDGE_TOPIC = 'homeassistant/device/multical2mqtt_bridge/config';
export const STATUS = 'homeassistant/status';

/** A publisher, its broker, and somebody who watches both. */
export class PublishingHome {
  readonly broker = new TestBroker();
  observer!: Observer;
  connection!: MqttConnection;
  publisher!: HomeAssistantPublisher;
  /** Of the publisher. The connection has real time, as the broker has. */
  clock!: FakeClock;

  async start(): Promise<this> {
    await this.broker.start();
    this.observer = await Observer.connect(this.broker.url);
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

  /** Connected, and the second has passed that the broker gets to hand out what it holds. */
  async connected(): Promise<void> {
    this.connection.start();
    this.publisher.start();
    await eventually(() => this.connection.connected);
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
      const components: Record<string, object> = JSON.parse(payload).components;
      return Object.entries(components)
        .filter(([key]) => FEW.some(({ quantity }) => quantity === key))
        .map(([key, component]) => (Object.keys(component).length === 1 ? `${key}: removed` : key))
        .sort();
    });
  }

  private startOver(): void {
    const logger = new CollectingLogger();
    const topics = topicsBelow('multical2mqtt');
    this.clock = new FakeClock();
    this.connection = new MqttConnection({
      settings: settingsFor(this.broker.url),
      stateTopic: topics.bridgeState,
      clock: systemClock,
      random: Math.random,
      logger,
      reconnectDelay: { first: 30, longest: 100 },
    });
    this.publisher = new HomeAssistantPublisher({
      connection: this.connection,
      topics,
      discoveryPrefix: 'homeassistant',
      statusTopic: STATUS,
      origin: { name: 'multical2mqtt', version: '1.2.3' },
      clock: this.clock,
      random: () => 0.5,
      logger,
    });
  }
}
