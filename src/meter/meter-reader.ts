import { PROFILES } from '../catalogue/families.ts';
import type { MeterClient } from '../link/client.ts';
import type { MeterSession } from '../link/session.ts';
import type { StageMaker } from '../readings/pipeline.ts';
import type { Doubt } from '../readings/plausibility.ts';
import { type Reading, readingText } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { type AskedRegisters, askRegisters, isEmpty, omittedIn, readingsOf } from './ask.ts';
import type { BatteryAccount } from './battery.ts';
import { KnownMeter, type MeterPlace } from './known-meter.ts';
import type { MeterStore } from './meter-store.ts';
import type { MeterIdentity } from './publisher.ts';
import {
  detailRequests,
  type ExtraRegisters,
  SERIAL_NUMBER_REGISTER,
  scheduledRequests,
  tellMeters,
} from './register-plan.ts';

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

/** So long the serial number of a line that stays open is taken for granted, where the totals would tell. */
const TRUST_FOR = 24 * 3_600_000;

export interface MeterReaderOptions {
  readonly place: MeterPlace;
  readonly registers: 'auto' | readonly number[];
  /** What is read with them each time. */
  readonly extra: ExtraRegisters;
  /** What is made of the readings, in this order. */
  readonly stages: Readonly<Record<string, StageMaker>>;
  readonly client: MeterClient;
  readonly memory: MeterStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether registers that were never asked for are asked for along with the first reading. */
  readonly learns: boolean;
  /** A meter showed itself at this place. False where it must not be read here, because it is read elsewhere. */
  readonly identified: (meter: MeterIdentity) => boolean;
  /** The meter that was known here is no longer the one that answers. */
  readonly replaced: (meter: MeterIdentity) => void;
}

/**
 * Takes one reading: makes sure which meter it is, asks for the registers, and lets only plausible values through.
 *
 *   serial number ──▶ registers ──▶ could another meter have said this? ──no──▶ plausible? ──▶ latest values
 *        ▲                                        │ yes: ask it who it is
 *        └── what was read is thrown away ◀── another one
 *
 * The serial number is asked for once a session, once a day where the line stays open, and whenever a reply looks as if
 * it came from another meter. Where what is read could not give another meter away, it is asked for each time.
 */
export class MeterReader {
  private readonly options: MeterReaderOptions;
  private meter: KnownMeter | undefined;
  private identifiedIn: MeterSession | undefined;
  private identifiedAt = 0;
  private readonly toldMissing = new Set<number>();
  private toldModel = false;

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

  /** What to do when the meter does not answer, as far as its family is known or configured. */
  get wakeAdvice(): string | undefined {
    const { model = 'auto' } = this.options.place;
    return this.meter?.wakeAdvice ?? (model === 'auto' ? undefined : PROFILES[model].eye.advice);
  }

  get latest(): readonly Reading[] {
    return this.meter?.latest ?? [];
  }

  /** Takes back what the time alone has made untrue; returns that. */
  expire(): readonly Reading[] {
    return this.meter?.expire(this.options.clock.now()) ?? [];
  }

  /** What this meter's readings cost it; undefined until a meter is known. */
  get account(): BatteryAccount | undefined {
    return this.meter?.account;
  }

  /** True while there are registers that this meter was never asked for. */
  get hasMoreToLearn(): boolean {
    return this.meter !== undefined && !this.meter.isFullyKnown(this.options.registers);
  }

  /** False where a reading of details would ask for nothing. */
  get hasDetailsDue(): boolean {
    return this.meter === undefined || this.detailsDue(this.meter).length > 0;
  }

  async read(session: MeterSession, kind: ReadingKind): Promise<ReadingResult> {
    const { client, clock, registers, learns } = this.options;
    await client.wake(session);
    let { meter, justNow } = await this.identify(session, kind);
    let asked = await this.ask(session, meter, kind, justNow);
    if (this.couldBeAnother(meter, asked, justNow)) {
      const actual = await this.identifyAgain(session);
      if (actual !== meter) {
        // Which of the two said what cannot be told any more.
        meter = actual;
        asked = await this.ask(session, meter, kind, true);
      }
    }
    const readAt = clock.now();
    const { ids, batches, failure } = asked;
    const readings = readingsOf(asked, readAt);
    if (readings.length === 0 && failure !== undefined) throw failure;
    // A meter that had some of these has them still.
    if (readings.length === 0 && ids.some((id) => meter.present.has(id))) throw noRegisters();
    for (const batch of batches) meter.learn(batch);
    if (readings.length === 0 && meter.present.size === 0 && meter.isFullyKnown(registers))
      throw noRegisters();
    // Last of all: a meter that does not know this command lets us wait until it sleeps again.
    if (meter.typeIsOpen && (kind === 'detail' || !learns || meter.isFullyKnown(registers)))
      meter.learnType(await client.type(session));
    if (kind === 'detail') meter.details.record(readings, readAt);
    this.warnOfMissing(meter);
    const assessment = meter.assess(readings);
    const fresh = meter.keep(assessment);
    if (!learns || meter.isFullyKnown(registers)) this.warnOfModel(meter);
    this.warnOf(assessment.doubts);
    return {
      meter: meter.identity,
      fresh,
      latest: meter.latest,
      doubts: assessment.doubts,
      readAt,
      ...(failure !== undefined && { failure }),
    };
  }

  private detailsDue(meter: KnownMeter): readonly number[] {
    return meter.details.due(meter.detailRegisters(this.options.registers), this.options.clock.now());
  }

  /** Writes down what is known by now. Apart from `read`, so that a slow disk does not delay the publishing. */
  remember(): void {
    if (this.meter) this.options.memory.remember(this.meter.toRemember());
  }

  private idsOf(meter: KnownMeter, kind: ReadingKind): readonly number[] {
    const { registers, extra, learns } = this.options;
    if (kind === 'detail') return detailRequests(this.detailsDue(meter), meter);
    const ids = learns ? meter.scheduledRegisters(registers) : meter.onlyRegisters(registers);
    return scheduledRequests(ids, extra, meter);
  }

  private ask(
    session: MeterSession,
    meter: KnownMeter,
    kind: ReadingKind,
    heard: boolean,
  ): Promise<AskedRegisters> {
    return askRegisters(this.options.client, session, meter, this.idsOf(meter, kind), heard);
  }

  /** Signs that the head now sits on another meter. `justNow`: this meter has told its number for this very reading. */
  private couldBeAnother(meter: KnownMeter, asked: AskedRegisters, justNow: boolean): boolean {
    const readings = readingsOf(asked, this.options.clock.now());
    const number = readings.find(({ register }) => register === SERIAL_NUMBER_REGISTER);
    if (number !== undefined && readingText(number) !== meter.serialNumber) return true;
    if (justNow || asked.failure !== undefined) return false;
    const surprising = omittedIn(asked).some((id) => meter.present.has(id));
    return surprising || isEmpty(asked) || meter.assess(readings).doubts.length > 0;
  }

  private async identify(
    session: MeterSession,
    kind: ReadingKind,
  ): Promise<{ meter: KnownMeter; justNow: boolean }> {
    const { clock, registers } = this.options;
    const known = session === this.identifiedIn ? this.meter : undefined;
    const tells = known && (kind === 'detail' || tellMeters(known.scheduledRegisters(registers)));
    const trusted = tells && clock.monotonic() - this.identifiedAt < TRUST_FOR;
    if (known && trusted) return { meter: known, justNow: false };
    return { meter: await this.identifyAgain(session), justNow: true };
  }

  private async identifyAgain(session: MeterSession): Promise<KnownMeter> {
    const { client, clock, identified } = this.options;
    const meter = this.become(await client.serialNumber(session));
    if (!identified(meter.identity)) {
      this.meter = undefined;
      this.identifiedIn = undefined;
      throw readElsewhere(meter.serialNumber);
    }
    this.identifiedIn = session;
    this.identifiedAt = clock.monotonic();
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

  /** What the user named and the meter does not have; said once. */
  private warnOfMissing(meter: KnownMeter): void {
    const { place, registers, logger } = this.options;
    if (registers === 'auto') return;
    const missing = registers.filter((id) => meter.absent.has(id) && !this.toldMissing.has(id));
    for (const id of missing) this.toldMissing.add(id);
    if (missing.length > 0)
      logger.warn(
        `${place.name}: the meter does not have register ${missing.join(', ')}, which its "registers" name`,
      );
  }

  /** Its info codes would be read with the wrong list; said once. */
  private warnOfModel(meter: KnownMeter): void {
    const { modelContradiction } = meter;
    if (modelContradiction === undefined || this.toldModel) return;
    this.toldModel = true;
    this.options.logger.warn(
      `${this.options.place.name}: ${modelContradiction}. Put its "model" right, or leave it out: wrong info texts and missing values may follow.`,
    );
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

function noRegisters(): Multical2MqttError {
  const message =
    'The meter answers, but has none of the registers asked for. Is it a MULTICAL? `multical2mqtt probe` shows what it has.';
  return new Multical2MqttError('failed', message);
}

function readElsewhere(serialNumber: string): Multical2MqttError {
  const message = `Meter ${serialNumber} answers here, but another entry of the configuration reads it already: remove one of the two, or check which head sits where.`;
  return new Multical2MqttError('failed', message);
}
