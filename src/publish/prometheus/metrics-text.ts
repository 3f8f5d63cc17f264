import type { Counter, Gauge } from 'prom-client';
import type { Sample } from './sample.ts';

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
