import type { Language } from '../catalogue/texts/languages.ts';
import { ExchangeLog } from '../link/exchange-log.ts';
import { Line } from '../link/line.ts';
import { lineTiming } from '../link/timing.ts';
import { type MeterConfig, settingsOf } from '../meter/config.ts';
import { Meter, type MeterClaims, type MeterStatus } from '../meter/meter.ts';
import type { MeterStore } from '../meter/meter-store.ts';
import type { BatteryUse, Publisher } from '../meter/publisher.ts';
import type { ReadingRefused } from '../meter/read-commands.ts';
import { ConvertingPublisher, type PublishedUnits } from '../outputs/converting-publisher.ts';
import { FanOut } from '../outputs/output.ts';
import { meterStages } from '../readings/stages.ts';
import { type Clock, endedWithin } from '../shared/clock.ts';
import type { Deps } from '../shared/deps.ts';
import type { Schedule } from '../shared/schedule.ts';
import { channelFactory, isNetworkPort } from '../transport/open.ts';

interface LinesOptions extends Deps {
  /** In place of the meters' own; only a simulated meter is faster. */
  readonly baudRate?: number | undefined;
}

/** One line a port, however many meters share it. */
export class Lines {
  private readonly options: LinesOptions;
  private readonly byPort = new Map<string, Line>();

  constructor(options: LinesOptions) {
    this.options = options;
  }

  /** The line of this port; undefined where no meter hangs on it. */
  at(port: string): Line | undefined {
    return this.byPort.get(keyOf(port));
  }

  /** The line that the meter hangs on. Of meters that share one, the first says how patient it is. */
  of({ port, timeoutAllowance, ...meter }: MeterConfig): Line {
    const key = keyOf(port);
    const known = this.byPort.get(key);
    if (known !== undefined) return known;
    const { baudRate = meter.baudRate, clock, random, logger } = this.options;
    const timing = lineTiming({ baudRate, network: isNetworkPort(port), allowance: timeoutAllowance });
    const line = new Line({
      name: port,
      makeChannel: channelFactory(port, baudRate),
      timing,
      clock,
      random,
      logger,
    });
    this.byPort.set(key, line);
    return line;
  }

  start(): void {
    for (const line of this.byPort.values()) line.start();
  }

  async stop(): Promise<void> {
    await Promise.all(Array.from(this.byPort.values(), (line) => line.stop()));
  }
}

/** Host names do not tell capitals apart, paths do. */
function keyOf(port: string): string {
  return isNetworkPort(port) ? port.toLowerCase() : port;
}

interface MetersOptions extends LinesOptions {
  readonly store: MeterStore;
  readonly claims: MeterClaims;
  /** Gets the readings in the units of the configuration. */
  readonly publisher: Publisher;
  readonly publishedUnits: PublishedUnits;
  /** Get them in the meter's own. */
  readonly besides?: readonly Publisher[];
  readonly cron: Schedule;
  /** When this program began to read; left out: with these meters. */
  readonly since?: number | undefined;
  /** A page shows what was on the line. */
  readonly showsLine?: boolean | undefined;
  /** It may become another one. */
  readonly language: () => Language;
}

/** Exchanges that are kept: of each meter, of a meter among very many, and of all. */
const KEPT = { most: 100, least: 10, together: 5_000 };

/** Who was asked by another program. */
export interface AskedMeter {
  readonly port: string;
  readonly address: number;
  /** Undefined where it did not give its number. */
  readonly serialNumber: string | undefined;
}

/** A reading that runs when we are asked to stop may take so long (ms) to end by itself. */
const GRACE = 2_000;

/** The configured meters with their lines. */
export class Meters {
  private readonly clock: Clock;
  private readonly lines: Lines;
  private readonly meters: readonly Meter[];
  private readings: Promise<unknown> = Promise.resolve();

  constructor(configs: readonly MeterConfig[], options: MetersOptions) {
    const { clock, logger, language, publishedUnits, besides = [], showsLine } = options;
    const lines = new Lines(options);
    this.clock = clock;
    this.lines = lines;
    const share = Math.floor(KEPT.together / configs.length);
    const kept = Math.max(KEPT.least, Math.min(KEPT.most, share));
    this.meters = configs.map((config) => {
      const warn = (text: string): void => logger.warn(`${config.name}: ${text}`);
      const converting = new ConvertingPublisher(options.publisher, config.units, publishedUnits, logger);
      return new Meter(settingsOf(config), {
        ...options,
        line: lines.of(config),
        exchanges: showsLine ? new ExchangeLog(kept) : undefined,
        publisher: besides.length === 0 ? converting : new FanOut([converting, ...besides], logger),
        stages: meterStages(config, language, warn),
      });
    });
  }

  /** In the order of the configuration. */
  get statuses(): readonly MeterStatus[] {
    return this.meters.map(({ status }) => status);
  }

  /**
   * Frees the port of a line for another program until `back` is aborted; resolves when it is free. Undefined where no
   * meter is read over it.
   */
  freePort(port: string, back: AbortSignal): Promise<void> | undefined {
    return this.lines.at(port)?.freePort(back);
  }

  /** Books what another program's asking cost. False where no configured meter has to bear it. */
  charge({ port, address, serialNumber }: AskedMeter, use: BatteryUse): boolean {
    const place = keyOf(port);
    const meter = this.meters.find((one) => keyOf(one.place.port) === place && one.place.address === address);
    return meter?.charge(use, serialNumber) ?? false;
  }

  /** The meter at this place of the configuration, for a close look. */
  at(index: number): Meter | undefined {
    return this.meters[index];
  }

  /** The one that is read now, or was read last. */
  withNumber(serialNumber: string): Meter | undefined {
    return this.meters.find((meter) => meter.serialNumber === serialNumber);
  }

  /** A person wants a reading of the meter at this place of the configuration. */
  readNow(index: number): ReadingRefused | undefined {
    return this.meters[index]?.readNow();
  }

  start(): void {
    for (const meter of this.meters) meter.start();
    this.lines.start();
  }

  /** Resolves when no reading runs. */
  async idle(): Promise<void> {
    await Promise.all(this.meters.map((meter) => meter.idle()));
  }

  /** No reading begins any more; resolves when those that run have ended, or after two seconds. */
  async endReadings(): Promise<void> {
    this.readings = Promise.all(this.meters.map((meter) => meter.stop()));
    await endedWithin(this.clock, GRACE, this.readings);
  }

  /** Closes the lines, which ends what still runs. After `endReadings`. */
  async close(): Promise<void> {
    await this.lines.stop();
    await this.readings;
  }
}
