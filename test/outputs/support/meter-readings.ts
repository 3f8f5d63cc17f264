import { fromUnsigned } from '../../../src/kmp/bytes.ts';
import type { MeterDiagnostics, MeterIdentity } from '../../../src/meter/publisher.ts';
import { type Reading, toReading } from '../../../src/readings/reading.ts';

export const METER: MeterIdentity = {
  serialNumber: '6655443',
  name: 'Fjernvarme Kælder',
  model: { name: 'MULTICAL 403', isOneOfSeveral: false, certainty: 'certain', why: 'by its type code' },
  kind: 'heat',
  softwareRevision: 'C1',
};

export const READ_AT = Date.UTC(2026, 0, 23, 18, 19, 47);

export const DIAGNOSTICS: MeterDiagnostics = {
  readings: 12,
  failedReadings: 2,
  retries: 3,
  checksumErrors: 4,
  discardedBytes: 5,
  timeouts: 6,
  wakeUps: 7,
  transactions: 8,
  bytesSent: 900,
  bytesReceived: 1_000,
  doubtfulValues: 1,
  lastSuccessfulReading: READ_AT,
  lastError: null,
  lastReadingDuration: 1_234.5678,
  battery: {
    today: { readings: 9, transactions: 10, wakeUps: 9, bytes: 950, awakeTime: 15_432 },
    lastSevenDays: { readings: 175, transactions: 200, wakeUps: 176, bytes: 19_000, awakeTime: 300_000 },
    ratio: 1.0449,
    readingsLeftToday: null,
  },
};

interface Register {
  readonly id: number;
  readonly unit: number;
  readonly integer: bigint;
  readonly bytes?: number;
  /** Sign bit 0x80, sign of the exponent 0x40, exponent below. */
  readonly signExponent?: number;
}

/** A reading as it comes out of the meter's own bytes. */
export function reading({ id, unit, integer, bytes = 8, signExponent = 0 }: Register): Reading {
  return toReading(
    { id, unit, signExponent, magnitude: Uint8Array.from(fromUnsigned(integer, bytes)) },
    READ_AT,
  );
}

export const HEAT_ENERGY = reading({ id: 60, unit: 8, integer: 227_445n, signExponent: 0x43 });
export const VOLUME = reading({ id: 68, unit: 40, integer: 4_127_10n, signExponent: 0x42 });
export const FLOW_TEMPERATURE = reading({ id: 86, unit: 37, integer: 6_520n, signExponent: 0x42 });
export const PEAK_DATE = reading({ id: 127, unit: 48, integer: 260_115n, bytes: 4 });
export const FEW: readonly Reading[] = [HEAT_ENERGY, VOLUME, FLOW_TEMPERATURE, PEAK_DATE];
