import type { BatteryUse, MeterDiagnostics } from '../publisher.ts';

type Field = readonly [key: string, value: string];

/** What the bridge knows of its own work, as fields. Durations are seconds. Their types never change. */
export function diagnosticsFields(diagnostics: MeterDiagnostics): readonly Field[] {
  const { battery, lastReadingDuration } = diagnostics;
  return [
    whole('readings', diagnostics.readings),
    whole('failed_readings', diagnostics.failedReadings),
    whole('retries', diagnostics.retries),
    whole('checksum_errors', diagnostics.checksumErrors),
    whole('discarded_bytes', diagnostics.discardedBytes),
    whole('timeouts', diagnostics.timeouts),
    whole('wake_ups', diagnostics.wakeUps),
    whole('transactions', diagnostics.transactions),
    whole('bytes_sent', diagnostics.bytesSent),
    whole('bytes_received', diagnostics.bytesReceived),
    whole('doubtful_values', diagnostics.doubtfulValues),
    ...(lastReadingDuration === null
      ? []
      : [decimal('last_reading_duration', lastReadingDuration / 1000, 3)]),
    ...useFields('today', battery.today),
    ...useFields('last_7_days', battery.lastSevenDays),
    decimal('battery_ratio', battery.ratio, 2),
  ];
}

function useFields(period: string, use: BatteryUse): readonly Field[] {
  return [
    whole(`readings_${period}`, use.readings),
    whole(`transactions_${period}`, use.transactions),
    whole(`wake_ups_${period}`, use.wakeUps),
    whole(`bytes_${period}`, use.bytes),
    decimal(`seconds_awake_${period}`, use.awakeTime / 1000, 1),
  ];
}

function whole(key: string, value: number): Field {
  return [key, `${Math.round(value)}i`];
}

function decimal(key: string, value: number, decimals: number): Field {
  return [key, value.toFixed(decimals)];
}
