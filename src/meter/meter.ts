import type { LogDialect } from '../catalogue/loggers.ts';
import type { LogProfile } from '../catalogue/logs.ts';
import { MeterClient } from '../link/client.ts';
import type { ExchangeLog, KeptExchange } from '../link/exchange-log.ts';
import type { Line } from '../link/line.ts';
import { newCounters } from '../link/session.ts';
import type { LogProgress, LogReading } from '../loggers/log-reading.ts';
import type { StageMaker } from '../readings/pipeline.ts';
import type { Reading } from '../readings/reading.ts';
import { wallTime } from '../shared/credible-clock.ts';
import type { Deps } from '../shared/deps.ts';
import type { Schedule } from '../shared/schedule.ts';
import { Asking } from './asking.ts';
import { Battery } from './battery.ts';
import type { MeterPlace, MeterSettings } from './config.ts';
import { CurrentMeter } from './current-meter.ts';
import { earlierReading } from './earlier-reading.ts';
import { Health } from './health.ts';
import { LogVisits } from './log-visits.ts';
import { MeterReader, type ReadingKind } from './meter-reader.ts';
import type { MeterStore } from './meter-store.ts';
import { Poller } from './poller.ts';
import { Progress } from './progress.ts';
import type { BatteryDiagnostics, BatteryUse, MeterIdentity, Publisher } from './publisher.ts';
import { ReadCommands, type ReadingRefused } from './read-commands.ts';
import { type HeardRegister, RegisterMemory } from './register-memory.ts';

/** Keeps two places from reading one meter, which would overwrite each other's values with older ones. */
export interface MeterClaims {
  /** To be called when a place begins to be read. */
  add(place: ClaimingMeter): void;
  /** To be called when a meter answers. Returns false where another place reads it. */
  claim(place: ClaimingMeter, serialNumber: string): boolean;
}

export type ClaimingMeter = Pick<Meter, 'place' | 'serialNumber'> & { readNow(): unknown };

export interface MeterDeps extends Deps {
  readonly line: Line;
  readonly store: MeterStore;
  /** Gets the readings in the meter's own units. */
  readonly publisher: Publisher;
  readonly claims: MeterClaims;
  /** Run on the readings in this order. */
  readonly stages: Readonly<Record<string, StageMaker>>;
  readonly cron: Schedule;
  /** As `earlierReading` has it. */
  readonly since?: number | undefined;
  /** Of this meter; left out: nobody wants to see them. */
  readonly exchanges?: ExchangeLog | undefined;
}

export interface MeterStatus {
  /** Undefined until it answered for the first time. */
  readonly meter: MeterIdentity | undefined;
  /** Undefined until it is known. */
  readonly online: boolean | undefined;
  readonly diagnostics: Health['diagnostics'];
  readonly latest: readonly Reading[];
  /** The same while `latest` is. */
  readonly revision: string;
  /** Milliseconds that the reading which runs now has taken so far; 0: none runs. */
  readonly busyFor: number;
  /** Registers that it has asked for so far, of all that it will. */
  readonly progress: Progress['now'];
  /** Of the log that is being read; left out: none is. */
  readonly logProgress?: LogProgress | undefined;
}

/**
 * One configured meter, with all that belongs to it:
 *
 *   poller (when) ──▶ reader (what) ──▶ client ──▶ line
 *      │                 │                          ▲
 *      ▼                 ▼                          └ shared by the meters of one port
 *   publisher       current meter (which) ──▶ store
 *
 * Health and battery keep the account of what its readings bring and cost.
 */
export class Meter {
  readonly place: MeterPlace;
  private readonly deps: MeterDeps;
  private readonly current: CurrentMeter;
  private readonly health: Health;
  private readonly battery: Battery;
  private readonly poller: Poller;
  private readonly commands: ReadCommands;
  private readonly memory: RegisterMemory | undefined;
  private readonly asking: Asking;
  private readonly logs: LogVisits;
  private readonly progress = new Progress();
  /** Another one answered in its place, which may not be read here. */
  private left: MeterIdentity | undefined;

  constructor(settings: MeterSettings, deps: MeterDeps) {
    this.place = settings;
    this.deps = deps;
    const counters = newCounters();
    const current = new CurrentMeter(settings, deps.stages, deps.store, deps.clock);
    const earlier = earlierReading(settings, current, deps.clock, deps.since);
    const health = new Health(counters, deps.logger, earlier.ofNow);
    const battery = new Battery(settings, { counters, owner: current, ...deps });
    const wakeAdvice = (): string | undefined => current.wakeAdvice;
    const tries = (): number => this.poller.tries;
    const { exchanges } = deps;
    const addressee = { destination: settings.address, counters, wakeAdvice, tries, exchanges };
    const memory = exchanges === undefined ? undefined : new RegisterMemory(deps.clock);
    const client = new MeterClient(addressee, settings.wakeUp, (records) => memory?.heard(records));
    this.memory = memory;
    this.asking = new Asking(settings, { ...deps, battery, memory, addressee });
    this.logs = new LogVisits(settings, { ...deps, battery, current, addressee });
    const reader = new MeterReader(settings, {
      client,
      current,
      progress: this.progress,
      identified: (meter) => this.identified(meter),
      replaced: (meter) => this.replaced(meter),
      ...deps,
    });
    this.current = current;
    this.health = health;
    this.battery = battery;
    const poller = new Poller(settings, {
      reader,
      current,
      earlier,
      progress: this.progress,
      health,
      battery,
      ...deps,
    });
    this.poller = poller;
    this.commands = new ReadCommands({
      ...settings,
      ...deps,
      refusal: () => battery.refusal,
      lastReading: () => poller.lastReading,
      read: () => void poller.readNow(),
    });
  }

  /** Undefined until a meter answered here, in this run or an earlier one. */
  get serialNumber(): string | undefined {
    return this.current.known?.serialNumber;
  }

  get status(): MeterStatus {
    const { clock } = this.deps;
    const { online, diagnostics } = this.health;
    const { current } = this;
    const { identity, known } = current;
    return {
      meter: identity,
      online,
      diagnostics: {
        ...diagnostics,
        lastSuccessfulReading: wallTime(diagnostics.lastSuccessfulReading, clock),
      },
      // Costly, where all meters are looked at each second.
      get latest() {
        return current.latest;
      },
      revision: `${known?.serialNumber} ${known?.values.revision}`,
      busyFor: this.poller.busyFor,
      progress: this.progress.now,
      logProgress: this.logs.progress,
    };
  }

  /** Each register as it was answered last; none where no page shows them. */
  get heard(): readonly HeardRegister[] {
    return this.memory?.all ?? [];
  }

  /** As `Asking.ask`. */
  ask(ids: readonly number[], gone: AbortSignal): ReturnType<Asking['ask']> {
    return this.asking.ask(ids, gone);
  }

  /** How its log is read; null where that is not public, undefined while its family is not clear. */
  get logDialect(): LogDialect | null | undefined {
    return this.current.known?.profile.logDialect;
  }

  /** How many rows its logs hold; undefined while that is not clear. */
  get logDepths(): LogProfile['depths'] | undefined {
    return this.current.known?.profile.logDepths;
  }

  /** As `LogVisits.read`. */
  readLog(reading: LogReading): ReturnType<LogVisits['read']> {
    return this.logs.read(reading);
  }

  /** The last ones, newest first; none where they are not kept. */
  get exchanges(): readonly KeptExchange[] {
    return this.deps.exchanges?.newestFirst ?? [];
  }

  /** What reading it has cost its battery. */
  get spent(): BatteryDiagnostics & Pick<Battery, 'days' | 'isJudged'> {
    const { battery } = this;
    return { ...battery.diagnostics, days: battery.days, isJudged: battery.isJudged };
  }

  start(): void {
    this.deps.claims.add(this);
    this.poller.start();
  }

  /** Resolves when no reading runs any more; whoever stops us closes the line to hurry it. */
  async stop(): Promise<void> {
    await Promise.all([this.poller.stop(), this.logs.stop()]);
  }

  /** A person, or an automation, wants a reading: it is taken, or the log says why it is not, and so does the answer. */
  readNow(): ReadingRefused | undefined {
    return this.commands.asked();
  }

  /** Takes a reading; one of its kind that runs already is the one. Resolves when no reading runs any more. */
  read(kind: ReadingKind): Promise<void> {
    return this.poller.read(kind);
  }

  /** Books what another program's asking cost here. False where it was another meter that answered. */
  charge(use: BatteryUse, serialNumber: string | undefined): boolean {
    const { known } = this.current;
    if (known !== undefined && serialNumber !== undefined && known.serialNumber !== serialNumber)
      return false;
    this.battery.charge(use);
    return true;
  }

  /** Resolves when no reading runs. */
  idle(): Promise<void> {
    return this.poller.idle();
  }

  private identified(meter: MeterIdentity): boolean {
    if (!this.deps.claims.claim(this, meter.serialNumber)) return false;
    const { publisher, clock } = this.deps;
    publisher.meterIdentified(meter);
    const left = this.left;
    this.left = undefined;
    // Of the old one: whoever waits for such an event knows no other yet.
    if (left !== undefined && left.serialNumber !== meter.serialNumber)
      publisher.happened(left, {
        kind: 'meter-swapped',
        old: left.serialNumber,
        new: meter.serialNumber,
        readAt: clock.now(),
      });
    this.battery.meterIdentified();
    return true;
  }

  private replaced(meter: MeterIdentity): void {
    this.left ??= meter;
    this.deps.publisher.availabilityChanged(meter, false);
    this.health.startOver();
    this.memory?.forget();
  }
}
