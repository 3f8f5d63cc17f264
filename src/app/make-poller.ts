import { burstSettings } from '../config/burst-settings.ts';
import type { MeterConfig } from '../config/config.ts';
import { cronsOf } from '../config/named-schedules.ts';
import type { Logger } from '../log/logger.ts';
import type { Line } from '../meter/line.ts';
import { MeterClient } from '../meter/meter-client.ts';
import { newCounters } from '../meter/meter-counters.ts';
import { Battery } from '../polling/battery.ts';
import { Health } from '../polling/health.ts';
import type { MeterMemory } from '../polling/meter-memory.ts';
import { MeterReader } from '../polling/meter-reader.ts';
import { Poller } from '../polling/poller.ts';
import type { Schedule } from '../polling/schedule.ts';
import { ConvertingPublisher, type PublishedUnits } from '../publish/converting-publisher.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { Language } from '../readings/info/language.ts';
import type { Clock } from '../shared/clock.ts';
import type { MeterRegistry } from './meter-registry.ts';
import { meterStages } from './meter-stages.ts';

/** What the meters of one bridge have in common. */
export interface Surroundings {
  readonly line: Line;
  readonly memory: MeterMemory;
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
    companions: meter,
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
