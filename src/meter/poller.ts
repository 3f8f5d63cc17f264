import { isPortTrouble, type Line } from '../link/line.ts';
import type { MeterSession } from '../link/session.ts';
import { sleep } from '../shared/clock.ts';
import { wallTime } from '../shared/credible-clock.ts';
import type { Deps } from '../shared/deps.ts';
import { briefOf, hasCode } from '../shared/errors.ts';
import type { Schedule } from '../shared/schedule.ts';
import { AlarmLog } from './alarm-log.ts';
import type { Battery } from './battery.ts';
import type { MeterSettings } from './config.ts';
import type { CurrentMeter } from './current-meter.ts';
import type { EarlierReading } from './earlier-reading.ts';
import type { Health, ReadingPart } from './health.ts';
import type { MeterReader, ReadingKind } from './meter-reader.ts';
import { type Activity, initialState, next, type PollerInput, type PollerState } from './poller-state.ts';
import type { Publisher } from './publisher.ts';
import { ReadingLog } from './reading-log.ts';
import { keepsAwake } from './schedules.ts';
import { Silence, type Sparing } from './silence.ts';
import { Aging, Burst, Midnight, RetrySchedule } from './timers.ts';

type PollerSettings = Pick<
  MeterSettings,
  'name' | 'schedules' | 'detailSchedule' | 'timezone' | 'burst' | 'mainsPowered'
>;

interface PollerParts extends Pick<Deps, 'clock' | 'logger'> {
  readonly line: Line;
  readonly reader: MeterReader;
  readonly current: CurrentMeter;
  readonly earlier: EarlierReading;
  readonly progress: { over(): void };
  readonly health: Health;
  readonly battery: Battery;
  readonly publisher: Publisher;
  readonly cron: Schedule;
}

/** Milliseconds after which a port that is still missing at the start is worth telling. */
const PATIENCE_AT_START = 5_000;

/** Decides when the meter is read, one reading at a time, and publishes what comes of it. */
export class Poller {
  private readonly settings: PollerSettings;
  private readonly parts: PollerParts;
  private readonly alarms: AlarmLog;
  private readonly log: ReadingLog;
  private readonly retries: RetrySchedule;
  private readonly burst: Burst;
  private readonly midnight: Midnight;
  private readonly silence: Silence;
  private readonly aging: Aging;
  private state: PollerState;
  /** When the last reading began, on the monotonic clock. */
  private begunAt: number;
  /** Pending while a reading runs. */
  private running: Promise<void> = Promise.resolve();
  private endSchedules: Array<() => void> = [];

  constructor(settings: PollerSettings, parts: PollerParts) {
    this.settings = settings;
    this.parts = parts;
    const { name, burst, detailSchedule, timezone } = settings;
    const { clock, current, earlier, logger } = parts;
    this.state = initialState({ detailSchedule, readOnStart: earlier.wait === 0 });
    this.begunAt = clock.monotonic() - earlier.age;
    this.alarms = new AlarmLog(name, parts);
    this.log = new ReadingLog(settings, parts);
    this.midnight = new Midnight(clock, timezone, () => this.dayEnded());
    this.aging = new Aging(
      clock,
      () => current.validFor,
      () => this.expire(),
    );
    this.retries = new RetrySchedule(clock, (kind) => void this.read(kind));
    this.burst = new Burst({ name, settings: burst, clock, logger, read: () => void this.read('scheduled') });
    const spared = (text: string): void => this.log.spared(text);
    this.silence = new Silence({ name, clock, logger, spared, sparing: () => this.sparing });
  }

  start(): void {
    const { schedules, detailSchedule, timezone } = this.settings;
    const { clock, cron, current, earlier, health, line, publisher, reader } = this.parts;
    const known = current.identity;
    if (known !== undefined) {
      publisher.meterIdentified(known);
      // The memory may be older than the broker's: no state is published before a reading.
      current.expire(clock.now());
      if (health.online) {
        this.report();
        this.burst.afterReading(current.latest);
      }
      publisher.readingTaken(known, [], current.latest, reader.awaited, health.online);
    }
    this.midnight.start();
    this.aging.watch();
    this.endSchedules = schedules.map((each) => cron(each, timezone, () => this.slot('scheduled')));
    if (detailSchedule !== 'never')
      this.endSchedules.push(cron(detailSchedule, timezone, () => this.slot('detail')));
    line.onOpen((wasLost) => {
      if (wasLost) this.silence.over();
      this.log.portOpened(wasLost);
      this.handle({ is: 'port-opened', now: clock.monotonic() });
    });
    if (earlier.wait < Number.POSITIVE_INFINITY)
      this.retries.plan(earlier.wait || PATIENCE_AT_START, 'scheduled');
  }

  /** Resolves when no reading runs any more; whoever stops us closes the line to hurry it. */
  async stop(): Promise<void> {
    this.handle({ is: 'stopped' });
    this.midnight.stop();
    this.aging.stop();
    this.retries.cancel();
    this.burst.stop();
    this.log.stop();
    this.alarms.stop();
    for (const end of this.endSchedules) end();
    await this.running;
  }

  /** Reads now. One that runs already is the one: asking many times reads once. Resolves when no reading runs. */
  read(kind: ReadingKind): Promise<void> {
    this.handle({ is: 'asked', kind, now: this.parts.clock.monotonic() });
    return this.running;
  }

  /** The same, for a person, who may have done something about a meter that was silent. */
  readNow(): Promise<void> {
    this.silence.over();
    this.retries.forgive();
    return this.read('scheduled');
  }

  /** How often a request is sent to a meter that may be asleep. */
  get tries(): number {
    return this.silence.tries;
  }

  get lastReading(): { readonly beganAt: number; readonly runs: boolean } {
    return { beganAt: this.begunAt, runs: this.state.activity.at === 'reading' };
  }

  /** Milliseconds that the reading which runs now has taken so far; 0: none runs. */
  get busyFor(): number {
    const { activity } = this.state;
    return activity.at === 'reading' ? this.parts.clock.monotonic() - activity.since : 0;
  }

  /** Resolves when no reading runs. */
  async idle(): Promise<void> {
    await this.running;
  }

  private slot(kind: ReadingKind): void {
    if (this.silence.takesSlot()) void this.read(kind);
  }

  private get sparing(): Sparing {
    const { mainsPowered, schedules } = this.settings;
    const { current } = this.parts;
    if (mainsPowered || current.sleepsDeeply || keepsAwake(schedules)) return 'nothing';
    return current.known === undefined ? 'tries' : 'tries-and-slots';
  }

  private handle(input: PollerInput): Activity {
    const before = this.state.activity;
    this.state = next(this.state, input);
    if (before.at === 'idle' && this.state.activity.at === 'reading') this.running = this.readAll();
    return this.state.activity;
  }

  private dayEnded(): void {
    this.expire();
    this.report();
  }

  /** What is no longer true is published as unknown until the next reading. */
  private expire(): void {
    const { clock, current, health, publisher, reader } = this.parts;
    const expired = current.expire(clock.now());
    if (current.identity === undefined || expired.length === 0) return;
    const hasRead = health.diagnostics.lastSuccessfulReading !== null;
    publisher.readingTaken(current.identity, hasRead ? expired : [], current.latest, reader.awaited);
  }

  /** Until nothing more is asked for, or a reading failed. */
  private async readAll(): Promise<void> {
    const { battery, clock, reader } = this.parts;
    this.retries.cancel();
    for (let { activity } = this.state; activity.at === 'reading'; { activity } = this.state) {
      const { kind } = activity;
      if (battery.refusal !== undefined) return this.refuse(battery.refusal);
      const isNeeded = kind === 'scheduled' || reader.hasDetailsDue;
      const failure = isNeeded ? await this.readOnce(kind) : undefined;
      const after = this.handle(failure ?? { is: 'ended', now: clock.monotonic() });
      if (failure === undefined && after.at === 'idle') this.retries.afterSuccess(after.doubtful);
    }
  }

  private refuse(reason: string): void {
    const { battery, health } = this.parts;
    this.handle({ is: 'refused' });
    this.retries.forgive();
    this.burst.end();
    // Two that ask at the same moment are refused once.
    if (health.refused(reason)) this.report();
    this.log.refused(reason, battery.today.date);
  }

  /** One wake-up of the meter. At its first contact everything else is learnt along with the main registers. */
  private async readOnce(kind: ReadingKind): Promise<PollerInput | undefined> {
    const { battery, clock, current, line, progress, reader } = this.parts;
    let now = kind;
    // A port that is away ends the reading before it has the line.
    this.begunAt = clock.monotonic();
    try {
      await line.withSession(async (session) => {
        const begin = clock.monotonic();
        this.begunAt = begin;
        battery.begin();
        const part = await this.readPart(session, kind, begin, 'first');
        if (!reader.hasMoreToLearn || this.state.learning === 'by-schedule') return;
        now = 'detail';
        this.log.learning(part);
        await this.readPart(session, now, begin, part);
        this.handle({ is: 'learnt' });
      });
      return undefined;
    } catch (error) {
      return this.failed(error, now);
    } finally {
      battery.end();
      progress.over();
      // The published readings leave first; writing to a slow disk takes longer than that.
      await sleep(clock, 1);
      current.remember();
    }
  }

  /** Returns which part of its reading the next one is: the first until one brought something. */
  private async readPart(
    session: MeterSession,
    kind: ReadingKind,
    begin: number,
    part: ReadingPart,
  ): Promise<ReadingPart> {
    const { clock, health, publisher, reader } = this.parts;
    const result = await reader.read(session, kind);
    const { meter, fresh, latest, doubts, events, readAt, failure } = result;
    publisher.readingTaken(meter, fresh, latest, reader.awaited);
    for (const event of events) publisher.happened(meter, event);
    this.aging.watch();
    this.alarms.report(meter.serialNumber, fresh);
    const { again } = this.silence;
    if (fresh.length > 0 || doubts.length > 0) this.silence.over();
    if (failure !== undefined) throw failure;
    // A detail reading with nothing to ask, or of a meter of which nothing is known yet.
    if (fresh.length === 0 && doubts.length === 0) return part;
    const duration = clock.monotonic() - begin;
    health.succeeded(readAt, duration, part);
    health.doubted(doubts.length);
    this.log.succeeded({ ...result, kind, duration, again, diagnostics: health.diagnostics });
    this.handle({ is: 'answered', kind, doubts: doubts.length });
    if (kind === 'scheduled') this.burst.afterReading(fresh);
    this.report();
    return 'further';
  }

  /** A reading that our own end has cut is no failure. */
  private failed(error: unknown, kind: ReadingKind): PollerInput | undefined {
    if (this.state.activity.at === 'stopped') return undefined;
    const { health } = this.parts;
    this.burst.end();
    if (hasCode(error, 'no-answer')) this.silence.unanswered();
    health.failed(briefOf(error));
    this.report();
    const minutes = this.retries.afterFailure();
    const cause = isPortTrouble(error) ? 'port' : 'meter';
    this.log.failed(error, cause, minutes);
    return { is: 'failed', kind, cause, again: minutes === undefined ? 'on-schedule' : 'soon' };
  }

  private report(): void {
    const { battery, clock, current, health, publisher } = this.parts;
    battery.settle();
    const meter = current.identity;
    if (meter === undefined) return;
    if (health.online !== undefined) publisher.availabilityChanged(meter, health.online);
    const { diagnostics } = health;
    publisher.diagnosticsChanged(meter, {
      ...diagnostics,
      lastSuccessfulReading: wallTime(diagnostics.lastSuccessfulReading, clock),
      battery: battery.diagnostics,
    });
  }
}
