import type { MeterConfig } from '../config/config.ts';
import { cronsOf } from '../config/named-schedules.ts';
import type { Logger } from '../log/logger.ts';
import { readingsADay } from '../polling/busiest-week.ts';
import { cronSchedule } from '../polling/schedule.ts';
import { sleep, systemClock } from '../shared/clock.ts';
import { Lines } from './lines.ts';
import { makePoller } from './make-poller.ts';
import { MeterRegistry } from './meter-registry.ts';
import { PassingMeterMemory } from './passing-meter-memory.ts';
import { ShowingPublisher } from './showing-publisher.ts';
import type { TakenReading } from './taken-reading.ts';

export interface WatchMeterOptions {
  readonly meter: MeterConfig;
  /** Bits a second of the line. */
  readonly baudRate: number;
  readonly show: (taken: TakenReading) => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** What the maker's tables of battery life assume. */
const ASSUMED_A_DAY = 24;
/** A reading that runs when we are to end may take so long (ms) to end by itself. */
const GRACE = 2_000;

/**
 * Reads a meter at once and then on its schedule, until `signal` is aborted: with all the care of the bridge, but with
 * no memory on the disk and without asking for details.
 */
export async function watchMeter(options: WatchMeterOptions): Promise<void> {
  const { meter, baudRate, show, logger, signal } = options;
  const clock = systemClock;
  const readings = Math.round(readingsADay(cronsOf(meter.schedule)));
  if (readings > ASSUMED_A_DAY)
    logger.warn(
      `This schedule asks for ${readings} readings a day; the maker's tables of battery life assume ${ASSUMED_A_DAY} at most`,
    );
  const lines = new Lines({ baudRate, clock, random: Math.random, logger });
  const memory = new PassingMeterMemory();
  const poller = makePoller(meter, {
    line: lines.of(meter),
    memory,
    registry: new MeterRegistry({ places: [meter], memory, logger, forgotten: () => {} }),
    publisher: new ShowingPublisher(show),
    publishedUnits: { recall: () => ({}), remember: () => {} },
    cron: cronSchedule(logger),
    language: 'en',
    clock,
    logger,
  });
  poller.start();
  lines.start();
  await aborted(signal);
  const polling = poller.stop();
  const hurry = new AbortController();
  await Promise.race([polling, sleep(clock, GRACE, hurry.signal)]);
  hurry.abort();
  await lines.stop();
  await polling;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
