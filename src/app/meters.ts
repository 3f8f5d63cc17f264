import type { Language } from '../catalogue/texts/languages.ts';
import { MeterClient } from '../link/client.ts';
import { Line } from '../link/line.ts';
import { newCounters } from '../link/session.ts';
import { lineTiming } from '../link/timing.ts';
import { Battery } from '../meter/battery.ts';
import type { MeterConfig } from '../meter/config.ts';
import { Health } from '../meter/health.ts';
import { MeterReader } from '../meter/meter-reader.ts';
import type { MeterStore } from '../meter/meter-store.ts';
import { Poller } from '../meter/poller.ts';
import { cronsOf } from '../meter/presets.ts';
import type { Publisher } from '../meter/publisher.ts';
import { burstSettings } from '../meter/validators.ts';
import { ConvertingPublisher, type PublishedUnits } from '../outputs/converting-publisher.ts';
import { meterStages } from '../readings/stages.ts';
import type { Clock, Random } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import type { Schedule } from '../shared/schedule.ts';
import { channelFactory, isNetworkPort } from '../transport/open.ts';
import type { MeterRegistry } from './meter-registry.ts';

interface LinesOptions {
  /** In place of the meters' own; only a simulated meter is faster. */
  readonly baudRate?: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** One line a port, however many meters share it. */
export class Lines {
  private readonly options: LinesOptions;
  private readonly byPort = new Map<string, Line>();

  constructor(options: LinesOptions) {
    this.options = options;
  }

  /** The line that the meter hangs on. Of meters that share one, the first says how patient it is. */
  of({ port, timeoutAllowance, ...meter }: MeterConfig): Line {
    // Host names do not tell capitals apart, paths do.
    const key = isNetworkPort(port) ? port.toLowerCase() : port;
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

/** What the meters of one bridge have in common. */
interface Surroundings {
  readonly line: Line;
  readonly memory: MeterStore;
  readonly registry: MeterRegistry;
  readonly publisher: Publisher;
  readonly publishedUnits: PublishedUnits;
  readonly cron: Schedule;
  readonly language: Language;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The poller of one configured meter, with everything below it. */
export function makePoller(meter: MeterConfig, surroundings: Surroundings): Poller {
  const { line, memory, registry, publishedUnits, cron, language, clock, logger } = surroundings;
  const publisher = new ConvertingPublisher(surroundings.publisher, meter.units, publishedUnits, logger);
  const counters = newCounters();
  const health = new Health(counters);
  const reader: MeterReader = new MeterReader({
    place: meter,
    registers: meter.registers,
    extra: meter,
    stages: meterStages(meter, language, (text) => logger.warn(`${meter.name}: ${text}`)),
    client: new MeterClient(
      { destination: meter.address, counters, wakeAdvice: () => reader.wakeAdvice },
      meter.wakeUp,
    ),
    memory,
    clock,
    logger,
    learns: meter.detailSchedule !== 'never',
    identified: (identity) => {
      if (!registry.identified(meter, identity.serialNumber, poller)) return false;
      publisher.meterIdentified(identity);
      battery.meterShown();
      return true;
    },
    replaced: (identity) => {
      publisher.availabilityChanged(identity, false);
      health.startOver();
    },
  });
  const { name, schedule, detailSchedule, timezone, readOnStart, mainsPowered, burst } = meter;
  const { maxReadingsPerDay } = meter.battery;
  const battery = new Battery({
    name,
    timezone,
    maxReadingsPerDay,
    mainsPowered,
    counters,
    holder: reader,
    clock,
    logger,
  });
  const poller: Poller = new Poller({
    name,
    schedules: cronsOf(schedule),
    detailSchedule,
    timezone,
    readOnStart,
    line,
    reader,
    health,
    battery,
    burst: burstSettings(burst),
    publisher,
    cron,
    clock,
    logger,
  });
  if (reader.identity !== undefined) registry.expected(reader.identity.serialNumber, poller);
  return poller;
}
