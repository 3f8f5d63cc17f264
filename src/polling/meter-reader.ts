import type { Logger } from '../log/logger.ts';
import { type Companions, detailRequests, scheduledRequests } from '../meter/companions.ts';
import type { MeterClient, RegisterBatch } from '../meter/meter-client.ts';
import type { MeterSession } from '../meter/meter-session.ts';
import type { MeterIdentity } from '../publish/publisher.ts';
import type { StageMaker } from '../readings/interpretation.ts';
import type { Assessment, Doubt } from '../readings/plausibility.ts';
import type { Reading } from '../readings/reading.ts';
import { readingText } from '../readings/reading-text.ts';
import { takeReading } from '../readings/take-reading.ts';
import type { Clock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { KnownMeter, type MeterPlace } from './known-meter.ts';
import type { MeterMemory } from './meter-memory.ts';

export type ReadingKind = 'scheduled' | 'detail';

/** What one reading brought. */
export interface ReadingResult {
  readonly meter: MeterIdentity;
  readonly fresh: readonly Reading[];
  readonly latest: readonly Reading[];
  readonly doubts: readonly Doubt[];
  readonly readAt: number;
  /** Where a later request failed; what earlier ones brought is in `fresh`. */
  readonly failure?: unknown;
}

interface Asked {
  readonly batches: readonly RegisterBatch[];
  readonly failure?: unknown;
}

const ASK_SURELY = 3;
/** Register that repeats the answer of GetSerialNo. */
const SERIAL_NUMBER = 1001;

export interface MeterReaderOptions {
  readonly place: MeterPlace;
  readonly registers: 'auto' | readonly number[];
  /** What is read with them each time. */
  readonly companions: Companions;
  /** What is made of the readings, in this order. */
  readonly stages: Readonly<Record<string, StageMaker>>;
  readonly client: MeterClient;
  readonly memory: MeterMemory;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A meter showed itself at this place: at the first reading, after a reconnection when it is another one. */
  readonly identified: (meter: MeterIdentity) => void;
  /** The meter that was known here is no longer the one that answers. */
  readonly replaced: (meter: MeterIdentity) => void;
}

/**
 * Takes one reading: makes sure which meter it is, asks for the registers, and lets only plausible values through.
 * The serial number is asked for once a session, and again whenever a value looks as if it came from another meter.
 */
export class MeterReader {
  private readonly options: MeterReaderOptions;
  private meter: KnownMeter | undefined;
  private identifiedIn: MeterSession | undefined;

  constructor(options: MeterReaderOptions) {
    this.options = options;
    const { place, memory, stages } = options;
    const remembered = memory.lastSeenAt(place.port, place.address);
    if (remembered) this.meter = new KnownMeter(remembered.serialNumber, place, stages, remembered);
  }

  /** The meter at this place, as far as it is known; remembered from an earlier run until it answers. */
  get identity(): MeterIdentity | undefined {
    return this.meter?.identity;
  }

  get latest(): readonly Reading[] {
    return this.meter?.latest ?? [];
  }

  /** True while there are registers that this meter was never asked for. */
  get hasMoreToLearn(): boolean {
    return this.meter !== undefined && !this.meter.isFullyKnown(this.options.registers);
  }

  async read(session: MeterSession, kind: ReadingKind): Promise<ReadingResult> {
    const { clock } = this.options;
    const knownFromEarlier = session === this.identifiedIn;
    let meter = await this.identify(session);
    const ids = this.idsOf(meter, kind);
    const { batches, failure } = await this.askSurely(session, meter, ids);
    const readAt = clock.now();
    const records = batches.flatMap((batch) => batch.records);
    if (records.length === 0 && ids.length > 0) this.learnOfNothing(meter, batches, failure);
    const readings = records.map((record) => takeReading(record, readAt));
    let assessment = meter.assess(readings);
    if (knownFromEarlier && looksForeign(meter, readings, assessment)) {
      meter = await this.identifyAgain(session);
      assessment = meter.assess(readings);
    }
    for (const batch of batches) meter.learn(batch);
    const fresh = meter.keep(assessment);
    const { doubts } = assessment;
    this.warnOf(doubts);
    return {
      meter: meter.identity,
      fresh,
      latest: meter.latest,
      doubts,
      readAt,
      ...(failure !== undefined && { failure }),
    };
  }

  /** Writes down what is known by now. Apart from `read`, so that a slow disk does not delay the publishing. */
  remember(): void {
    if (this.meter) this.options.memory.remember(this.meter.toRemember());
  }

  private idsOf(meter: KnownMeter, kind: ReadingKind): readonly number[] {
    const { registers, companions } = this.options;
    return kind === 'scheduled'
      ? scheduledRequests(meter.scheduledRegisters(registers), companions, meter)
      : detailRequests(meter.detailRegisters(registers), meter);
  }

  /**
   * A meter of another kind has none of the main registers: then it is to be asked for the others. One that had some
   * before has them still.
   */
  private learnOfNothing(meter: KnownMeter, batches: readonly RegisterBatch[], failure: unknown): void {
    if (failure !== undefined) throw failure;
    const wasKnown = meter.present.size > 0;
    for (const batch of batches) meter.learn(batch);
    if (wasKnown || meter.isFullyKnown(this.options.registers)) throw noRegisters(this.options.place);
  }

  /** An unknown meter that seems to have nothing at all is asked until that can be believed. */
  private async askSurely(session: MeterSession, meter: KnownMeter, ids: readonly number[]) {
    let asked = await this.ask(session, ids);
    for (let again = 1; again < ASK_SURELY && meter.present.size === 0 && isEmpty(asked); again++) {
      for (const batch of asked.batches) meter.learn(batch);
      asked = await this.ask(session, ids);
    }
    return asked;
  }

  /** What was read before a request failed is good, and is not asked for again. */
  private async ask(session: MeterSession, ids: readonly number[]): Promise<Asked> {
    const batches: RegisterBatch[] = [];
    try {
      for await (const batch of this.options.client.registers(session, ids)) batches.push(batch);
    } catch (failure) {
      return { batches, failure };
    }
    return { batches };
  }

  private async identify(session: MeterSession): Promise<KnownMeter> {
    if (session === this.identifiedIn && this.meter !== undefined) return this.meter;
    return this.identifyAgain(session);
  }

  private async identifyAgain(session: MeterSession): Promise<KnownMeter> {
    const { client, identified } = this.options;
    const meter = this.become(await client.serialNumber(session));
    if (meter.typeIsOpen) meter.learnType(await client.type(session));
    this.identifiedIn = session;
    identified(meter.identity);
    return meter;
  }

  private become(serialNumber: string): KnownMeter {
    const { place, memory, stages, logger, replaced } = this.options;
    const known = this.meter;
    if (known?.serialNumber === serialNumber) return known;
    if (known !== undefined) {
      logger.warn(`${place.name}: meter ${serialNumber} answers now, in place of ${known.serialNumber}`);
      replaced(known.identity);
    }
    this.meter = new KnownMeter(serialNumber, place, stages, memory.recall(serialNumber));
    return this.meter;
  }

  private warnOf(doubts: readonly Doubt[]): void {
    for (const { reading, lastGood, reason, agreeing } of doubts) {
      const [now, before] = [reading, lastGood].map(readingText);
      this.options.logger.warn(
        `${this.options.place.name}: ${reading.label} ${reason} from ${before} to ${now}; held back until three readings in a row agree (${agreeing} so far)`,
      );
    }
  }
}

/** Answered, but without a single register. */
function isEmpty({ batches, failure }: Asked): boolean {
  return failure === undefined && batches.every(({ records }) => records.length === 0);
}

/** Signs that the head now sits on another meter: totals that do not follow, or its number in register 1001. */
function looksForeign(meter: KnownMeter, readings: readonly Reading[], { doubts }: Assessment): boolean {
  const number = readings.find(({ register }) => register === SERIAL_NUMBER);
  const sameNumber = number === undefined || readingText(number) === meter.serialNumber;
  return doubts.length > 0 || !sameNumber;
}

function noRegisters({ name }: MeterPlace): Multical2MqttError {
  const message = `${name}: the meter answers, but has none of the registers asked for. Is it a MULTICAL? \`multical2mqtt probe\` shows what it has.`;
  return new Multical2MqttError('failed', message);
}
