import type { StoredMeterMemory } from '../../src/app/memory.ts';
import { MeterRegistry } from '../../src/app/meter-registry.ts';
import type { ExchangeLog } from '../../src/link/exchange-log.ts';
import { Line } from '../../src/link/line.ts';
import { lineTiming } from '../../src/link/timing.ts';
import type { MeterConfig, MeterPlace, MeterSettings } from '../../src/meter/config.ts';
import { Meter } from '../../src/meter/meter.ts';
import { InMemoryMeterStore } from '../../src/meter/meter-store.ts';
import type { Awaited, MeterDiagnostics, MeterIdentity, Publisher } from '../../src/meter/publisher.ts';
import {
  ConvertingPublisher,
  type LastUnits,
  NO_UNITS,
  type PublishedUnits,
} from '../../src/outputs/converting-publisher.ts';
import { FanOut } from '../../src/outputs/output.ts';
import type { MeterEvent } from '../../src/readings/meter-event.ts';
import type { StageMaker } from '../../src/readings/pipeline.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { meterStages } from '../../src/readings/stages.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { CredibleClock } from '../../src/shared/credible-clock.ts';
import type { Deps } from '../../src/shared/deps.ts';
import type { Logger } from '../../src/shared/logger.ts';
import type { Schedule } from '../../src/shared/schedule.ts';
import { Waker } from '../../src/shared/waker.ts';
import { SimulatedChannel } from '../../src/simulator/channel.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import type { ByteChannel } from '../../src/transport/channel.ts';
import { CollectingLogger } from './collecting-logger.ts';
import { FakeClock } from './fake-clock.ts';

/** The schedules of a meter, by the names that tests call them by. */
const CRON = { hourly: '0 * * * *', daily: '30 3 * * *' } as const;

/** What a meter hands on, in order. */
export class CollectingPublisher implements Publisher {
  readonly identified: MeterIdentity[] = [];
  readonly readings: Array<{
    meter: MeterIdentity;
    fresh: readonly Reading[];
    latest: readonly Reading[];
    awaited?: Awaited | undefined;
  }> = [];
  readonly availability: Array<{ serialNumber: string; online: boolean }> = [];
  readonly diagnostics: MeterDiagnostics[] = [];
  readonly events: Array<{ serialNumber: string; event: MeterEvent }> = [];

  meterIdentified(meter: MeterIdentity): void {
    this.identified.push(meter);
  }

  readingTaken(
    meter: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
    awaited?: Awaited,
  ): void {
    this.readings.push({ meter, fresh, latest, awaited });
  }

  availabilityChanged({ serialNumber }: MeterIdentity, online: boolean): void {
    this.availability.push({ serialNumber, online });
  }

  diagnosticsChanged(_meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.diagnostics.push(diagnostics);
  }

  happened({ serialNumber }: MeterIdentity, event: MeterEvent): void {
    this.events.push({ serialNumber, event });
  }

  meterForgotten(): void {}
}

class UnitsInMemory implements PublishedUnits {
  private readonly units = new Map<string, LastUnits>();

  recall(serialNumber: string): LastUnits {
    return this.units.get(serialNumber) ?? NO_UNITS;
  }

  remember(serialNumber: string, units: LastUnits): void {
    this.units.set(serialNumber, units);
  }
}

export interface PolledLineOptions
  extends Partial<Omit<MeterSettings, 'name' | 'port' | 'address' | 'battery'>>,
    Partial<Pick<MeterConfig, 'units' | 'heatEnergyInKwh' | 'gasEquivalent'>> {
  readonly meters?: readonly SimulatedMeterOptions[];
  readonly memory?: InMemoryMeterStore;
  /** In place of `memory`, which stays empty then. */
  readonly store?: StoredMeterMemory;
  /** Keeps what is on the line. */
  readonly exchanges?: ExchangeLog | undefined;
  readonly maxReadingsPerDay?: number;
  readonly minSecondsBetween?: number;
  /** Another entry of the configuration reads the same meter. */
  readonly readElsewhere?: boolean;
  /** After those of every meter. */
  readonly furtherStages?: Readonly<Record<string, StageMaker>>;
  /** The schedules are cron expressions, and come by the clock; otherwise `tick` alone makes them come. */
  readonly byTheClock?: boolean;
  /** Gets readings in the meter's own units. */
  readonly besides?: Publisher;
  /** Around what leads to the simulated meters. */
  readonly channel?: (inner: SimulatedChannel) => ByteChannel;
  /** Wall clock at the start. */
  readonly now?: number;
  /** When the program began to read; left out: with this line. */
  readonly since?: number;
  /** Before this the wall clock is not believed. */
  readonly credibleFrom?: number;
}

/** The place of an entry that reads the same meter. */
const ELSEWHERE: MeterPlace = { name: 'Elsewhere', port: 'another port', address: 0x3f };

/** A meter on a simulated line, in a time that moves when the test says so. */
export class PolledLine {
  readonly clock: FakeClock;
  /** As the bridge sees it. */
  readonly believed: Clock;
  readonly logger: Logger & CollectingLogger = new CollectingLogger();
  readonly publisher = new CollectingPublisher();
  readonly memory: InMemoryMeterStore;
  readonly simulator: Simulator;
  readonly line: Line;
  readonly meter: Meter;
  readonly ticks = new Map<string, () => void>();
  /** Of each schedule. */
  readonly timezones = new Map<string, string>();

  constructor(options: PolledLineOptions = {}) {
    this.clock = new FakeClock(options.now);
    const { clock, logger, publisher } = this;
    const {
      meters = [{ model: '403' }],
      memory,
      store,
      readElsewhere,
      byTheClock,
      besides,
      channel,
      ...rest
    } = options;
    const {
      units = {},
      heatEnergyInKwh = false,
      gasEquivalent = 0,
      furtherStages,
      exchanges,
      maxReadingsPerDay = null,
      minSecondsBetween = 10,
      now: _,
      since,
      credibleFrom,
      ...settings
    } = rest;
    const timezone = options.timezone ?? '';
    this.believed = credibleFrom === undefined ? clock : new CredibleClock(clock, credibleFrom);
    const deps: Deps = { clock: this.believed, random: () => 0.5, logger };
    this.memory = memory ?? new InMemoryMeterStore();
    this.simulator = new Simulator({ meters, ...deps, clock });
    const makeChannel = (): ByteChannel => {
      const inner = new SimulatedChannel(this.simulator);
      return channel?.(inner) ?? inner;
    };
    const timing = lineTiming({ baudRate: 1200, network: false });
    this.line = new Line({ name: 'the port', makeChannel, timing, ...deps });
    const registry = new MeterRegistry({
      store: store ?? this.memory,
      clock,
      logger,
      forgotten: (_, done) => done(),
    });
    if (readElsewhere) {
      const other = { place: ELSEWHERE, serialNumber: undefined, readNow: () => {} };
      registry.claim(other, String(this.simulator.meters[0]?.serialNumber));
    }
    const amounts = { timezone, heatEnergyInKwh, gasEquivalent, fineEnergy: options.fineEnergy ?? false };
    const converting = new ConvertingPublisher(publisher, units, new UnitsInMemory(), logger);
    this.meter = new Meter(
      {
        name: 'Heating',
        port: 'the port',
        address: 0x3f,
        schedules: [CRON.hourly],
        detailSchedule: CRON.daily,
        timezone,
        readOnStart: true,
        registers: 'auto',
        fineEnergy: false,
        meanTemperatures: false,
        wakeUp: 'none',
        mainsPowered: false,
        battery: { maxReadingsPerDay, minSecondsBetween },
        burst: null,
        ...settings,
      },
      {
        line: this.line,
        exchanges,
        since,
        store: store ?? this.memory,
        publisher: new FanOut([converting, ...(besides === undefined ? [] : [besides])], logger),
        claims: registry,
        stages: {
          ...meterStages(
            amounts,
            () => 'en',
            (text) => logger.warn(`Heating: ${text}`),
          ),
          ...furtherStages,
        },
        cron: byTheClock ? new Waker(clock, logger).schedule : this.whenTicked,
        ...deps,
      },
    );
  }

  private readonly whenTicked: Schedule = (expression, timezone, action) => {
    this.timezones.set(expression, timezone);
    this.ticks.set(expression, action);
    return () => this.ticks.delete(expression);
  };

  start(): void {
    this.meter.start();
    this.line.start();
  }

  async firstReading(): Promise<void> {
    this.start();
    await this.clock.advance(0);
    await this.clock.runUntil(this.meter.idle());
  }

  /** A tick of the schedule, and all the time that its reading takes. */
  async tick(schedule: 'hourly' | 'daily'): Promise<void> {
    this.ticks.get(CRON[schedule])?.();
    await this.clock.runUntil(this.meter.idle());
  }

  async stop(): Promise<void> {
    const stopping = Promise.all([this.line.stop(), this.meter.stop()]);
    await this.clock.runUntil(stopping);
    this.simulator.stop();
  }

  /** The registers that the last reading, or the one at `index`, brought. */
  freshRegisters(index = -1): readonly number[] {
    return this.publisher.readings.at(index)?.fresh.flatMap(({ register }) => register ?? []) ?? [];
  }

  /** The last value that was published for a quantity. */
  published(quantity: string): string | undefined {
    const reading = this.publisher.readings.at(-1)?.latest.find((each) => each.quantity === quantity);
    return reading?.value.kind === 'number' ? reading.value.value.toFixed(reading.value.decimals) : undefined;
  }
}
