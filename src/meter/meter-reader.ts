import { R } from '../catalogue/register.ts';
import type { MeterClient } from '../link/client.ts';
import type { MeterSession } from '../link/session.ts';
import type { Doubt } from '../readings/plausibility.ts';
import { newestOf, type Reading, readingText } from '../readings/reading.ts';
import { inWallTime } from '../shared/credible-clock.ts';
import type { Deps } from '../shared/deps.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { type AskedRegisters, askKnownMeter, isEmpty, omittedIn, readingsOf } from './ask.ts';
import { awaitedQuantities } from './awaited.ts';
import type { MeterSettings } from './config.ts';
import type { CurrentMeter } from './current-meter.ts';
import type { KnownMeter } from './known-meter.ts';
import type { Awaited, MeterIdentity } from './publisher.ts';
import { detailRequests, scheduledRequests, tellMetersApart } from './register-plan.ts';

export type ReadingKind = 'scheduled' | 'detail';

export interface ReadingResult {
  readonly meter: MeterIdentity;
  readonly fresh: readonly Reading[];
  readonly latest: readonly Reading[];
  readonly doubts: readonly Doubt[];
  /** When the last reply was complete. */
  readonly readAt: number;
  /** The error of a later request; `fresh` holds what the earlier ones brought. */
  readonly failure?: unknown;
}

/** The meter gave its number for this very reading, or for an earlier one on the same line. */
type Identified = 'now' | 'earlier';

/** A line that stays open is trusted this long (ms), as far as totals would give another meter away. */
const TRUST_FOR = 24 * 3_600_000;

type ReaderSettings = Pick<
  MeterSettings,
  'name' | 'registers' | 'fineEnergy' | 'meanTemperatures' | 'detailSchedule'
>;

interface ReaderParts extends Pick<Deps, 'clock' | 'logger'> {
  readonly client: MeterClient;
  readonly current: CurrentMeter;
  /** Called when a meter answers. Returns false where it must not be read here, because it is read elsewhere. */
  readonly identified: (meter: MeterIdentity) => boolean;
  /** Called when another meter answers than the one that was known here. */
  readonly replaced: (meter: MeterIdentity) => void;
}

/**
 * Performs one reading: makes sure which meter it is, asks for the registers, and lets only plausible values through.
 *
 *   serial number ──▶ registers ──▶ could another meter have said this? ──no──▶ plausible? ──▶ latest values
 *        ▲                                        │ yes: ask it who it is
 *        └── what was read is thrown away ◀── another one
 *
 * The serial number is asked for once a session, once a day where the line stays open, and whenever a reply looks as if
 * it came from another meter. Where what is read could not give another meter away, it is asked for each time.
 */
export class MeterReader {
  private readonly settings: ReaderSettings;
  private readonly parts: ReaderParts;
  /** Registers that were never asked for are asked for along with the first reading. */
  private readonly scope: 'everything' | 'scheduled-only';
  private identifiedIn: MeterSession | undefined;
  private identifiedAt = 0;
  private readonly warnedMissing = new Set<number>();
  private warnedModel = false;

  constructor(settings: ReaderSettings, parts: ReaderParts) {
    this.settings = settings;
    this.parts = parts;
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
    const { client, clock } = this.parts;
    await client.wake(session);
    let { meter, identified } = await this.identify(session, kind);
    let asked = await this.ask(session, meter, kind, identified);
    if (this.couldBeAnother(meter, asked, identified)) {
      const actual = await this.identifyAgain(session);
      if (actual !== meter) {
        // Some of it may be the other meter's, so all of it is thrown away.
        meter = actual;
        asked = await this.ask(session, meter, kind, 'now');
      }
    }
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
      readAt: newestOf(readings) ?? clock.now(),
      ...(failure !== undefined && { failure }),
    };
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

  private ask(
    session: MeterSession,
    meter: KnownMeter,
    kind: ReadingKind,
    identified: Identified,
  ): Promise<AskedRegisters> {
    const contact = identified === 'now' ? 'responsive' : 'first';
    return askKnownMeter({ ...this.parts, session }, meter, this.idsOf(meter, kind), contact);
  }

  /** True if the head may sit on another meter by now. */
  private couldBeAnother(meter: KnownMeter, asked: AskedRegisters, identified: Identified): boolean {
    const readings = readingsOf(asked);
    const number = readings.find(({ register }) => register === R.serialNumber);
    if (number !== undefined && readingText(number) !== meter.serialNumber) return true;
    if (identified === 'now' || asked.failure !== undefined) return false;
    const surprising = omittedIn(asked).some((id) => meter.present.has(id));
    return surprising || isEmpty(asked) || meter.assess(readings).doubts.length > 0;
  }

  private async identify(
    session: MeterSession,
    kind: ReadingKind,
  ): Promise<{ meter: KnownMeter; identified: Identified }> {
    const { clock, current } = this.parts;
    const known = session === this.identifiedIn ? current.known : undefined;
    const tells =
      known && (kind === 'detail' || tellMetersApart(known.scheduledRegisters(this.settings.registers)));
    const trusted = tells && clock.monotonic() - this.identifiedAt < TRUST_FOR;
    if (known && trusted) return { meter: known, identified: 'earlier' };
    return { meter: await this.identifyAgain(session), identified: 'now' };
  }

  private async identifyAgain(session: MeterSession): Promise<KnownMeter> {
    const { client, clock, current, identified } = this.parts;
    const meter = this.switchTo(await client.serialNumber(session));
    if (!identified(meter.identity)) {
      current.giveUp();
      this.identifiedIn = undefined;
      throw readElsewhere(meter.serialNumber);
    }
    this.identifiedIn = session;
    this.identifiedAt = clock.monotonic();
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
      this.parts.logger.warn(
        `${this.settings.name}: ${reading.label} ${reason} from ${before} to ${now}; held back until three readings in a row agree (${agreeing} so far)`,
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
