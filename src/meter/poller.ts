import type { Line } from '../link/line.ts';
import type { MeterSession } from '../link/session.ts';
import { sleep } from '../shared/clock.ts';
import type { Deps } from '../shared/deps.ts';
import { briefOf, type ErrorCode, hasCode, sentenceOf } from '../shared/errors.ts';
import type { Schedule } from '../shared/schedule.ts';
import { AlarmLog } from './alarm-log.ts';
import type { Battery } from './battery.ts';
import type { CurrentMeter } from './current-meter.ts';
import type { Health } from './health.ts';
import type { MeterReader, ReadingKind } from './meter-reader.ts';
import type { MeterSettings } from './meter-settings.ts';
import { Midnight } from './midnight.ts';
import type { Publisher } from './publisher.ts';
import { Burst, RetrySchedule } from './retries.ts';

type PollerSettings = Pick<
  MeterSettings,
  'name' | 'schedules' | 'detailSchedule' | 'timezone' | 'readOnStart' | 'burst'
>;

interface PollerParts extends Pick<Deps, 'clock' | 'logger'> {
  readonly line: Line;
  readonly reader: MeterReader;
  readonly current: CurrentMeter;
  readonly health: Health;
  readonly battery: Battery;
  readonly publisher: Publisher;
  readonly cron: Schedule;
}

/** A port that is not there so long after the start is worth telling. */
const PATIENCE_AT_START = 5_000;
const PORT_TROUBLE: readonly ErrorCode[] = [
  'port-missing',
  'port-busy',
  'port-denied',
  'port-failed',
  'channel-closed',
];

/** When one meter is read, and what happens with what comes of it. One reading at a time. */
export class Poller {
  private readonly options: PollerSettings & PollerParts;
  private readonly alarms: AlarmLog;
  private running: Promise<void> | undefined;
  /** Kinds to be read, and the one that is being read. */
  private readonly wanted = new Set<ReadingKind>();
  private reading: ReadingKind | undefined;
  /** When the reading that runs was begun, on the monotonic clock. */
  private busySince = 0;
  private begun = false;
  /** A reading was lost because of the port, so that its return is worth one. */
  private dueAtOpening = false;
  /** Once until the next good reading: a port that drops at each request must not wake the meter each time. */
  private mayReadAtOpening = true;
  /** False where details are not wanted, and once learning failed too often; then the detail schedule goes on with it. */
  private learning: boolean;
  private readonly retries: RetrySchedule;
  /** The kind of reading that brought a doubtful value. */
  private doubtful: ReadingKind | undefined;
  private readonly burst: Burst;
  private readonly midnight: Midnight;
  /** The day on which the log was told that the meter has had its readings. */
  private refusedOn: string | undefined;
  private stopped = false;
  private endSchedules: Array<() => void> = [];

  constructor(settings: PollerSettings, parts: PollerParts) {
    const options = { ...settings, ...parts };
    this.options = options;
    this.alarms = new AlarmLog(options.name, options.logger);
    this.learning = options.detailSchedule !== 'never';
    const { name, burst, clock, timezone, logger } = options;
    this.midnight = new Midnight(clock, timezone, () => this.dayEnded());
    this.retries = new RetrySchedule(clock, (kind) => void this.read(kind));
    this.burst = new Burst({ name, settings: burst, clock, logger, read: () => void this.read('scheduled') });
  }

  start(): void {
    const { cron, schedules, detailSchedule, timezone, line, publisher, current, readOnStart, clock } =
      this.options;
    const known = current.identity;
    if (known !== undefined) {
      publisher.meterIdentified(known);
      // What is remembered may be older than what the broker keeps: no state before a reading.
      current.expire(clock.now());
      publisher.readingTaken(known, [], current.latest);
    }
    this.midnight.start();
    this.endSchedules = schedules.map((each) => cron(each, timezone, () => void this.read('scheduled')));
    if (detailSchedule !== 'never')
      this.endSchedules.push(cron(detailSchedule, timezone, () => void this.read('detail')));
    line.onOpen(() => this.lineOpened());
    if (readOnStart) this.retries.later(PATIENCE_AT_START, 'scheduled');
  }

  /** Resolves when no reading runs any more; whoever stops us closes the line to hurry it. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.midnight.stop();
    this.retries.stop();
    this.burst.stop();
    for (const end of this.endSchedules) end();
    await this.running;
  }

  /** Takes a reading now. One that runs already is the one: asking many times reads once. */
  read(kind: ReadingKind): Promise<void> {
    if (this.stopped) return Promise.resolve();
    // What is being read now is not read again; the other kind comes after it.
    if (kind !== this.reading) this.wanted.add(kind);
    this.running ??= this.readAll().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Milliseconds that the reading which runs now has taken so far; 0: none runs. */
  get busyFor(): number {
    return this.reading === undefined ? 0 : this.options.clock.monotonic() - this.busySince;
  }

  /** Resolves when no reading runs. */
  async idle(): Promise<void> {
    await this.running;
  }

  /** What was of yesterday is not shown as of today until somebody reads. */
  private dayEnded(): void {
    const { clock, current, health, publisher } = this.options;
    const expired = current.expire(clock.now());
    if (current.identity === undefined) return;
    const hasRead = health.diagnostics.lastSuccessfulReading !== null;
    if (hasRead && expired.length > 0) publisher.readingTaken(current.identity, expired, current.latest);
    this.report();
  }

  private lineOpened(): void {
    // Opening alone is no reason to wake a meter that did not answer: that is what the retries are for.
    const due = this.begun ? this.dueAtOpening : this.options.readOnStart;
    this.dueAtOpening = false;
    if (due) void this.read('scheduled');
  }

  private async readAll(): Promise<void> {
    this.begun = true;
    this.doubtful = undefined;
    this.retries.cancel();
    while (this.wanted.size > 0 && !this.stopped) {
      const kind = this.wanted.has('scheduled') ? 'scheduled' : 'detail';
      const { battery, reader } = this.options;
      if (battery.refusal !== undefined) return this.refuse(battery.refusal);
      this.wanted.delete(kind);
      if (kind === 'detail' && !reader.hasDetailsDue) continue;
      this.reading = kind;
      this.busySince = this.options.clock.monotonic();
      const done = await this.readOnce(kind);
      this.reading = undefined;
      if (!done) return;
    }
    this.retries.succeeded(this.doubtful);
  }

  private refuse(reason: string): void {
    const { battery, health, logger, name } = this.options;
    this.wanted.clear();
    this.retries.forgive();
    this.burst.end();
    health.refused(reason);
    this.report();
    const { date } = battery.today;
    if (this.refusedOn !== date) logger.warn(`${name}: ${reason}`);
    this.refusedOn = date;
  }

  /** One wake-up of the meter. At its first contact everything else is learnt along with the main registers. */
  private async readOnce(kind: ReadingKind): Promise<boolean> {
    const { battery, clock, current, line, logger, name, reader } = this.options;
    let now = kind;
    try {
      await line.withSession(async (session) => {
        const begin = clock.monotonic();
        battery.begin();
        const counted = await this.take(session, kind, begin, false);
        if (!reader.hasMoreToLearn || !this.learning) return;
        now = 'detail';
        logger.info(`${name}: asking once for everything else that this meter may have`);
        await this.take(session, now, begin, counted);
        this.wanted.delete('detail');
      });
      return true;
    } catch (error) {
      this.failed(error, now);
      return false;
    } finally {
      battery.end();
      // What was published leaves first; writing to a slow disk takes longer than that.
      await sleep(clock, 1);
      current.remember();
    }
  }

  /** `counted`: an earlier part of this reading was good already. Returns whether one was by now. */
  private async take(
    session: MeterSession,
    kind: ReadingKind,
    begin: number,
    counted: boolean,
  ): Promise<boolean> {
    const { clock, health, logger, name, publisher, reader } = this.options;
    const { meter, fresh, latest, doubts, readAt, failure } = await reader.read(session, kind);
    publisher.readingTaken(meter, fresh, latest);
    this.alarms.report(meter.serialNumber, fresh);
    if (failure !== undefined) throw failure;
    // A detail reading with nothing to ask, or of a meter of which nothing is known yet.
    if (fresh.length === 0 && doubts.length === 0) return counted;
    const duration = clock.monotonic() - begin;
    logger.info(
      `${name}: ${fresh.length} ${fresh.length === 1 ? 'value' : 'values'} of meter ${meter.serialNumber} in ${(duration / 1000).toFixed(1)} s`,
    );
    health.succeeded(readAt, duration, counted);
    health.doubted(doubts.length);
    if (doubts.length > 0) this.doubtful = kind;
    this.mayReadAtOpening = true;
    if (kind === 'scheduled') this.burst.afterReading(fresh);
    this.report();
    return true;
  }

  private failed(error: unknown, kind: ReadingKind): void {
    const { health, logger, name } = this.options;
    if (this.stopped) return;
    this.burst.end();
    if (isPortTrouble(error) && this.mayReadAtOpening) {
      this.dueAtOpening = true;
      this.mayReadAtOpening = false;
    }
    health.failed(briefOf(error));
    this.report();
    const minutes = this.retries.failed();
    if (minutes === undefined) {
      this.wanted.clear();
      if (kind === 'detail') this.learning = false;
      logger.warn(`${name}: ${sentenceOf(error)} Reading again on schedule.`);
    } else {
      // Details that failed are made up for along with the next reading.
      if (kind === 'detail') this.wanted.add('detail');
      logger.warn(`${name}: ${sentenceOf(error)} Reading again in ${minutes} min.`);
    }
  }

  private report(): void {
    const { battery, current, health, publisher } = this.options;
    battery.settle();
    const meter = current.identity;
    if (meter === undefined) return;
    if (health.online !== undefined) publisher.availabilityChanged(meter, health.online);
    publisher.diagnosticsChanged(meter, { ...health.diagnostics, battery: battery.diagnostics });
  }
}

function isPortTrouble(error: unknown): boolean {
  return PORT_TROUBLE.some((code) => hasCode(error, code));
}
