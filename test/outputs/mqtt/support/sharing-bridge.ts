import { expect } from 'vitest';
import { MqttConnection } from '../../../../src/mqtt/connection.ts';
import { type BridgePlace, topicsBelow } from '../../../../src/mqtt/topics.ts';
import { Neighbours } from '../../../../src/outputs/mqtt/neighbours.ts';
import { systemClock } from '../../../../src/shared/clock.ts';
import { inStep } from '../../../mqtt/support/in-step.ts';
import type { Observer } from '../../../mqtt/support/observer.ts';
import { settingsFor } from '../../../mqtt/support/settings.ts';
import { TcpProxy } from '../../../mqtt/support/tcp-proxy.ts';
import type { TestBroker } from '../../../mqtt/support/test-broker.ts';
import { CollectingLogger } from '../../../support/collecting-logger.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

interface Home {
  readonly broker: TestBroker;
  readonly observer: Observer;
}

/** The part of a bridge that looks for others. What it waits for comes when the test says so. */
export class SharingBridge {
  readonly clock = new FakeClock();
  readonly logger = new CollectingLogger();
  readonly owned: boolean[] = [];
  readonly place: BridgePlace;
  guest: string | undefined;
  proxy!: TcpProxy;
  connection!: MqttConnection;
  neighbours!: Neighbours;
  private readonly home: Home;
  private readonly clientId: string;

  /** `guest`: what it was in the run before. */
  constructor(home: Home, clientId: string, guest?: string) {
    this.home = home;
    this.clientId = clientId;
    this.guest = guest;
    this.place = { guest };
  }

  get state(): string {
    return topicsBelow('base', this.place).bridgeState;
  }

  async start(known: readonly string[] = []): Promise<this> {
    const { clock, logger, place } = this;
    const random = () => 0.5;
    this.proxy = await new TcpProxy(this.home.broker.port).start();
    const topics = topicsBelow('base', place);
    this.connection = new MqttConnection({
      settings: settingsFor(this.proxy.url, { clientId: this.clientId }),
      stateTopic: topics.bridgeState,
      clock: systemClock,
      random: Math.random,
      logger,
      reconnectDelay: { first: 30, longest: 100 },
    });
    this.neighbours = new Neighbours({
      connection: this.connection,
      topics,
      place,
      memory: {
        rememberGuest: (name) => {
          this.guest = name;
        },
      },
      host: `the machine of ${this.clientId}`,
      readElsewhere: () => {},
      owns: (isOwner) => this.owned.push(isOwner),
      clock,
      random,
      logger,
    });
    this.neighbours.start(known);
    this.connection.start();
    await eventually(() => this.connection.connected);
    return this.quiet();
  }

  /** All that was said has been heard and answered. */
  async quiet(): Promise<this> {
    for (let round = 0; round < 3; round++) {
      await eventually(() => this.connection.connected);
      await inStep(this.connection, this.home.observer);
    }
    return this;
  }

  /** The time is over in which somebody may object. */
  async settled(): Promise<this> {
    await this.clock.advance(1_000);
    return this.quiet();
  }

  async stop(): Promise<void> {
    this.neighbours.stop();
    expect(this.clock.pendingTimers).toBe(0);
    await this.connection.stop();
    await this.proxy.stop();
  }
}
