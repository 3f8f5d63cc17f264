import { HttpClient, type HttpClientOptions } from '../http/client.ts';
import type { MeterIdentity } from '../meter/publisher.ts';
import type { Reading } from '../readings/reading.ts';
import type { Outcome, OwnHealth } from '../shared/delivery.ts';
import { Outbox, type OutboxOptions } from '../spool/outbox.ts';
import type { WaitingText } from '../spool/spool.ts';
import { Output, type OutputDefinition, type OutputParts } from './output.ts';
import { UntimedReadings } from './untimed-readings.ts';

type Traffic = Pick<OutboxOptions, 'batch' | 'kindOf' | 'refusedAdvice' | 'refusedName' | 'refusedLines'>;

/** An output whose texts wait on disk until a server has accepted them over HTTP. */
export abstract class ServerOutput extends Output {
  protected readonly client: HttpClient;
  private readonly outbox: Outbox;
  private readonly untimed: UntimedReadings;

  constructor(definition: OutputDefinition, server: HttpClientOptions, parts: OutputParts, traffic: Traffic) {
    super(definition, parts);
    const { outbox, clock, random, logger, changed } = parts;
    this.client = new HttpClient(server);
    this.outbox = new Outbox({
      ...outbox,
      ...definition,
      ...traffic,
      send: (batch, signal) => this.send(batch, signal),
      clock,
      random,
      logger,
      changed,
    });
    this.untimed = new UntimedReadings(definition.label, parts, (...reading) =>
      this.timedReading(...reading),
    );
  }

  protected override get ownHealth(): OwnHealth {
    return this.untimed.addTo(this.outbox.health);
  }

  override readingTaken(meter: MeterIdentity, fresh: readonly Reading[], latest: readonly Reading[]): void {
    this.untimed.take(meter, fresh, latest);
  }

  override start(): void {
    this.outbox.start();
  }

  override async stop(): Promise<void> {
    this.untimed.stop();
    await this.outbox.stop();
    await this.client.close();
  }

  /** A reading whose times are those of the wall clock. */
  protected abstract timedReading(
    meter: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
  ): void;

  /** Rejects where another try may succeed. */
  protected abstract send(batch: readonly WaitingText[], signal: AbortSignal): Promise<Outcome>;

  /** Returns at once. */
  protected put(text: string): void {
    this.outbox.put(text);
  }
}
