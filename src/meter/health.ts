import { AGAIN } from '../link/again.ts';
import { type MeterCounters, newCounters } from '../link/session.ts';
import type { Logger } from '../shared/logger.ts';
import type { MeterDiagnostics } from './publisher.ts';

/** A reading that learns along has two parts, and counts once. */
export type ReadingPart = 'first' | 'further';

/** Counts good and failed readings of one meter, and decides whether it is online. */
export class Health {
  private readonly counters: MeterCounters;
  private readonly logger: Logger;
  /** The counters as they were when this meter's figures began. */
  private begun: MeterCounters = newCounters();
  private figures = noFigures();
  private failuresInARow = 0;
  private availability: boolean | undefined;
  private refusal: string | null = null;

  /** `readAt`: of an earlier reading, where that has shown that the meter is there. */
  constructor(counters: MeterCounters, logger: Logger, readAt?: number) {
    this.counters = counters;
    this.logger = logger;
    this.figures.lastSuccessfulReading = readAt ?? null;
    this.availability = readAt === undefined ? undefined : true;
  }

  /** Undefined until it is known. */
  get online(): boolean | undefined {
    return this.availability;
  }

  get diagnostics(): Omit<MeterDiagnostics, 'battery'> {
    const names = Object.keys(this.counters) as (keyof MeterCounters)[];
    const counted = names.map((name) => [name, this.counters[name] - this.begun[name]]);
    const { figures } = this;
    const lastError = [this.refusal, figures.lastError].filter((text) => text !== null).join(' ');
    return {
      ...(Object.fromEntries(counted) as MeterCounters),
      ...figures,
      lastError: lastError === '' ? null : this.logger.withoutSecrets(lastError),
    };
  }

  /** `duration` in milliseconds. */
  succeeded(readAt: number, duration: number, part: ReadingPart = 'first'): void {
    const { figures } = this;
    if (part === 'first') figures.readings++;
    figures.lastError = null;
    this.refusal = null;
    figures.lastSuccessfulReading = readAt;
    figures.lastReadingDuration = duration;
    this.failuresInARow = 0;
    this.availability = true;
  }

  /** A refused reading is no failure: the last error stays. Returns false where the same was refused before. */
  refused(reason: string): boolean {
    const isNew = reason !== this.refusal;
    this.refusal = reason;
    return isNew;
  }

  failed(message: string): void {
    this.refusal = null;
    this.figures.failedReadings++;
    this.figures.lastError = message;
    this.failuresInARow++;
    if (this.failuresInARow >= AGAIN.failuresToOffline) this.availability = false;
  }

  /** For another meter at the same place: the figures so far belong to the one before. */
  startOver(): void {
    this.begun = { ...this.counters };
    this.figures = noFigures();
    this.refusal = null;
    this.failuresInARow = 0;
    this.availability = undefined;
  }

  doubted(values: number): void {
    this.figures.doubtfulValues += values;
  }
}

function noFigures() {
  return {
    readings: 0,
    failedReadings: 0,
    doubtfulValues: 0,
    lastSuccessfulReading: null as number | null,
    lastError: null as string | null,
    lastReadingDuration: null as number | null,
  };
}
