import { type MeterCounters, newCounters } from '../meter/meter-counters.ts';
import type { MeterDiagnostics } from '../publish/publisher.ts';

/** Readings in a row that must fail before a meter counts as offline. */
const FAILURES_TO_OFFLINE = 3;

/** How the readings of one meter go, and what they cost. */
export class Health {
  private readonly counters: MeterCounters;
  private figures = noFigures();
  private failuresInARow = 0;
  private availability: boolean | undefined;

  constructor(counters: MeterCounters) {
    this.counters = counters;
  }

  /** Undefined until it is known. */
  get online(): boolean | undefined {
    return this.availability;
  }

  get diagnostics(): MeterDiagnostics {
    return { ...this.counters, ...this.figures };
  }

  /** `duration` in milliseconds. `counted`: this is a further part of a reading that was counted. */
  succeeded(readAt: number, duration: number, counted = false): void {
    const { figures } = this;
    if (!counted) figures.readings++;
    figures.lastError = null;
    figures.lastSuccessfulReading = readAt;
    figures.lastReadingDuration = duration;
    this.failuresInARow = 0;
    this.availability = true;
  }

  failed(message: string): void {
    this.figures.failedReadings++;
    this.figures.lastError = message;
    this.failuresInARow++;
    if (this.failuresInARow >= FAILURES_TO_OFFLINE) this.availability = false;
  }

  /** Another meter hangs here now: what was counted belongs to the one before. */
  startOver(): void {
    Object.assign(this.counters, newCounters());
    this.figures = noFigures();
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
