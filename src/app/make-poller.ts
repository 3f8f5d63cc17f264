import type { MeterConfig } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import type { Line } from '../meter/line.ts';
import { MeterClient } from '../meter/meter-client.ts';
import { newCounters } from '../meter/meter-counters.ts';
import { Health } from '../polling/health.ts';
import { MeterReader } from '../polling/meter-reader.ts';
import { Poller } from '../polling/poller.ts';
import type { Schedule } from '../polling/schedule.ts';
import { ConvertingPublisher, type PublishedUnits } from '../publish/converting-publisher.ts';
import type { Publisher } from '../publish/publisher.ts';
import { amountStages } from '../readings/amount-stages.ts';
import type { Clock } from '../shared/clock.ts';
import type { MeterRegistry } from './meter-registry.ts';
import type { StoredMeterMemory } from './stored-meter-memory.ts';

/** What the meters of one bridge have in common. */
export interface Surroundings {
  readonly line: Line;
  readonly memory: StoredMeterMemory;
  readonly registry: MeterRegistry;
  readonly publisher: Publisher;
  readonly publishedUnits: PublishedUnits;
  readonly cron: Schedule;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The poller of one configured meter, with everything below it. */
export function makePoller(meter: MeterConfig, surroundings: Surroundings): Poller {
  const { line, memory, registry, publishedUnits, cron, clock, logger } = surroundings;
  const publisher = new ConvertingPublisher(surroundings.publisher, meter.units, publishedUnits, logger);
  const counters = newCounters();
  const health = new Health(counters);
  const reader = new MeterReader({
    place: meter,
    registers: meter.registers,
    companions: meter,
    stages: amountStages(meter),
    client: new MeterClient({ destination: meter.address, counters }),
    memory,
    clock,
    logger,
    identified: (identity) => {
      publisher.meterIdentified(identity);
      registry.identified(meter, identity.serialNumber, poller);
    },
    replaced: (identity) => {
      publisher.availabilityChanged(identity, false);
      health.startOver();
    },
  });
  const { name, schedule, detailSchedule, timezone, readOnStart } = meter;
  const poller: Poller = new Poller({
    name,
    schedule,
    detailSchedule,
    timezone,
    readOnStart,
    line,
    reader,
    health,
    publisher,
    cron,
    clock,
    logger,
  });
  if (reader.identity !== undefined) registry.expected(reader.identity.serialNumber, poller);
  return poller;
}
