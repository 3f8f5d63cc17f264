import type { LoggedRow } from '../loggers/logged-row.ts';
import type { Awaited, MeterDiagnostics, MeterIdentity, Publisher } from '../meter/publisher.ts';
import type { MqttConnection } from '../mqtt/connection.ts';
import type { MeterEvent } from '../readings/meter-event.ts';
import type { Reading } from '../readings/reading.ts';
import type { Fault } from '../schema/fault.ts';
import type { Key, Keys } from '../schema/key.ts';
import type { DeliveryHealth, OwnHealth } from '../shared/delivery.ts';
import type { Deps } from '../shared/deps.ts';
import { messageOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';

/** A publisher that ignores what it does not override. */
export abstract class SelectivePublisher implements Publisher {
  meterIdentified(_meter: MeterIdentity): void {}

  readingTaken(
    _meter: MeterIdentity,
    _fresh: readonly Reading[],
    _latest: readonly Reading[],
    _awaited?: Awaited,
    _goesOn?: boolean,
  ): void {}

  happened(_meter: MeterIdentity, _event: MeterEvent): void {}

  availabilityChanged(_meter: MeterIdentity, _online: boolean): void {}

  diagnosticsChanged(_meter: MeterIdentity, _diagnostics: MeterDiagnostics): void {}

  /** Earlier values of the meter were true and stay, unless an output overrides this. */
  meterForgotten(_serialNumber: string): void {}
}

/** All that the rest of the program says about an output. */
export interface OutputDefinition {
  /** The key of its section in the configuration; other programs see it too. */
  readonly name: string;
  /** For a person. */
  readonly label: string;
  /** Its entities in Home Assistant, where they are called otherwise. */
  readonly entityLabel?: string;
  /** One of what it delivers, for messages: `point`. */
  readonly noun: string;
  /** The keys of its section in the configuration. */
  readonly keys: Keys & { readonly enabled: Key<boolean> };
  /** Contradictions between its keys, and with the rest. Called where it is on and every value is right by itself. */
  faults?(own: unknown, beside: BesideOutputs): readonly Fault[];
}

/** The part of the configuration that an output's keys may have to agree with. */
export interface BesideOutputs {
  readonly meters: readonly { readonly name: string }[];
  readonly mqtt: { readonly enabled: boolean };
  readonly web: { readonly enabled: boolean; readonly port: number };
}

export function defineOutput<const Definition extends OutputDefinition>(definition: Definition): Definition {
  return definition;
}

/** The parts of the bridge that an output may use. */
export interface OutputParts extends Deps {
  readonly version: string;
  /** Undefined where there is no broker. */
  readonly connection: MqttConnection | undefined;
  /** Undefined where there is no broker. */
  readonly brokerConnected: () => boolean | undefined;
  /** Limits of the texts that a server has not accepted yet, and their place on disk. */
  readonly outbox: OutboxLimits;
  /** Every output that is on, the one that asks included. */
  readonly outputs: () => readonly Pick<Output, 'name' | 'health'>[];
  /** Sentences about what does not move any more. */
  readonly stuck: () => readonly string[];
  /** Sentences about what is still missing since the start. */
  readonly notReady: () => readonly string[];
  /** To be called when the health has changed. */
  readonly changed: () => void;
}

interface OutboxLimits {
  /** Each output has a folder of its own below it. */
  readonly directory: string;
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
}

/** A publisher with a server, or a disk, of its own. */
export abstract class Output extends SelectivePublisher {
  readonly definition: OutputDefinition;
  protected readonly logger: Logger;

  constructor(definition: OutputDefinition, { logger }: Pick<OutputParts, 'logger'>) {
    super();
    this.definition = definition;
    this.logger = logger;
  }

  get name(): string {
    return this.definition.name;
  }

  /** The one way in which its words reach anybody: a server may repeat our token in its refusal. */
  get health(): DeliveryHealth {
    const { problem, ...figures } = this.ownHealth;
    return { ...figures, problem: problem === null ? null : this.logger.withoutSecrets(problem) };
  }

  protected abstract get ownHealth(): OwnHealth;

  /**
   * What the meter itself had written down, of any of its loggers, in the units of its readings: an output has one history
   * of both. The same row may come again. Left out: it is not for this output.
   */
  logged?(meter: MeterIdentity, rows: readonly LoggedRow[]): void;

  /** Returns at once. */
  abstract start(): void;

  /** Ends within two seconds; what is not delivered by then waits for the next start. */
  abstract stop(): Promise<void>;
}

/** Hands everything to each publisher. One that throws, against the contract, does not keep it from the others. */
export class FanOut implements Publisher {
  private readonly publishers: readonly Publisher[];
  private readonly logger: Logger;

  constructor(publishers: readonly Publisher[], logger: Logger) {
    this.publishers = publishers;
    this.logger = logger;
  }

  meterIdentified(meter: MeterIdentity): void {
    this.each((publisher) => publisher.meterIdentified(meter));
  }

  readingTaken(
    meter: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
    awaited?: Awaited,
    goesOn?: boolean,
  ): void {
    this.each((publisher) => publisher.readingTaken(meter, fresh, latest, awaited, goesOn));
  }

  happened(meter: MeterIdentity, event: MeterEvent): void {
    this.each((publisher) => publisher.happened(meter, event));
  }

  availabilityChanged(meter: MeterIdentity, online: boolean): void {
    this.each((publisher) => publisher.availabilityChanged(meter, online));
  }

  diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.each((publisher) => publisher.diagnosticsChanged(meter, diagnostics));
  }

  meterForgotten(serialNumber: string): void {
    // What is announced goes before its states: a template has nothing to find in an empty one.
    this.each((publisher) => publisher.meterForgotten(serialNumber), this.publishers.toReversed());
  }

  private each(action: (publisher: Publisher) => void, publishers = this.publishers): void {
    for (const publisher of publishers) {
      try {
        action(publisher);
      } catch (error) {
        this.logger.error(`${publisher.constructor.name} failed: ${messageOf(error)}`, { error });
      }
    }
  }
}

/**
 * The one model that a meter is, without the reason; null while it may be one of several. For tags and the like, where
 * another word begins another series.
 */
export function certainModel({ model }: Pick<MeterIdentity, 'model'>): string | null {
  return model === null || model.isOneOfSeveral ? null : model.name;
}
