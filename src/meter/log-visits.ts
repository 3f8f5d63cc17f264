import type { LogDialect } from '../catalogue/loggers.ts';
import { MeterClient } from '../link/client.ts';
import type { Line } from '../link/line.ts';
import { logAccess } from '../link/log-access.ts';
import { type Addressee, type MeterCounters, newCounters } from '../link/session.ts';
import { LogMemory } from '../loggers/log-memory.ts';
import type { LogVisit } from '../loggers/log-parts.ts';
import type { LogProgress, LogReading, LogWalkResult } from '../loggers/log-reading.ts';
import { type LogSource, readLogs, unread } from '../loggers/read-logs.ts';
import type { Clock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { inUse } from './asking.ts';
import { type Battery, costSince } from './battery.ts';
import type { MeterSettings } from './config.ts';
import type { CurrentMeter } from './current-meter.ts';
import type { KnownMeter } from './known-meter.ts';

interface LogVisitsParts {
  readonly line: Line;
  readonly battery: Pick<Battery, 'refusal' | 'charge'>;
  readonly addressee: Omit<Addressee, 'counters'>;
  readonly current: Pick<CurrentMeter, 'known'>;
  readonly clock: Clock;
}

/** A meter whose log was asked for. */
interface Visited extends Pick<LogSource, 'access' | 'client' | 'memory'> {
  readonly serialNumber: string;
  readonly counters: MeterCounters;
}

/** Reads the logs of the meter at one place, a page at a time: readings that are due come in between. */
export class LogVisits {
  private readonly settings: Pick<MeterSettings, 'wakeUp' | 'timezone'>;
  private readonly parts: LogVisitsParts;
  private readonly stopping = new AbortController();
  private running: Promise<unknown> | undefined;
  private reached: LogProgress | undefined;
  private visited: Visited | undefined;

  constructor(settings: Pick<MeterSettings, 'wakeUp' | 'timezone'>, parts: LogVisitsParts) {
    this.settings = settings;
    this.parts = parts;
  }

  /** How far the reading is that runs now; undefined where none does. */
  get progress(): LogProgress | undefined {
    return this.reached;
  }

  /** One at a time. Counts as one reading of today, and is refused where these are used up. */
  async read(reading: LogReading): Promise<readonly LogWalkResult[]> {
    const refuse = (reason: string): readonly LogWalkResult[] => unread(reading.loggers, reason);
    const { current, battery } = this.parts;
    const { known } = current;
    if (this.running !== undefined) return refuse('The log of this meter is being read already.');
    if (known === undefined)
      return refuse('No meter has answered here yet: its log is read after its first reading.');
    const { logDialect } = known.profile;
    if (logDialect === undefined)
      return refuse('It is not clear yet of which family this meter is: its log is read when it is.');
    if (logDialect === null)
      return refuse('No command is public that reads the log of this family of meters.');
    if (battery.refusal !== undefined) return refuse(battery.refusal);
    const running = this.readFrom(known, logDialect, reading);
    this.running = running.catch(() => {});
    try {
      return await running;
    } finally {
      this.running = undefined;
      this.reached = undefined;
    }
  }

  /** Resolves when nothing is read any more; whoever stops us closes the line to hurry it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private readFrom(
    { serialNumber, profile }: KnownMeter,
    dialect: LogDialect,
    reading: LogReading,
  ): Promise<readonly LogWalkResult[]> {
    const { clock } = this.parts;
    const visited = this.visitedOf(serialNumber, dialect);
    const visit = this.visitOf(visited);
    const signal = AbortSignal.any([this.stopping.signal, ...(reading.signal ? [reading.signal] : [])]);
    const progressed = (progress: LogProgress): void => {
      this.reached = progress;
      reading.progressed?.(progress);
    };
    const meter = { serialNumber, details: profile.details ?? 'heat', timezone: this.settings.timezone };
    return readLogs({ ...visited, visit, clock }, meter, { ...reading, signal, progressed });
  }

  private visitOf({ serialNumber, client, counters }: Visited): LogVisit {
    const { line, current, battery } = this.parts;
    let readings = 1;
    return (use) => {
      if (line.isLent) throw inUse(line.name);
      return line.withSession(async (session) => {
        if (current.known?.serialNumber !== serialNumber) throw anotherMeter(serialNumber);
        const before = { ...counters };
        try {
          await client.wake(session);
          return await use(session);
        } finally {
          const cost = costSince(before, counters);
          if (cost.transactions > 0) {
            battery.charge({ ...cost, readings });
            readings = 0;
          }
        }
      });
    };
  }

  /** What was found out about a meter holds for as long as it is there. */
  private visitedOf(serialNumber: string, dialect: LogDialect): Visited {
    if (this.visited?.serialNumber === serialNumber) return this.visited;
    const counters = newCounters();
    const addressee = { ...this.parts.addressee, counters };
    const client = new MeterClient(addressee, this.settings.wakeUp);
    const access = logAccess(dialect, addressee);
    this.visited = { serialNumber, counters, client, access, memory: new LogMemory() };
    return this.visited;
  }
}

function anotherMeter(serialNumber: string): Multical2MqttError {
  return new Multical2MqttError('cancelled', `Another meter answers in the place of ${serialNumber} now.`);
}
