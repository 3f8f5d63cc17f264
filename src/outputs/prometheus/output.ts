import { type Answer, healthAnswer, LocalServer } from '../../http/server.ts';
import type { MeterDiagnostics, MeterIdentity } from '../../meter/publisher.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Clock } from '../../shared/clock.ts';
import { messageOf } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Output, OutputHealth } from '../output.ts';
import { MeterStates } from './meter-states.ts';
import { bridgeSamples, meterSamples, metricsText, outputSamples } from './samples.ts';

/** Why metrics cannot be served, and what to do about it. */
export function listenProblem(error: unknown, host: string, port: number): string {
  return `There are no metrics: ${reason(error, host, port)}`;
}

function reason(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `another program has port ${port} of ${host}. Stop it, or choose another "metrics.port".`;
    case 'EACCES':
      return `this user may not open port ${port}. Choose a "metrics.port" from 1024 upwards.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine. Put "metrics.host" right; "0.0.0.0" is all of them.`;
    default:
      return messageOf(error);
  }
}

export interface MetricsOutputOptions {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  /** Undefined where there is no broker. */
  readonly brokerConnected: () => boolean | undefined;
  /** All that have a health to tell, this one included. */
  readonly outputs: () => readonly Pick<Output, 'name' | 'health'>[];
  /** What is stuck in this program, in words; nothing while all is well. */
  readonly stuck: () => readonly string[];
  /** What is not there yet, in words; nothing once everything is. */
  readonly notReady: () => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: () => void;
}

/** A port may be taken only as long as the bridge before us takes to end. */
const LISTEN_AGAIN_AFTER = 30_000;

/** Serves what is known, whenever Prometheus comes and asks; each scrape that was answered counts as a delivery. */
export class MetricsOutput implements Output {
  readonly name = 'metrics';
  private readonly options: MetricsOutputOptions;
  private readonly states = new MeterStates();
  private readonly server: LocalServer;
  private startedAt = 0;
  private delivered = 0;
  private lastDelivery: number | null = null;
  private problem: string | null = null;
  private cancelRetry: () => void = () => {};
  private stopped = false;

  constructor(options: MetricsOutputOptions) {
    this.options = options;
    const { host, port, logger, stuck, notReady } = options;
    this.server = new LocalServer({
      host,
      port,
      routes: {
        '/metrics': () => this.scrape(),
        '/healthz': () => healthAnswer(stuck()),
        '/readyz': () => healthAnswer(notReady()),
      },
      listening: (at) => {
        logger.info(`Metrics for Prometheus are at ${host} port ${at}, path /metrics`);
        this.became(null);
      },
      failed: (error) => this.failed(error),
    });
  }

  get health(): OutputHealth {
    return {
      waiting: 0,
      delivered: this.delivered,
      refused: 0,
      lost: 0,
      lastDelivery: this.lastDelivery,
      problem: this.problem,
    };
  }

  /** The port that it listens at; undefined while it does not. */
  get port(): number | undefined {
    return this.server.port;
  }

  start(): void {
    this.startedAt = this.options.clock.now();
    this.server.start();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelRetry();
    await this.server.stop();
  }

  meterIdentified(meter: MeterIdentity): void {
    this.states.meterIdentified(meter);
  }

  readingTaken(meter: MeterIdentity, fresh: readonly Reading[], latest: readonly Reading[]): void {
    this.states.readingTaken(meter, fresh, latest);
  }

  availabilityChanged(meter: MeterIdentity, online: boolean): void {
    this.states.availabilityChanged(meter, online);
  }

  diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.states.diagnosticsChanged(meter, diagnostics);
  }

  meterForgotten(serialNumber: string): void {
    this.states.meterForgotten(serialNumber);
  }

  private async scrape(): Promise<Answer> {
    const { version, brokerConnected, outputs, clock } = this.options;
    const facts = {
      version,
      startedAt: this.startedAt,
      residentMemory: process.memoryUsage.rss(),
      brokerConnected: brokerConnected(),
    };
    const samples = [
      ...bridgeSamples(facts),
      ...outputs().flatMap(outputSamples),
      ...this.states.all.flatMap(meterSamples),
    ];
    const body = await metricsText(samples);
    this.delivered++;
    this.lastDelivery = clock.now();
    this.became(null);
    return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body };
  }

  private failed(error: unknown): void {
    const { host, port, clock } = this.options;
    this.became(listenProblem(error, host, port));
    if (this.server.port !== undefined || this.stopped) return;
    this.cancelRetry();
    this.cancelRetry = clock.after(LISTEN_AGAIN_AFTER, () => this.server.start());
  }

  private became(problem: string | null): void {
    if (this.problem === problem) return;
    this.problem = problem;
    if (problem !== null) this.options.logger.warn(problem);
    this.options.changed();
  }
}
