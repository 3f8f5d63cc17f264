import { MeterRegistry } from '../../app/meter-registry.ts';
import { Meters } from '../../app/meters.ts';
import { loadConfig } from '../../config/load.ts';
import { BatteryAccount } from '../../meter/battery-account.ts';
import type { MeterConfig } from '../../meter/config.ts';
import { NO_MODEL } from '../../meter/identification.ts';
import { InMemoryMeterStore } from '../../meter/meter-store.ts';
import type { MeterIdentity, Publisher } from '../../meter/publisher.ts';
import { cronsOf, scheduleList } from '../../meter/schedules.ts';
import { NO_UNITS } from '../../outputs/converting-publisher.ts';
import { certainModel } from '../../outputs/output.ts';
import { newestOf, type Reading } from '../../readings/reading.ts';
import { FILE_AUDIENCE, renderText } from '../../schema/fault.ts';
import { untilAborted } from '../../shared/clock.ts';
import { Multical2MqttError, sentenceOf } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { computerClock } from '../../shared/release.ts';
import { readingsADay } from '../../shared/schedule.ts';
import { Waker } from '../../shared/waker.ts';
import type { OneShotOptions } from '../one-shot.ts';
import type { TakenReading } from '../reading-formats.ts';

interface WatchMeterOptions {
  readonly meter: MeterConfig;
  /** Bits a second of the line. */
  readonly baudRate: number;
  readonly show: (taken: TakenReading) => void;
  /** Called at the end with what was spent of each meter's battery. */
  readonly spent: (serialNumber: string, account: BatteryAccount) => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The maker's tables of battery life assume so many readings. */
const ASSUMED_A_DAY = 24;

/**
 * Reads a meter at once and then on its schedule, until `signal` is aborted: with all the care of the bridge, but with
 * no memory on the disk and without asking for details.
 */
export async function watchMeter(options: WatchMeterOptions): Promise<void> {
  const { meter, baudRate, show, spent, logger, signal } = options;
  const readings = Math.round(readingsADay(cronsOf(meter.schedule)));
  if (readings > ASSUMED_A_DAY)
    logger.warn(
      `This schedule asks for ${readings} readings a day; the maker's tables of battery life assume ${ASSUMED_A_DAY} at most`,
    );
  const store = new InMemoryMeterStore();
  const meters = new Meters([meter], {
    baudRate,
    store,
    claims: new MeterRegistry({ store, clock: computerClock, logger, forgotten: () => {} }),
    publisher: new ShowingPublisher(show),
    publishedUnits: { recall: () => NO_UNITS, remember: () => {} },
    cron: new Waker(computerClock, logger).schedule,
    language: () => 'en',
    clock: computerClock,
    random: Math.random,
    logger,
  });
  meters.start();
  await untilAborted(signal);
  await meters.endReadings();
  await meters.close();
  for (const { serialNumber, account } of store.all()) spent(serialNumber, new BatteryAccount(account));
}

interface WatchedMeterOptions
  extends Pick<OneShotOptions, 'port' | 'address' | 'timeoutAllowance' | 'wakeUp'> {
  /** Cron, the name of a preset, or several with `;` between them. */
  readonly schedule: string;
  /** Undefined: the main ones of the meter's family. */
  readonly registers: readonly number[] | undefined;
}

/** The configuration of a meter that is named on the command line. Error `usage` where the schedule is none. */
export function watchedMeter(options: WatchedMeterOptions): MeterConfig {
  const { port, registers = 'auto', schedule, ...meter } = options;
  const schedules = scheduleList.read(schedule) as MeterConfig['schedule'];
  const complaint = scheduleList.fault(schedules);
  if (complaint !== null) {
    const what = renderText(complaint, FILE_AUDIENCE);
    throw new Multical2MqttError('usage', sentenceOf(`--schedule ${what}`));
  }
  const { config } = loadConfig({
    // Nothing of the user's own configuration: neither a file nor the environment.
    environment: {},
    directory: NOWHERE,
    overrides: { 'meter.port': port, 'meter.name': 'The meter', 'meter.detailSchedule': 'never' },
  });
  const [defaults] = config.meters;
  if (defaults === undefined) throw new Error('a configuration with a port has a meter');
  return { ...defaults, ...meter, registers, schedule: schedules };
}

/** A folder in which there is no configuration. */
const NOWHERE = '/dev/null/nowhere';

/** Hands on what the registers said, each time that they were read, and nothing of what is made of them. */
class ShowingPublisher implements Publisher {
  private readonly show: (taken: TakenReading) => void;

  constructor(show: (taken: TakenReading) => void) {
    this.show = show;
  }

  meterIdentified(): void {}

  readingTaken(meter: MeterIdentity, fresh: readonly Reading[]): void {
    const readings = fresh.filter(({ register }) => register !== null);
    const readAt = newestOf(readings);
    if (readAt === undefined) return;
    this.show({ meter: identityOf(meter), certainModel: certainModel(meter), readAt, readings });
  }

  happened(): void {}

  availabilityChanged(): void {}

  diagnosticsChanged(): void {}

  meterForgotten(): void {}
}

/** In the form and the words of `read`. */
function identityOf({ serialNumber, model, kind, softwareRevision }: MeterIdentity): TakenReading['meter'] {
  const { name, certainty, why } = model ?? NO_MODEL;
  return { serialNumber, model: name, certainty, why, kind, softwareRevision };
}
