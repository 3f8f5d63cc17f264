import type { MeterDiagnostics } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import type { Topics } from '../../mqtt/topics.ts';
import type { Clock } from '../../shared/clock.ts';
import type { DeliveryHealth } from '../../shared/delivery.ts';
import { localTime } from '../../shared/zoned-time.ts';
import { type Figure, METER_FIGURES, OUTPUT_FIGURES } from '../diagnostics-figures.ts';
import type { Output } from '../output.ts';

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

export interface BridgeDiagnosticsOptions {
  readonly connection: MqttConnection;
  readonly topics: Topics;
  readonly others: readonly Output[];
  readonly clock: Clock;
}

/** A hundred deliveries in a second are one message. */
const PAUSE = 1_000;

/** The health of the other outputs at the broker. Without any, the topic is emptied: there may have been some. */
export class BridgeDiagnostics {
  private readonly options: BridgeDiagnosticsOptions;
  private cancel: () => void = () => {};
  /** Until it is started, too. */
  private pausing = true;

  constructor(options: BridgeDiagnosticsOptions) {
    this.options = options;
  }

  start(): void {
    this.pausing = false;
    this.publish();
  }

  changed(): void {
    if (this.pausing) return;
    this.pausing = true;
    this.cancel = this.options.clock.after(PAUSE, () => {
      this.pausing = false;
      this.publish();
    });
  }

  stop(): void {
    this.cancel();
    this.pausing = true;
  }

  /** The topic is another bridge's. */
  leave(): void {
    this.stop();
    this.options.connection.drop(this.options.topics.bridgeDiagnostics);
  }

  private publish(): void {
    const { connection, topics, others } = this.options;
    if (others.length === 0) connection.clear(topics.bridgeDiagnostics);
    else connection.publish(topics.bridgeDiagnostics, outputsJson(others));
  }
}
