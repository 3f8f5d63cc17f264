import type { Counter, Gauge } from 'prom-client';
import type { MeterDiagnostics } from '../../meter/publisher.ts';
import { certainModel, type Output } from '../output.ts';
import type { MeterState } from './meter-states.ts';
import { countsUp, quantityMetric, type Sample } from './quantity-metric.ts';

/** The program itself. */
interface BridgeFacts {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly residentMemory: number;
  /** Undefined where there is no broker. */
  readonly brokerConnected: boolean | undefined;
}

export function bridgeSamples({
  version,
  startedAt,
  residentMemory,
  brokerConnected,
}: BridgeFacts): readonly Sample[] {
  const gauge = (metric: string, help: string, value: number, labels = {}): Sample => ({
    metric: `multical2mqtt_${metric}`,
    help,
    type: 'gauge',
    labels,
    value,
  });
  return [
    gauge('build_info', 'Which version of multical2mqtt runs.', 1, { version }),
    gauge('start_time_seconds', 'When the bridge was started.', startedAt / 1000),
    gauge('resident_memory_bytes', 'Memory that the bridge takes.', residentMemory),
    ...(brokerConnected === undefined
      ? []
      : [gauge('broker_connected', 'Whether the MQTT broker is connected.', +brokerConnected)]),
  ];
}

type Row = readonly [metric: string, help: string, value: (diagnostics: MeterDiagnostics) => number | null];

// biome-ignore format: a table reads best in rows
/** What the bridge's work on a meter comes to, since the bridge was started. */
const COUNTERS: readonly Row[] = [
  ['readings_total', 'Successful readings of the meter.', (d) => d.readings],
  ['failed_readings_total', 'Readings that failed in spite of all tries.', (d) => d.failedReadings],
  ['retries_total', 'Requests that were sent again.', (d) => d.retries],
  ['checksum_errors_total', 'Answers thrown away because of their checksum.', (d) => d.checksumErrors],
  ['discarded_bytes_total', 'Bytes on the line that belonged to no answer.', (d) => d.discardedBytes],
  ['timeouts_total', 'Requests that were not answered in time.', (d) => d.timeouts],
  ['wake_ups_total', 'Times that the meter was woken up.', (d) => d.wakeUps],
  ['transactions_total', 'Requests that the meter was sent.', (d) => d.transactions],
  ['sent_bytes_total', 'Bytes sent to the meter.', (d) => d.bytesSent],
  ['received_bytes_total', 'Bytes received from the meter.', (d) => d.bytesReceived],
  ['doubtful_values_total', 'Values held back because they did not fit the last good one.', (d) => d.doubtfulValues],
];

// biome-ignore format: a table reads best in rows
const GAUGES: readonly Row[] = [
  ['last_reading_duration_seconds', 'How long the latest reading took.', (d) => seconds(d.lastReadingDuration)],
  ['battery_readings_today', "Readings that the meter's battery paid for today.", (d) => d.battery.today.readings],
  ['battery_readings_left_today', 'Readings that the limit of the day leaves.', (d) => d.battery.readingsLeftToday],
  ['battery_awake_today_seconds', "Time in which the meter's eye was awake today.", (d) => seconds(d.battery.today.awakeTime)],
  ['battery_ratio', 'Load on the battery in seven days, to what its maker assumes.', (d) => d.battery.ratio],
];

/** Everything about one meter: its values, whether it answers, and what its readings cost. */
export function meterSamples({ meter, latest, online, diagnostics }: MeterState): readonly Sample[] {
  const { serialNumber, name, kind, softwareRevision } = meter;
  const labels = { serial_number: serialNumber, name };
  const samples: Sample[] = [];
  const add = (
    type: Sample['type'],
    metric: string,
    help: string,
    value: number | null | undefined,
  ): void => {
    if (value !== null && value !== undefined) samples.push({ metric, help, type, labels, value });
  };
  const described = {
    ...labels,
    model: certainModel(meter) ?? '',
    kind: kind ?? '',
    software_revision: softwareRevision ?? '',
  };
  const info = { metric: 'multical_meter_info', help: 'Which meter this is.', type: 'gauge' } as const;
  samples.push({ ...info, labels: described, value: 1 });
  add('gauge', 'multical_up', 'Whether the meter answers.', online === undefined ? undefined : +online);
  const readAt = seconds(diagnostics?.lastSuccessfulReading ?? null);
  add('gauge', 'multical_reading_timestamp_seconds', 'When the meter was last read.', readAt);
  // Totals are still right while a meter is silent; what it drew just before is not what it draws now.
  const shown = online === false ? latest.filter(countsUp) : latest;
  for (const quantity of shown.map(quantityMetric))
    if (quantity !== undefined) samples.push({ ...quantity, labels });
  if (diagnostics === undefined) return samples;
  for (const [metric, help, value] of COUNTERS)
    add('counter', `multical2mqtt_${metric}`, help, value(diagnostics));
  for (const [metric, help, value] of GAUGES)
    add('gauge', `multical2mqtt_${metric}`, help, value(diagnostics));
  return samples;
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / 1000;
}

/**
 * The samples as Prometheus reads them. They are absolute and made anew for each scrape, so the registry is too: nothing
 * is left in it of a meter that went, nor of a sensor that failed.
 */
export async function metricsText(samples: readonly Sample[]): Promise<string> {
  // Thirteen megabytes of memory, which a bridge that nobody scrapes does without.
  const prometheus = await import('prom-client');
  const registry = new prometheus.Registry();
  const families = new Map<string, Counter | Gauge>();
  for (const { metric, help, type, labels, value } of samples) {
    let family = families.get(metric);
    if (family === undefined) {
      const Family = type === 'counter' ? prometheus.Counter : prometheus.Gauge;
      family = new Family({
        name: metric,
        help,
        labelNames: Object.keys(labels),
        registers: [registry],
      });
      families.set(metric, family);
    }
    family.inc(labels, value);
  }
  return registry.metrics();
}

/** How the deliveries of one output go. */
export function outputSamples({ name, health }: Pick<Output, 'name' | 'health'>): readonly Sample[] {
  const { waiting, delivered, refused, lost, lastDelivery, problem } = health;
  const sample = (type: Sample['type'], metric: string, help: string, value: number): Sample => ({
    metric: `multical2mqtt_output_${metric}`,
    help,
    type,
    labels: { output: name },
    value,
  });
  return [
    sample('gauge', 'healthy', 'Whether the output has no problem.', problem === null ? 1 : 0),
    sample('gauge', 'waiting', 'What the server of the output has not taken yet.', waiting),
    sample('counter', 'delivered_total', 'What the output has delivered.', delivered),
    sample('counter', 'refused_total', 'What was refused for good and set aside.', refused),
    sample('counter', 'lost_total', 'What was given up as too old or too much.', lost),
    ...(lastDelivery === null
      ? []
      : [sample('gauge', 'last_delivery_timestamp_seconds', 'When it last delivered.', lastDelivery / 1000)]),
  ];
}
