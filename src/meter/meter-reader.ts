import { MAY_WANT_PASS_CODE } from '../catalogue/eyes.ts';
import type { MeterClient } from '../link/client.ts';
import type { MeterSession } from '../link/session.ts';
import type { MeterEvent } from '../readings/meter-event.ts';
import type { Doubt } from '../readings/plausibility.ts';
import { newestOf, type Reading, readingText } from '../readings/reading.ts';
import { inWallTime } from '../shared/credible-clock.ts';
import type { Deps } from '../shared/deps.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { Repeats } from '../shared/repeats.ts';
import { type AskedRegisters, askAgainFor, askKnownMeter, readingsOf } from './ask.ts';
import { Assurance, type NumberGiven } from './assurance.ts';
import { awaitedQuantities } from './awaited.ts';
import type { MeterSettings } from './config.ts';
import type { CurrentMeter } from './current-meter.ts';
import { rhythmOf } from './freshness.ts';
import type { KnownMeter } from './known-meter.ts';
import type { Progress } from './progress.ts';
import type { Awaited, MeterIdentity } from './publisher.ts';
import { detailRequests, scheduledRequests } from './register-plan.ts';

export type ReadingKind = 'scheduled' | 'detail';

export interface ReadingResult {
  readonly meter: MeterIdentity;
  readonly fresh: readonly Reading[];
  readonly latest: readonly Reading[];
  readonly doubts: readonly Doubt[];
  readonly events: readonly MeterEvent[];
  /** When the last reply was complete. */
  readonly readAt: number;
  /** The error of a later request; `fresh` holds what the earlier ones brought. */
  readonly failure?: unknown;
}

/** The meter and what it said, once it is sure that nobody else said it. */
interface Proven {
  readonly meter: KnownMeter;
  readonly asked: AskedRegisters;
}

/** A head that is moved once is followed; one that is moved again meanwhile waits for the next reading. */
const MOVES = 2;

type ReaderSettings = Pick<
  MeterSettings,
  'name' | 'registers' | 'fineEnergy' | 'meanTemperatures' | 'schedules' | 'detailSchedule'
>;

interface ReaderParts extends Pick<Deps, 'clock' | 'logger'> {
  readonly client: MeterClient;
  readonly current: CurrentMeter;
  readonly progress: Progress;
  /** Called when a meter answers. Returns false where it must not be read here, because it is read elsewhere. */
  readonly identified: (meter: MeterIdentity) => boolean;
  /** Called when another meter answers than the one that was known here. */
  readonly replaced: (meter: MeterIdentity) => void;
}

/**
 * Performs one reading: asks for the registers, makes sure which meter said it, and lets only plausible values through.
 *
 *   known meter ──▶ registers ──▶ could another meter have said this? ──no──▶ plausible? ──▶ latest values
 *        ▲                                    │ yes
 *        └── what was read is thrown away ◀── its number: another one
 *
 * Until it is known which meter answered, nothing is learnt, kept or published (`Assurance` says when that is).
 */
export class MeterReader {
  private readonly settings: ReaderSettings;
  private readonly parts: ReaderParts;
  /** Registers that were never asked for are asked for along with the first reading. */
  private readonly scope: 'everything' | 'scheduled-only';
  private readonly assurance: Assurance;
  private readonly warnedMissing = new Set<number>();
  private warnedModel = false;
  private readonly doubtLog: Repeats;

  constructor(settings: ReaderSettings, parts: ReaderParts) {
    this.settings = settings;
    this.parts = parts;
    this.doubtLog = new Repeats(parts);
    this.assurance = new Assurance(parts.clock, rhythmOf(settings).main);
    this.scope = settings.detailSchedule === 'never' ? 'scheduled-only' : 'everything';
  }

  /** True while there are registers that this meter was never asked for. */
  get hasMoreToLearn(): boolean {
    const { known } = this.parts.current;
    return known !== undefined && !known.isFullyKnown(this.settings.registers);
  }

  /** False if a reading of details would ask for nothing. */
  get hasDetailsDue(): boolean {
    const { known } = this.parts.current;
    return known === undefined || this.detailsDue(known).length > 0;
  }

  get awaited(): Awaited {
    const { known } = this.parts.current;
    if (known === undefined) return 'anything';
    const { registers } = this.settings;
    const scheduled = this.idsOf(known, 'scheduled');
    const isOpen = scheduled.some((id) => !known.present.has(id) && !known.absent.has(id));
    if (isOpen || !this.hasBeenAskedForAll(known)) return 'anything';
    const details = this.scope === 'everything' ? known.detailRegisters(registers) : [];
    const asked = [...scheduled, ...details].filter((id) => !known.absent.has(id));
    return awaitedQuantities(new Set(asked), known);
  }

  async read(session: MeterSession, kind: ReadingKind): Promise<ReadingResult> {
    try {
      await this.parts.client.wake(session);
      const result = await this.take(session, kind);
      if (result.failure !== undefined) this.assurance.lost();
      this.assurance.readingTaken();
      return result;
    } catch (error) {
      this.assurance.lost();
      throw error;
    }
  }

  private async take(session: MeterSession, kind: ReadingKind): Promise<ReadingResult> {
    const { client, clock } = this.parts;
    const { meter, asked: said } = await this.askForSure(session, kind);
    const asked = await this.withoutCrosstalk(session, meter, said);
    const { ids, batches, failure } = asked;
    // The clock may have been set while the meter answered.
    const readings = readingsOf(asked).map((reading) => inWallTime(reading, clock));
    if (readings.length === 0 && failure !== undefined) throw failure;
    // A meter that had some of these has them still.
    if (readings.length === 0 && ids.some((id) => meter.present.has(id))) throw noRegisters();
    for (const batch of batches) meter.learn(batch);
    if (readings.length === 0 && meter.present.size === 0 && meter.isFullyKnown(this.settings.registers))
      throw noRegisters();
    // Last of all: a meter that does not know this command lets us wait until it sleeps again.
    if (meter.typeIsOpen && (kind === 'detail' || this.hasBeenAskedForAll(meter)))
      meter.learnType(await client.type(session));
    if (readings.length === 0 && this.hasOthersToAsk(meter, kind, ids)) return this.take(session, kind);
    if (kind === 'detail') meter.details.record(readings);
    this.warnOfMissing(meter);
    const assessment = meter.assess(readings);
    const fresh = meter.keep(assessment);
    if (this.hasBeenAskedForAll(meter)) this.warnOfModel(meter);
    this.warnOf(assessment.doubts);
    return {
      meter: meter.identity,
      fresh,
      latest: meter.latest,
      doubts: assessment.doubts,
      events: meter.pipeline.takeEvents(),
      readAt: newestOf(readings) ?? clock.now(),
      ...(failure !== undefined && { failure }),
    };
  }

  /** By now its family may be clear: an electricity meter has nothing of what most meters are asked for first. */
  private hasOthersToAsk(meter: KnownMeter, kind: ReadingKind, asked: readonly number[]): boolean {
    return kind === 'scheduled' && this.idsOf(meter, kind).every((id) => !asked.includes(id));
  }

  private hasBeenAskedForAll(meter: KnownMeter): boolean {
    return this.scope === 'scheduled-only' || meter.isFullyKnown(this.settings.registers);
  }

  private detailsDue(meter: KnownMeter): readonly number[] {
    return meter.details.due(meter.detailRegisters(this.settings.registers), this.parts.clock.now());
  }

  private idsOf(meter: KnownMeter, kind: ReadingKind): readonly number[] {
    const { registers } = this.settings;
    if (kind === 'detail') return detailRequests(this.detailsDue(meter), meter);
    const ids =
      this.scope === 'everything' ? meter.scheduledRegisters(registers) : meter.onlyRegisters(registers);
    return scheduledRequests(ids, this.settings, meter);
  }

  private async askForSure(session: MeterSession, kind: ReadingKind): Promise<Proven> {
    const { client, current } = this.parts;
    const known = this.assurance.holdsFor(session) ? current.known : undefined;
    let given: NumberGiven = known === undefined ? 'just-now' : 'earlier';
    let meter = known ?? (await this.identify(session));
    for (let moves = 0; moves < MOVES; moves++) {
      const { failedTries } = client;
      const asked = await this.ask(session, meter, kind, given);
      const testimony = { asked, given, failedTries, isDetail: kind === 'detail' };
      if (this.assurance.isProven(meter, testimony)) return { meter, asked };
      if (asked.failure !== undefined) throw asked.failure;
      const actual = await this.identify(session);
      if (actual === meter) return { meter, asked };
      // Some of it may be the other meter's, so all of it is thrown away.
      meter = actual;
      given = 'just-now';
    }
    throw movedMeanwhile();
  }

  /**
   * A total that does not follow from the last one is asked for again at once, with all that came beside it: a live value
   * has nothing that would give it away.
   */
  private async withoutCrosstalk(
    session: MeterSession,
    meter: KnownMeter,
    asked: AskedRegisters,
  ): Promise<AskedRegisters> {
    if (asked.failure !== undefined) return asked;
    const { doubts } = meter.assess(readingsOf(asked));
    const doubtful = new Set(doubts.flatMap(({ reading: { register } }) => register ?? []));
    return doubtful.size === 0 ? asked : askAgainFor({ ...this.parts, session }, asked, doubtful);
  }

  private ask(
    session: MeterSession,
    meter: KnownMeter,
    kind: ReadingKind,
    given: NumberGiven,
  ): Promise<AskedRegisters> {
    const contact = given === 'just-now' ? 'responsive' : 'first';
    const ids = this.idsOf(meter, kind);
    this.parts.progress.asking(session, ids.length);
    return askKnownMeter({ ...this.parts, session }, meter, ids, contact);
  }

  /** Asks the meter for its number. The same one as before on this line is no news. */
  private async identify(session: MeterSession): Promise<KnownMeter> {
    const { client, current, identified } = this.parts;
    const before = this.assurance.holdsFor(session) ? current.known : undefined;
    const meter = this.switchTo(await client.serialNumber(session));
    if (meter !== before && !identified(meter.identity)) {
      current.giveUp();
      throw readElsewhere(meter.serialNumber);
    }
    this.assurance.given(session);
    return meter;
  }

  private switchTo(serialNumber: string): KnownMeter {
    const { current, logger, replaced } = this.parts;
    const { known } = current;
    if (known !== undefined && known.serialNumber !== serialNumber) {
      logger.warn(
        `${this.settings.name}: meter ${serialNumber} answers now, in place of ${known.serialNumber}`,
      );
      replaced(known.identity);
    }
    return current.switchTo(serialNumber);
  }

  /** Says once which of the user's registers the meter does not have. */
  private warnOfMissing(meter: KnownMeter): void {
    const { name, registers } = this.settings;
    if (registers === 'auto') return;
    const missing = registers.filter((id) => meter.absent.has(id) && !this.warnedMissing.has(id));
    for (const id of missing) this.warnedMissing.add(id);
    if (missing.length > 0)
      this.parts.logger.warn(
        `${name}: the meter does not have register ${missing.join(', ')}, which its "registers" name`,
      );
  }

  /** Says once that the configured model is wrong, because info codes would be read with the wrong list. */
  private warnOfModel(meter: KnownMeter): void {
    const { modelContradiction } = meter;
    if (modelContradiction === undefined || this.warnedModel) return;
    this.warnedModel = true;
    this.parts.logger.warn(
      `${this.settings.name}: ${modelContradiction}. Put its "model" right, or leave it out: wrong info texts and missing values may follow.`,
    );
  }

  private warnOf(doubts: readonly Doubt[]): void {
    for (const { reading, lastGood, reason, agreeing } of doubts) {
      const [now, before] = [reading, lastGood].map(readingText);
      this.doubtLog.say(
        'warn',
        `${this.settings.name}: ${reading.label} ${reason} from ${before} to ${now}; held back until three readings in a row agree (${agreeing} so far)`,
        `${reading.label} ${reason}`,
      );
    }
  }
}

function noRegisters(): Multical2MqttError {
  const message = `The meter answers, but has none of the registers asked for. Is it a MULTICAL? \`multical2mqtt probe\` shows what it has. ${MAY_WANT_PASS_CODE}`;
  return new Multical2MqttError('failed', message);
}

function movedMeanwhile(): Multical2MqttError {
  const message =
    'Another meter answered at the end of the reading than at its beginning, so nothing of it is published. Is somebody at the optical head?';
  return new Multical2MqttError('failed', message);
}

function readElsewhere(serialNumber: string): Multical2MqttError {
  const message = `Meter ${serialNumber} answers here, but another entry of the configuration reads it already: remove one of the two, or check which head sits where.`;
  return new Multical2MqttError('failed', message);
}
