import { HttpClient, type HttpClientOptions } from '../http/client.ts';
import type { Outcome, OwnHealth } from '../shared/delivery.ts';
import { Outbox, type OutboxOptions } from '../spool/outbox.ts';
import type { WaitingText } from '../spool/spool.ts';
import { Output, type OutputDefinition, type OutputParts } from './output.ts';

type Traffic = Pick<OutboxOptions, 'batch' | 'kindOf' | 'refusedAdvice' | 'refusedName' | 'refusedLines'>;

/** An output whose texts wait on disk until a server has accepted them over HTTP. */
export abstract class ServerOutput extends Output {
  protected readonly client: HttpClient;
  private readonly outbox: Outbox;

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
  }

  protected override get ownHealth(): OwnHealth {
    return this.outbox.health;
  }

  override start(): void {
    this.outbox.start();
  }

  override async stop(): Promise<void> {
    await this.outbox.stop();
    await this.client.close();
  }

  /** Rejects where another try may succeed. */
  protected abstract send(batch: readonly WaitingText[], signal: AbortSignal): Promise<Outcome>;

  /** Returns at once. */
  protected put(text: string): void {
    this.outbox.put(text);
  }
}
