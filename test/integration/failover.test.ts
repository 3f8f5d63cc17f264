import { describe, expect, it, onTestFinished } from 'vitest';
import { accessIn } from '../../src/mqtt/broker-url.ts';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { hasMosquitto, Mosquitto } from '../mqtt/support/mosquitto.ts';
import { hasNats, NatsCluster } from '../mqtt/support/nats-cluster.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { settingsFor } from '../mqtt/support/settings.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STATE = 'multical2mqtt/84968362/state';
const FILTERS = ['multical2mqtt/#', 'homeassistant/#', 'domoticz/#', 'load/#'];
const LOADED = Array.from({ length: 20 }, (_, each) => `load/${each}`);

interface Brokers {
  /** In the order in which they are taken, with credentials. */
  readonly urls: readonly string[];
  /** Listens at one that stays. */
  readonly observer: Observer;
  /** Kills the first. */
  crash(): void;
}

/** Counts up at all topics as fast as the brokers take it. */
class Load {
  round = 0;
  private readonly connection: MqttConnection;
  private isOver = false;

  constructor({ urls }: Brokers) {
    this.connection = new MqttConnection({
      settings: settingsFor('', { url: urls.map(accessIn) }),
      clock: systemClock,
      random: Math.random,
      logger: new CollectingLogger(),
    });
    onTestFinished(() => this.connection.stop());
  }

  start(): void {
    this.connection.start();
    this.next();
  }

  end(): void {
    this.isOver = true;
  }

  private next(): void {
    if (this.isOver) return;
    this.round++;
    for (const topic of LOADED) this.connection.publish(topic, String(this.round));
    this.connection.onceDelivered(() => setImmediate(() => this.next()));
  }
}

/** A bridge that reads all the time, with outputs that wait, while the broker that it is connected to dies under load. */
async function survives(brokers: Brokers): Promise<void> {
  const { urls, observer, crash } = brokers;
  const webhook = await new HttpReceiver().start();
  const { port } = await servedMeter();
  const keys = {
    meters: [{ name: 'Heat', port, schedule: '* * * * * *', mainsPowered: true }],
    mqtt: { url: urls },
    domoticz: { enabled: true, devices: { power: 14 } },
    webhook: { enabled: true, url: webhook.url },
  };
  const { bridge, logger } = await runningBridge(bridgeConfig(keys, temporaryFolder()));
  const load = new Load(brokers);
  load.start();
  const states = () => observer.of(STATE).filter((payload) => payload !== '');
  await eventually(() => states().length > 1 && Number(observer.latest('load/0')) > 10);
  const [stateBefore, roundBefore] = [states().length, load.round];
  const told = observer.of('domoticz/in').length;
  crash();
  await eventually(() => !bridge.broker?.address?.includes('(1 of') && bridge.broker?.connected);
  await eventually(
    () => states().length > stateBefore + 1 && Number(observer.latest('load/0')) > roundBefore + 3,
  );
  await eventually(() => observer.of('domoticz/in').length > told);
  load.end();
  for (const topic of LOADED) await observer.sees(topic, String(load.round));
  await observer.sees('multical2mqtt/bridge/state', 'online');
  const momentOf = (state: string) => String(JSON.parse(state).read_at);
  const posts = () => webhook.received.map(({ body }) => body);
  const posted = () => posts().map(momentOf);
  // What is read as the bridge stops waits for its next run.
  const read = states().map(momentOf);
  await eventually(() => read.every((moment) => posted().includes(moment)));
  await bridge.stop();
  await observer.sees('multical2mqtt/bridge/state', 'offline');

  for (const topic of LOADED) {
    const rounds = observer.of(topic).map(Number);
    expect(rounds, topic).toEqual([...rounds].sort((one, other) => one - other));
  }
  const moments = states().map(momentOf);
  expect(moments).toEqual([...moments].sort());
  // What is published twice, or posted again because its answer came late, has the same values. A machine that stands
  // still for seconds lets them grow too old, and what is taken back is of the same reading.
  for (const told of [states(), posts()]) {
    const held = told.filter((state) => !state.includes('"power":null'));
    expect(new Set(held).size).toBe(new Set(held.map(momentOf)).size);
  }
  expect(
    logger.matching(/\(1 of \d\) closed the connection\. Trying the next one\.$/).length,
  ).toBeGreaterThan(0);
}

describe.skipIf(!hasNats())('a cluster of three NATS servers', () => {
  it('may lose the one that the bridge is connected to, while somebody listens at another', async () => {
    const cluster = new NatsCluster();
    onTestFinished(() => cluster.remove());
    await cluster.start();
    const observer = await Observer.connect(cluster.urls[2] ?? '', {}, FILTERS);
    onTestFinished(() => observer.end());
    await survives({
      urls: cluster.urls,
      observer,
      crash: () => cluster.crash(0),
    });
  });
});

describe.skipIf(!hasMosquitto())('of two bridged Mosquittos', () => {
  it('one may die while the bridge is connected to it and somebody listens at the other', async () => {
    const first = await new Mosquitto().start();
    onTestFinished(() => first.remove());
    const second = new Mosquitto();
    onTestFinished(() => second.remove());
    second.settings.push(
      'connection first',
      `address 127.0.0.1:${first.port}`,
      'topic # both 1',
      'remote_username observer',
      `remote_password ${first.password}`,
      'restart_timeout 1',
    );
    await second.start();
    const observer = await second.observer();
    onTestFinished(() => observer.end());
    await survives({
      urls: [first, second].map(({ url, password }) => url.replace('//', `//observer:${password}@`)),
      observer,
      crash: () => first.crash(),
    });
  });
});
