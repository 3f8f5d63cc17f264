import { localTime } from '../../shared/local-time.ts';
import type { BatteryUse, MeterDiagnostics } from '../publisher.ts';

/** Times are ISO 8601 with offset, durations seconds. */
export function diagnosticsJson(diagnostics: MeterDiagnostics): string {
  const { lastSuccessfulReading, lastReadingDuration, battery } = diagnostics;
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
    today: useJson(battery.today),
    last_7_days: useJson(battery.lastSevenDays),
    battery_ratio: Math.round(battery.ratio * 100) / 100,
    readings_left_today: battery.readingsLeftToday,
  });
}

function useJson({ readings, transactions, wakeUps, bytes, awakeTime }: BatteryUse): object {
  const seconds = Math.round(awakeTime / 100) / 10;
  return { readings, transactions, wake_ups: wakeUps, bytes, seconds_awake: seconds };
}
