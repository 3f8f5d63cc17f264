import type { MeterModelName } from '../../src/catalogue/family.ts';
import { MeterClient, type WakeUp } from '../../src/link/client.ts';
import { Line } from '../../src/link/line.ts';
import { newCounters } from '../../src/link/session.ts';
import { lineTiming } from '../../src/link/timing.ts';
import { Battery } from '../../src/meter/battery.ts';
import { Health } from '../../src/meter/health.ts';
import { MeterReader } from '../../src/meter/meter-reader.ts';
import { InMemoryMeterStore } from '../../src/meter/meter-store.ts';
import { Poller, type PollerOptions } from '../../src/meter/poller.ts';
import type { MeterDiagnostics, MeterIdentity, Publisher } from '../../src/meter/publisher.ts';
import type { ExtraRegisters } from '../../src/meter/register-plan.ts';
import type { StageMaker } from '../../src/readings/pipeline.ts';
import type { Reading } from '../../src/readings/reading.ts';
import type { Logger } from '../../src/shared/logger.ts';
import { SimulatedChannel } from '../../src/simulator/channel.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { CollectingLogger } from './collecting-logger.ts';
import { FakeClock } from './fake-clock.ts';

/** What a poller hands on, in order. */
export class CollectingPublisher implements Publisher {
  readonly identified: MeterIdentity[] = [];
  readonly readings: Array<{ meter: MeterIdentity; fresh: readonly Reading[]; latest: readonly Reading[] }> =
    [];
  readonly availability: Array<{ serialNumber: string; online: boolean }> = [];
  readonly diagnostics: MeterDiagnostics[] = [];

  meterIdentified(meter: MeterIdentity): void {
    this.identified.push(meter);
  }

  readingTaken(meter: MeterIdentity, fresh: readonly Reading[], latest: readonly Reading[]): void {
    this.readings.push({ meter, fresh, latest });
  }

  availabilityChanged({ serialNumber }: MeterIdentity, online: boolean): void {
    this.availability.push({ serialNumber, online });
  }

  diagnosticsChanged(_meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.diagnostics.push(diagnostics);
  }

  meterForgotten(): void {}
}

export interface PolledLineOptions
  extends Partial<Pick<PollerOptions, 'readOnStart' | 'schedules' | 'detailSchedule' | 'burst'>> {
  readonly meters?: readonly SimulatedMeterOptions[];
  readonly registers?: 'auto' | readonly number[];
  readonly model?: MeterModelName | 'auto';
  readonly extra?: ExtraRegisters;
  readonly memory?: InMemoryMeterStore;
  readonly wakeUp?: WakeUp;
  /** Another entry of the configuration reads the same meter. */
  readonly readElsewhere?: boolean;
  readonly stages?: Readonly<Record<string, StageMaker>>;
  readonly timezone?: string;
  readonly maxReadingsPerDay?: number;
  readonly mainsPowered?: boolean;
  /** Wall clock at the start. */
  readonly now?: number;
}

/** A poller on a simulated line, in a time that moves when the test says so. */
export class PolledLine {
  readonly clock: FakeClock;
  readonly logger: Logger & CollectingLogger = new CollectingLogger();
  readonly publisher = new CollectingPublisher();
  readonly memory: InMemoryMeterStore;
  readonly simulator: Simulator;
  readonly line: Line;
  readonly poller: Poller;
  readonly ticks = new Map<string, () => void>();
  /** Of each schedule. */
  readonly timezones = new Map<string, string>();

  constructor(options: PolledLineOptions = {}) {
    this.clock = new FakeClock(options.now);
    const { clock, logger, publisher } = this;
    const timezone = options.timezone ?? '';
    const random = (): number => 0.5;
    this.memory = options.memory ?? new InMemoryMeterStore();
    this.simulator = new Simulator({ meters: options.meters ?? [{ model: '403' }], clock, random, logger });
    const makeChannel = (): SimulatedChannel => new SimulatedChannel(this.simulator);
    const timing = lineTiming({ baudRate: 1200, network: false });
    this.line = new Line({ name: 'the port', makeChannel, timing, clock, random, logger });
    const counters = newCounters();
    const health = new Health(counters);
    const reader: MeterReader = new MeterReader({
      place: { name: 'Heating', port: 'the port', address: 0x3f, model: options.model ?? 'auto' },
      registers: options.registers ?? 'auto',
      extra: options.extra ?? { fineEnergy: false, meanTemperatures: false },
      stages: options.stages ?? {},
      client: new MeterClient(
        { destination: 0x3f, counters, wakeAdvice: () => reader.wakeAdvice },
        options.wakeUp,
      ),
      memory: this.memory,
      clock,
      logger,
      learns: options.detailSchedule !== 'never',
      identified: (meter) => {
        publisher.meterIdentified(meter);
        battery.meterShown();
        return options.readElsewhere !== true;
      },
      replaced: (meter) => {
        publisher.availabilityChanged(meter, false);
        health.startOver();
      },
    });
    const battery = new Battery({
      name: 'Heating',
      timezone,
      maxReadingsPerDay: options.maxReadingsPerDay ?? null,
      mainsPowered: options.mainsPowered ?? false,
      counters,
      holder: reader,
      clock,
      logger,
    });
    this.poller = new Poller({
      name: 'Heating',
      schedules: options.schedules ?? ['hourly'],
      detailSchedule: options.detailSchedule ?? 'daily',
      timezone,
      readOnStart: options.readOnStart ?? true,
      line: this.line,
      reader,
      health,
      battery,
      burst: options.burst ?? null,
      publisher,
      cron: (expression, timezone, action) => {
        this.timezones.set(expression, timezone);
        this.ticks.set(expression, action);
        return () => this.ticks.delete(expression);
      },
      clock,
      logger,
    });
  }

  start(): void {
    this.poller.start();
    this.line.start();
  }

  async firstReading(): Promise<void> {
    this.start();
    await this.clock.advance(0);
    await this.clock.runUntil(this.poller.idle());
  }

  /** A tick of the schedule, and all the time that its reading takes. */
  async tick(schedule: 'hourly' | 'daily'): Promise<void> {
    this.ticks.get(schedule)?.();
    await this.clock.runUntil(this.poller.idle());
  }

  async stop(): Promise<void> {
    const stopping = Promise.all([this.line.stop(), this.poller.stop()]);
    await this.clock.runUntil(stopping);
    this.simulator.stop();
  }

  /** The last value that was published for a quantity. */
  published(quantity: string): string | undefined {
    const reading = this.publisher.readings.at(-1)?.latest.find((each) => each.quantity === quantity);
    return reading?.value.kind === 'number' ? reading.value.value.toFixed(reading.value.decimals) : undefined;
  }
}
