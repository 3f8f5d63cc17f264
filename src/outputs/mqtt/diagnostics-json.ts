import type { MeterDiagnostics } from '../../meter/publisher.ts';
import type { DeliveryHealth } from '../../shared/delivery.ts';
import { localTime } from '../../shared/zoned-time.ts';
import { type Figure, METER_FIGURES, OUTPUT_FIGURES } from '../diagnostics-figures.ts';

/** Times are ISO 8601 with offset, durations seconds. */
export function diagnosticsJson(diagnostics: MeterDiagnostics): string {
  return JSON.stringify(figuresOf(METER_FIGURES, diagnostics));
}

interface OutputState {
  readonly name: string;
  readonly health: DeliveryHealth;
}

/** The outputs by name. */
export function outputsJson(outputs: readonly OutputState[]): string {
  const members = outputs.map(({ name, health }) => {
    const state = health.problem === null ? 'ok' : 'problem';
    return [name, { state, ...figuresOf(OUTPUT_FIGURES, health) }];
  });
  return JSON.stringify(Object.fromEntries(members));
}

type Members = Record<string, unknown>;

function figuresOf<Source>(figures: readonly Figure<Source>[], source: Source): Members {
  const members: Members = {};
  const periods = new Map<string, Members>();
  for (const figure of figures) {
    const { key, period } = figure;
    const parent = period === undefined ? members : (periods.get(period) ?? {});
    parent[key] = publishedValue(figure, source);
    if (period === undefined) continue;
    periods.set(period, parent);
    members[period] = parent;
  }
  return members;
}

function publishedValue<Source>({ kind, unit, decimals = 0, get }: Figure<Source>, source: Source): unknown {
  const value = get(source);
  if (typeof value !== 'number') return value;
  if (kind === 'timestamp') return localTime(value);
  // Milliseconds are scaled at once: dividing first would round some halves the other way.
  const power = 10 ** decimals;
  return unit === 's' ? Math.round(value / (1000 / power)) / power : Math.round(value * power) / power;
}
