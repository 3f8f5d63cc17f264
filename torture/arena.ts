import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelName } from '../src/simulator/models/models.ts';
import type { Chance } from './chance.ts';
import { Judge } from './judge.ts';
import { HostileLine } from './line/hostile-line.ts';
import { DomoticzDevices } from './observe/domoticz-devices.ts';
import {
  CsvFollower,
  HookReader,
  judgeMetrics,
  judgePoints,
  type Understanding,
} from './observe/files-and-servers.ts';
import { MqttObserver } from './observe/mqtt-observer.ts';
import type { Tally } from './tally.ts';
import { BridgeProcess } from './world/bridge.ts';
import { HostileProxy } from './world/hostile-proxy.ts';
import { houseOf } from './world/meters.ts';
import { Mosquitto } from './world/mosquitto.ts';
import { freePort, type MeterPort, ptyPort, tcpPort } from './world/ports.ts';
import { Sink } from './world/sink.ts';

export interface MeterPlan {
  readonly model: ModelName;
  readonly port: 'pty' | 'tcp';
  readonly details?: boolean;
  readonly units?: Readonly<Record<string, string>>;
}

interface ArenaOptions {
  readonly part: string;
  readonly meters: readonly MeterPlan[];
  /** The serial number of the first meter. */
  readonly firstNumber: number;
  readonly folder: string;
  /** Where data and CSV files go; default: the folder. */
  readonly disk?: string;
  readonly chance: Chance;
  readonly tally: Tally;
  readonly environment?: Readonly<Record<string, string>>;
  /** True moments for one that the bridge has written; the moment itself, if left out. */
  readonly moments?: (time: number) => readonly number[];
  /** Why a post to the webhook may be older than the one before; a failure, if left out. */
  readonly latePosts?: string;
  readonly protocolVersion?: 4 | 5;
  /** The form of discovery (default `device`). */
  readonly discovery?: 'device' | 'component';
}

/** Every three seconds. */
const SCHEDULE = '*/3 * * * * *';
const DETAILS = '15 * * * * *';
const LOOK_EVERY = 1_000;
const MEGABYTE = 1024 ** 2;
/** Megabytes. */
const MOST_MEMORY = 250;
const MOST_GROWN = 20;
/** Seconds after which memory must have come to rest. */
const LONG_ENOUGH = 400;

/** A bridge with meters, a broker and servers of its own, and somebody who watches all that it publishes. */
export class Arena {
  readonly part: string;
  readonly judge: Judge;
  readonly lines: HostileLine[] = [];
  readonly broker: Mosquitto;
  readonly brokerProxy: HostileProxy;
  readonly sink: Sink;
  readonly tally: Tally;
  readonly folder: string;
  readonly dataDir: string;
  readonly csvDir: string;
  /** `SERIAL TIME` of what was written to each. */
  readonly points = new Set<string>();
  readonly rows = new Set<string>();
  bridge!: BridgeProcess;
  observer!: MqttObserver;
  private readonly options: ArenaOptions;
  private readonly understanding: Understanding;
  private readonly csv: CsvFollower;
  private readonly ports: MeterPort[] = [];
  private readonly devices: DomoticzDevices;
  private metricsPort = 0;
  private watch: NodeJS.Timeout | undefined;

  constructor(options: ArenaOptions) {
    const {
      part,
      folder,
      disk = folder,
      chance,
      tally,
      latePosts,
      moments = (time: number) => [time],
    } = options;
    this.options = options;
    this.part = part;
    this.tally = tally;
    this.folder = folder;
    this.dataDir = join(disk, 'data');
    this.csvDir = join(disk, 'csv');
    this.judge = new Judge(part, tally);
    this.broker = new Mosquitto(join(folder, 'broker'));
    this.brokerProxy = new HostileProxy(() => this.broker.port, chance.fork('broker'));
    this.understanding = {
      judge: this.judge,
      moments,
      unitOf: (serial, quantity) =>
        this.configured(serial, quantity) ?? this.observer.unitOf(serial, quantity),
    };
    const keep = (set: Set<string>) => (serial: string, time: number) => set.add(`${serial} ${time}`);
    const hook = new HookReader(this.understanding, (detail) => {
      if (latePosts === undefined) this.found('webhook: posts in the wrong order', detail);
      else tally.left(latePosts);
    });
    this.sink = new Sink(
      chance.fork('sink'),
      (text) => judgePoints(this.understanding, text, keep(this.points)),
      (json) => hook.take(json),
    );
    this.devices = new DomoticzDevices(this.understanding, (index) =>
      this.found('a value for a device of Domoticz that is not configured', String(index)),
    );
    this.csv = new CsvFollower(this.csvDir, this.understanding, keep(this.rows));
  }

  /** Serial numbers of the meters that belong there. */
  get serials(): readonly string[] {
    return this.lines.map(({ own }) => String(own.serialNumber));
  }

  private configured(serial: string, quantity: string): string | undefined {
    return this.planOf(serial)?.units?.[quantity];
  }

  async start(): Promise<void> {
    const { part, meters, firstNumber, chance, folder, environment } = this.options;
    mkdirSync(this.csvDir, { recursive: true });
    mkdirSync(this.dataDir, { recursive: true });
    await this.broker.start();
    await this.brokerProxy.start();
    await this.sink.start();
    for (const [index, { model, port }] of meters.entries()) {
      const line = new HostileLine({
        name: `${part} ${index + 1} ${model}`,
        ...houseOf(model, firstNumber + 10 * index, chance.fork(`house ${index}`)),
        held: ({ serialNumber }, records, from, to) =>
          this.judge.truthOf(String(serialNumber)).record(records, from, to),
      });
      for (const { serialNumber } of [line.own, line.neighbour, line.stranger])
        this.judge.truthOf(String(serialNumber));
      this.lines.push(line);
      this.ports.push(
        port === 'tcp' ? await tcpPort(line) : await ptyPort(line, join(folder, `tty${index + 1}`)),
      );
    }
    this.metricsPort = await freePort();
    this.observer = new MqttObserver({
      url: this.broker.url,
      judge: this.judge,
      configured: (serial, quantity) => this.configured(serial, quantity),
      onDomoticz: (index, value) => this.devices.take(index, value),
    });
    await this.observer.start();
    this.bridge = new BridgeProcess({
      folder,
      config: this.config(),
      ...(environment && { environment }),
      onFinding: (what, detail) => this.found(what, detail),
    });
    this.bridge.start();
    this.watch = setInterval(() => void this.look(), LOOK_EVERY);
  }

  async stop(): Promise<void> {
    this.weigh();
    await this.bridge.end('SIGTERM');
    clearInterval(this.watch);
    await this.look();
    await this.observer.stop();
    for (const line of this.lines) line.stop();
    for (const port of this.ports) await port.close();
    this.brokerProxy.stop();
    this.sink.stop();
    await this.broker.stop('SIGKILL');
  }

  found(what: string, detail: string): void {
    this.tally.found(this.part, this.judge.faultOf(this.serials[0] ?? ''), what, detail);
  }

  /** What is being done to all of it. */
  suffers(fault: string): void {
    this.judge.setFault(this.serials, fault);
  }

  /**
   * Resolves with the milliseconds since `since` (monotonic) until the meter has a fresh state and is available; undefined
   * after `within`.
   */
  fresh(serial: string, since: number, within: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      let isFresh = false;
      const end = this.observer.onState((state) => {
        if (state.serial === serial && state.at > since) isFresh = true;
      });
      const watch = setInterval(() => {
        const took = performance.now() - since;
        const isWell = isFresh && this.observer.isAvailable(serial) && this.observer.hasDiscovery(serial);
        if (!isWell && took <= within) return;
        clearInterval(watch);
        end();
        resolve(isWell ? took : undefined);
      }, 50);
    });
  }

  /** The same for every meter: the longest time. */
  async allFresh(since: number, within: number): Promise<number | undefined> {
    const times = await Promise.all(this.serials.map((serial) => this.fresh(serial, since, within)));
    return times.some((time) => time === undefined) ? undefined : Math.max(...times.map((time) => time ?? 0));
  }

  /** Failed readings and values that were held back, since the start of the bridge. */
  refused(serials: readonly string[] = this.serials): number {
    return serials.reduce((sum, serial) => {
      const { failed = 0, doubtful = 0 } = this.observer.diagnostics.get(serial) ?? {};
      return sum + failed + doubtful;
    }, 0);
  }

  /** Memory of the last process. */
  private weigh(): void {
    const { memory } = this.bridge;
    const most = Math.max(this.tally.memory.get(this.part) ?? 0, ...memory);
    this.tally.memory.set(this.part, most);
    const quarter = Math.floor(memory.length / 4);
    const before = median(memory.slice(quarter, 2 * quarter));
    const after = median(memory.slice(-quarter));
    const grown = Math.round((after - before) / MEGABYTE);
    if (memory.length >= LONG_ENOUGH && grown > MOST_GROWN)
      this.found('memory grows', `${grown} MB between the second and the last quarter of ${memory.length} s`);
    if (most > MOST_MEMORY * MEGABYTE)
      this.found('takes too much memory', `${Math.round(most / MEGABYTE)} MB`);
  }

  private async look(): Promise<void> {
    this.csv.look();
    const page = await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`, {
      signal: AbortSignal.timeout(2_000),
    })
      .then((response) => response.text())
      .catch(() => '');
    judgeMetrics(this.understanding, page, this.serials);
  }

  private planOf(serial: string): MeterPlan | undefined {
    const index = this.lines.findIndex(({ own, neighbour, stranger }) =>
      [own, neighbour, stranger].some(({ serialNumber }) => String(serialNumber) === serial),
    );
    return this.options.meters[index];
  }

  private config(): object {
    const { meters, protocolVersion = 4, discovery = 'device' } = this.options;
    return {
      meters: meters.map(({ details, units }, index) => ({
        name: this.lines[index]?.name,
        port: this.ports[index]?.port,
        schedule: SCHEDULE,
        detailSchedule: details ? DETAILS : 'never',
        mainsPowered: true,
        ...(units && { units }),
      })),
      mqtt: { url: `mqtt://127.0.0.1:${this.brokerProxy.port}`, protocolVersion },
      homeAssistant: { discovery },
      influxdb: { enabled: true, url: this.sink.url, database: 'torture' },
      webhook: { enabled: true, url: `${this.sink.url}/hook`, secret: 'a secret of the torture' },
      csv: { enabled: true, directory: this.csvDir },
      metrics: { enabled: true, port: this.metricsPort },
      domoticz: { enabled: true, devices: this.devices.configure(this.lines) },
      dataDir: this.dataDir,
    };
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
