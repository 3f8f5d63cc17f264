import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Component } from '../../../src/outputs/home-assistant/discovery.ts';
import { Observer } from '../../mqtt/support/observer.ts';
import { TestBroker } from '../../mqtt/support/test-broker.ts';
import { asHomeAssistant } from '../../outputs/home-assistant/support/as-home-assistant.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { HttpReceiver } from '../../support/http-receiver.ts';
import { bridgeConfig, runningBridge } from '../../support/running-bridge.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface ConfiguredMeter {
  readonly name: string;
  readonly port: string;
  /** What Domoticz shows of it: `{"heat_energy": "counter"}`. */
  readonly devices: Readonly<Record<string, string>>;
  /** Other keys of its configuration. */
  readonly keys?: Readonly<Record<string, unknown>>;
}

const TO_DOMOTICZ = 'domoticz/in';
const METRIC_UNITS = '(?:joules|watts|cubic_meters|cubic_meters_per_second|celsius|kelvin|volts|seconds)';

/** What one output says of a quantity; undefined for nothing. */
type Told = (serialNumber: number, quantity: string) => string | undefined;

/** There are figures of the day after a midnight, and none whose midnight nobody has seen. */
const ZONE_AT_NOON = `Etc/GMT${new Date().getUTCHours() < 12 ? '-' : '+'}${Math.abs(12 - new Date().getUTCHours())}`;

/** A bridge with all of its outputs, and what has come out of each. */
export class EveryOutput {
  readonly dataDir = temporaryFolder();
  private readonly csvFolder = join(this.dataDir, 'csv');
  private broker = new TestBroker();
  private server = new HttpReceiver();
  private metricsPort = 0;
  private page = '';
  private observer!: Observer;
  private running!: Awaited<ReturnType<typeof runningBridge>>;
  private toldDomoticzBefore = 0;
  private devices: readonly string[] = [];

  async start(): Promise<this> {
    await this.broker.start();
    this.observer = await Observer.connect(this.broker.url);
    await this.server.start();
    this.metricsPort = await freePort();
    onTestFinished(async () => {
      await this.observer.end();
      await this.broker.stop();
    });
    return this;
  }

  /** Another run of the bridge where one runs already. */
  async run(meters: readonly ConfiguredMeter[]): Promise<void> {
    await (this.running as typeof this.running | undefined)?.bridge.stop();
    this.toldDomoticzBefore = this.observer.of(TO_DOMOTICZ).length;
    this.devices = meters.flatMap(({ name, devices }) =>
      Object.entries(devices).map(([quantity, type]) => `${name}/${quantity} ${type}`),
    );
    const indexes = this.devices.map((device, at): [string, string] => {
      const [key = '', type] = device.split(/ (?=\w+$)/);
      return [key, `${at + 1} ${type}`];
    });
    const { url } = this.server;
    const config = bridgeConfig(
      {
        meters: meters.map(({ name, port, keys }) => ({
          name,
          port,
          timezone: ZONE_AT_NOON,
          battery: { minSecondsBetween: 0 },
          ...keys,
        })),
        mqtt: { url: this.broker.url },
        influxdb: { enabled: true, url, database: 'home' },
        domoticz: { enabled: true, devices: Object.fromEntries(indexes) },
        metrics: { enabled: true, port: this.metricsPort },
        csv: { enabled: true, directory: this.csvFolder },
        webhook: { enabled: true, url: `${url}/hook` },
      },
      this.dataDir,
    );
    this.running = await runningBridge(config);
  }

  get logger() {
    return this.running.logger;
  }

  /** Asks for a reading, and waits until everything of it, or of the meter that answers, is where it belongs. */
  async read(serialNumber: number, answering = serialNumber): Promise<void> {
    const posts = () => this.posts('/hook').filter(({ body }) => serialOf(body) === answering);
    const before = posts().length;
    await this.observer.publish(`multical2mqtt/${serialNumber}/read`, 'READ');
    await eventually(() => posts().length > before);
    const { bridge } = this.running;
    await bridge.idle();
    await eventually(() => bridge.otherOutputs.every(({ health }) => health.waiting === 0));
    const readAt = memberOf(posts().at(-1)?.body, 'read_at');
    await eventually(() => this.state(answering, 'read_at') === readAt);
    await eventually(() => Object.keys(this.entities(answering)).length > 0);
    const delivered = bridge.otherOutputs.find(({ name }) => name === 'domoticz')?.health.delivered ?? 0;
    await eventually(() => this.observer.of(TO_DOMOTICZ).length >= this.toldDomoticzBefore + delivered);
    this.page = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
  }

  readonly state: Told = (serialNumber, quantity) =>
    memberOf(this.observer.latest(`multical2mqtt/${serialNumber}/state`), quantity);

  /** By key. */
  entities(serialNumber: number): Readonly<Record<string, Component>> {
    const device = this.observer.latest(`homeassistant/device/multical2mqtt_${serialNumber}/config`);
    return asHomeAssistant(device ?? '{}').components ?? {};
  }

  readonly influxdb: Told = (serialNumber, quantity) =>
    this.posts('/write')
      .flatMap(({ body }) => body.split('\n'))
      .filter((line) => line.startsWith('multical,') && line.includes(`serial_number=${serialNumber}`))
      .flatMap((line) => new RegExp(`[ ,]${quantity}=([^, ]+)`).exec(line)?.[1] ?? [])
      .at(-1);

  /** Value and unit. */
  readonly csv: Told = (serialNumber, quantity) =>
    readdirSync(this.csvFolder)
      .sort()
      .flatMap((file) => readFileSync(join(this.csvFolder, file), 'utf8').split('\n'))
      .map((line) => line.split(','))
      .filter((cells) => cells[1] === String(serialNumber) && cells[3] === quantity)
      .map((cells) => `${cells[4]} ${cells[5]}`)
      .at(-1);

  readonly webhook: Told = (serialNumber, quantity) =>
    memberOf(this.posts('/hook').findLast(({ body }) => serialOf(body) === serialNumber)?.body, quantity);

  /** The metric behind its quantity, and its value. */
  readonly prometheus: Told = (serialNumber, quantity) => {
    const labels = `\\{serial_number="${serialNumber}"[^}]*\\}`;
    const line = new RegExp(`^multical_${quantity}_(${METRIC_UNITS}(?:_total)?)${labels} (\\S+)$`, 'm');
    const [, unit, value] = line.exec(this.page) ?? [];
    return unit && `${unit} ${value}`;
  };

  readonly domoticz = (name: string, quantity: string): string | undefined => {
    const at = this.devices.findIndex((device) => device.startsWith(`${name}/${quantity} `));
    const told = this.observer.of(TO_DOMOTICZ).map((payload) => JSON.parse(payload));
    return told.findLast(({ idx }) => idx === at + 1)?.svalue;
  };

  private posts(path: string) {
    return this.server.received.filter(({ url }) => url.pathname === path);
  }
}

function serialOf(body: string): number {
  return Number(JSON.parse(body).meter.serial_number);
}

function memberOf(json: string | undefined, quantity: string): string | undefined {
  return new RegExp(`[{,]"${quantity}":([^,}]*)`).exec(json ?? '')?.[1];
}
