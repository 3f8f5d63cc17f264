import type { Counter, Gauge } from 'prom-client';
import { type Figure, flatKey, inOrder, METER_FIGURES, OUTPUT_FIGURES } from '../diagnostics-figures.ts';
import { certainModel, type Output } from '../output.ts';
import type { MeterState } from './meter-states.ts';
import { countsUp, quantityMetric, type Sample } from './quantity-metric.ts';

/** The program itself. */
interface BridgeFacts {
  readonly version: string;
  /** Milliseconds since 1970; null while the clock is not set. */
  readonly startedAt: number | null;
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
    ...(startedAt === null
      ? []
      : [gauge('start_time_seconds', 'When the bridge was started.', startedAt / 1000)]),
    gauge('resident_memory_bytes', 'Memory that the bridge takes.', residentMemory),
    ...(brokerConnected === undefined
      ? []
      : [gauge('broker_connected', 'Whether the MQTT broker is connected.', +brokerConnected)]),
  ];
}

const LAST_GAUGES = ['readings_left_today', 'seconds_awake_today', 'battery_ratio'];

const METER_METRICS = inOrder(
  METER_FIGURES.map((figure) => [flatKey(figure), figure] as const),
  LAST_GAUGES,
).map(([, figure]) => figure);

/** A figure that is not known has no sample. */
function figureSamples<Source>(
  figures: readonly Figure<Source>[],
  source: Source,
  labels: Sample['labels'],
): readonly Sample[] {
  return figures.flatMap(({ metric, kind, period, unit, get }): Sample[] => {
    const value = get(source);
    if (metric === undefined || typeof value !== 'number') return [];
    const [name, help] = metric;
    // A count that begins anew at midnight is no counter to Prometheus.
    const type = kind === 'counter' && period === undefined ? 'counter' : 'gauge';
    const inSeconds = kind === 'timestamp' || unit === 's';
    return [{ metric: name, help, type, labels, value: inSeconds ? value / 1000 : value }];
  });
}

/** Everything about one meter: its values, whether it answers, and what its readings cost. */
export function meterSamples({ meter, latest, online, diagnostics }: MeterState): readonly Sample[] {
  const { serialNumber, name, kind, softwareRevision } = meter;
  const labels = { serial_number: serialNumber, name };
  const gauge = (metric: string, help: string, value: number, more = {}): Sample => ({
    metric,
    help,
    type: 'gauge',
    labels: { ...labels, ...more },
    value,
  });
  const described = {
    model: certainModel(meter) ?? '',
    kind: kind ?? '',
    software_revision: softwareRevision ?? '',
  };
  // Totals are still right while a meter is silent; what it drew just before is not what it draws now.
  const shown = online === false ? latest.filter(countsUp) : latest;
  const quantities = shown.map(quantityMetric).filter((metric) => metric !== undefined);
  const own = diagnostics === undefined ? [] : figureSamples(METER_METRICS, diagnostics, labels);
  return [
    gauge('multical_meter_info', 'Which meter this is.', 1, described),
    ...(online === undefined ? [] : [gauge('multical_up', 'Whether the meter answers.', +online)]),
    ...own.filter(({ metric }) => metric === READ_AT),
    ...quantities.map((quantity) => ({ ...quantity, labels })),
    ...own.filter(({ metric }) => metric !== READ_AT),
  ];
}

/** Belongs to the values that follow it. */
const READ_AT = 'multical_reading_timestamp_seconds';

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

export function outputSamples({ name, health }: Pick<Output, 'name' | 'health'>): readonly Sample[] {
  const labels = { output: name };
  const healthy = { metric: 'multical2mqtt_output_healthy', help: 'Whether the output has no problem.' };
  return [
    { ...healthy, type: 'gauge', labels, value: health.problem === null ? 1 : 0 },
    ...figureSamples(OUTPUT_FIGURES, health, labels),
  ];
}
