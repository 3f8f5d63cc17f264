import { type Answer, healthAnswer } from '../../http/answer.ts';
import { listenProblem } from '../../http/listen-problem.ts';
import { LocalServer, misdirectedText } from '../../http/server.ts';
import type { Awaited, MeterDiagnostics, MeterIdentity } from '../../meter/publisher.ts';
import type { Reading } from '../../readings/reading.ts';
import { wallTime } from '../../shared/credible-clock.ts';
import { noDeliveries, type OwnHealth } from '../../shared/delivery.ts';
import { Trouble } from '../../shared/trouble.ts';
import { Output, type OutputParts } from '../output.ts';
import { type MetricsConfig, metrics } from './config.ts';
import { MeterStates } from './meter-states.ts';
import { bridgeSamples, meterSamples, metricsText, outputSamples } from './samples.ts';

/** A port may be taken only as long as the bridge before us takes to end. */
const LISTEN_AGAIN_AFTER = 30_000;

/** Serves what is known, whenever Prometheus comes and asks; each scrape that was answered counts as a delivery. */
export class MetricsOutput extends Output {
  private readonly config: MetricsConfig;
  private readonly parts: OutputParts;
  private readonly states = new MeterStates();
  private readonly server: LocalServer;
  private startedAt = 0;
  private readonly counts = noDeliveries();
  private problem: string | null = null;
  private readonly log: Trouble;
  private cancelRetry: () => void = () => {};
  private stopped = false;

  constructor(config: MetricsConfig, parts: OutputParts) {
    super(metrics, parts);
    this.config = config;
    this.parts = parts;
    const { host, port, allowedHosts } = config;
    const { logger, stuck, notReady } = parts;
    this.log = new Trouble(parts, { isState: true });
    this.server = new LocalServer({
      host,
      port,
      hosts: allowedHosts,
      misdirected: (name) => logger.warn(misdirectedText('The metrics were', name, 'metrics.allowedHosts')),
      routes: {
        '/metrics': () => this.scrape(),
        '/healthz': () => healthAnswer(stuck()),
        '/readyz': () => healthAnswer(notReady()),
      },
      listening: (at) => {
        const message = `Metrics for Prometheus are at ${host} port ${at}, path /metrics`;
        if (!this.log.over(() => message)) logger.info(message);
        this.setProblem(null);
      },
      failed: (error) => this.failed(error),
    });
  }

  protected override get ownHealth(): OwnHealth {
    return { ...this.counts, waiting: 0, problem: this.problem };
  }

  /** The port that it listens at; undefined while it does not. */
  get port(): number | undefined {
    return this.server.port;
  }

  override start(): void {
    this.startedAt = this.parts.clock.now();
    this.server.start();
  }

  override async stop(): Promise<void> {
    this.stopped = true;
    this.cancelRetry();
    this.log.stop();
    await this.server.stop();
  }

  override meterIdentified(meter: MeterIdentity): void {
    this.states.meterIdentified(meter);
  }

  override readingTaken(
    meter: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
    awaited?: Awaited,
    goesOn?: boolean,
  ): void {
    this.states.readingTaken(meter, fresh, latest, awaited, goesOn);
  }

  override availabilityChanged(meter: MeterIdentity, online: boolean): void {
    this.states.availabilityChanged(meter, online);
  }

  override diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.states.diagnosticsChanged(meter, diagnostics);
  }

  override meterForgotten(serialNumber: string): void {
    this.states.meterForgotten(serialNumber);
  }

  private async scrape(): Promise<Answer> {
    const { version, brokerConnected, outputs, clock } = this.parts;
    const facts = {
      version,
      startedAt: wallTime(this.startedAt, clock),
      residentMemory: process.memoryUsage.rss(),
      brokerConnected: brokerConnected(),
    };
    const samples = [
      ...bridgeSamples(facts),
      ...outputs().flatMap(outputSamples),
      ...this.states.all.flatMap(meterSamples),
    ];
    const body = await metricsText(samples);
    this.counts.delivered++;
    this.counts.lastDelivery = clock.now();
    this.log.over(() => 'There are metrics again');
    this.setProblem(null);
    return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body };
  }

  private failed(error: unknown): void {
    const { host, port } = this.config;
    const { clock } = this.parts;
    const problem = `There are no metrics: ${listenProblem(error, host, port, 'metrics')}`;
    this.log.met('warn', problem);
    this.setProblem(problem);
    if (this.server.port !== undefined || this.stopped) return;
    this.cancelRetry();
    this.cancelRetry = clock.after(LISTEN_AGAIN_AFTER, () => this.server.start());
  }

  private setProblem(problem: string | null): void {
    if (this.problem === problem) return;
    this.problem = problem;
    this.parts.changed();
  }
}
