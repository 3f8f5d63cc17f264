import { localTime } from '../../shared/local-time.ts';
import type { MeterDiagnostics } from '../publisher.ts';

/** Times are ISO 8601 with offset, durations seconds. */
export function diagnosticsJson(diagnostics: MeterDiagnostics): string {
  const { lastSuccessfulReading, lastReadingDuration } = diagnostics;
  return JSON.stringify({
    readings: diagnostics.readings,
    failed_readings: diagnostics.failedReadings,
    retries: diagnostics.retries,
    checksum_errors: diagnostics.checksumErrors,
    discarded_bytes: diagnostics.discardedBytes,
    timeouts: diagnostics.timeouts,
    wake_ups: diagnostics.wakeUps,
    transactions: diagnostics.transactions,
    bytes_sent: diagnostics.bytesSent,
    bytes_received: diagnostics.bytesReceived,
    doubtful_values: diagnostics.doubtfulValues,
    last_successful_reading: lastSuccessfulReading === null ? null : localTime(lastSuccessfulReading),
    last_error: diagnostics.lastError,
    last_reading_duration: lastReadingDuration === null ? null : Math.round(lastReadingDuration) / 1000,
  });
}
