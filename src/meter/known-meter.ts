import { derivedQuantity } from '../catalogue/derived-quantities.ts';
import type { Eye } from '../catalogue/eyes.ts';
import { type SharedProfile, sharedProfile } from '../catalogue/families.ts';
import type { MeterType } from '../kmp/messages.ts';
import { AGAIN } from '../link/again.ts';
import type { RegisterBatch } from '../link/client.ts';
import { Likeness } from '../readings/likeness.ts';
import { Pipeline, type StageMaker } from '../readings/pipeline.ts';
import { type Assessment, Plausibility } from '../readings/plausibility.ts';
import type { MeterTraits, Reading } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import { BatteryAccount } from './battery-account.ts';
import type { ExtraRegisters, MeterPlace, MeterSettings } from './config.ts';
import { DetailMemory } from './detail-memory.ts';
import { type Rhythm, rhythmOf } from './freshness.ts';
import {
  evidenceOf,
  type Identification,
  identifyModel,
  type MeterEvidence,
  measuredLengths,
  modelContradiction,
  modelOf,
  softwareRevision,
} from './identification.ts';
import { canBeMade, LatestValues, type OnSchedule } from './latest-values.ts';
import type { RememberedMeter } from './meter-store.ts';
import type { MeterIdentity } from './publisher.ts';
import {
  detailRegisters,
  isFullyKnown,
  isMainRegister,
  mainRegisters,
  type RegisterKnowledge,
  scheduledRequests,
  withInfoBits,
} from './register-plan.ts';

/** Where a meter is, and what it is asked for when. */
export type AskedPlace = MeterPlace &
  ExtraRegisters &
  Pick<MeterSettings, 'registers' | 'schedules' | 'detailSchedule'> & { readonly mainsPowered?: boolean };

/** Holds what is known of the meter with one serial number: its family, its registers, its latest good values. */
export class KnownMeter implements RegisterKnowledge {
  readonly serialNumber: string;
  readonly present: Set<number>;
  readonly absent: Set<number>;
  type: MeterType | null | undefined;
  readonly account: BatteryAccount;
  readonly details: DetailMemory;
  /** Value lengths in bytes, by register, where they differ between families. */
  private readonly lengths: Map<number, number>;
  private readonly place: AskedPlace;
  private readonly rhythm: Rhythm;
  readonly values: LatestValues;
  private readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  private readonly plausibility: Plausibility;
  private readonly likeness: Likeness;
  readonly pipeline: Pipeline;
  /** Counts the readings in a row that left a register out. */
  private readonly omissions = new Map<number, number>();
  private typeTries = 0;
  /** Undefined whenever something was learnt that may change it. */
  private schedule: OnSchedule | undefined;

  constructor(
    serialNumber: string,
    place: AskedPlace,
    stages: Readonly<Record<string, StageMaker>>,
    clock: Pick<Clock, 'now' | 'monotonic'>,
    remembered?: RememberedMeter,
    spoilt?: (stage: string, error: unknown) => void,
  ) {
    this.serialNumber = serialNumber;
    this.place = place;
    this.rhythm = rhythmOf(place);
    this.clock = clock;
    this.present = new Set(remembered?.present);
    this.absent = new Set(remembered?.absent);
    this.type = remembered?.type;
    this.account = new BatteryAccount(remembered?.account);
    this.details = new DetailMemory(remembered?.details);
    this.lengths = new Map(remembered?.lengths);
    const latest = remembered?.latest ?? [];
    this.values = new LatestValues(latest, clock);
    this.plausibility = new Plausibility(latest, remembered?.plausibility);
    this.likeness = new Likeness(this.plausibility.good);
    this.pipeline = new Pipeline(stages, remembered?.interpretation, spoilt);
    this.dropWithdrawn();
  }

  get identity(): MeterIdentity {
    return {
      serialNumber: this.serialNumber,
      name: this.place.name,
      model: modelOf(this.identification),
      kind: this.profile.kind ?? null,
      ...(this.place.mainsPowered && { mainsPowered: true }),
      softwareRevision: softwareRevision(this.type, this.evidence),
    };
  }

  /** Undefined while its family is not clear. */
  get eye(): Eye | undefined {
    return this.profile.eye;
  }

  /** What may be shown of the latest good values. */
  get latest(): readonly Reading[] {
    return this.values.shown(this.onSchedule);
  }

  private get onSchedule(): OnSchedule {
    this.schedule ??= this.scheduleByNow();
    return this.schedule;
  }

  private scheduleByNow(): OnSchedule {
    const { registers, detailSchedule } = this.place;
    const hasDetails = detailSchedule !== 'never';
    const asked = [
      ...this.scheduledRegisters(registers),
      ...(hasDetails ? [] : this.onlyRegisters(registers)),
    ];
    const main = new Set(scheduledRequests(asked, this.place, this));
    const details = new Set(hasDetails ? this.detailRegisters(registers) : []);
    return {
      has: (id) => main.has(id) || details.has(id),
      interval: (id) =>
        main.has(id) ? this.rhythm.main : this.details.interval(id, this.rhythm.details, this.clock.now()),
    };
  }

  /** Quantities that its stages do not make any more. */
  get withdrawn(): readonly string[] {
    return this.pipeline.withdrawn;
  }

  /** Registers that its stages can make nothing of. */
  get useless(): ReadonlySet<number> {
    return this.pipeline.useless;
  }

  /** The main registers, or the user's, without those that the meter does not have. */
  scheduledRegisters(wanted: 'auto' | readonly number[]): readonly number[] {
    if (wanted === 'auto') return mainRegisters(this, this.profile.first);
    const answered = wanted.filter((id) => !this.absent.has(id));
    return answered.length > 0 ? answered : wanted;
  }

  /** Takes the place of `scheduledRegisters` where details are never asked for. */
  onlyRegisters(wanted: 'auto' | readonly number[]): readonly number[] {
    const scheduled = this.scheduledRegisters(wanted);
    const isOpen = wanted === 'auto' && this.profile.infoTable === undefined;
    return isOpen ? withInfoBits(scheduled, this) : scheduled;
  }

  /** All registers that are not read on schedule. */
  detailRegisters(wanted: 'auto' | readonly number[]): readonly number[] {
    return detailRegisters(this, this.scheduledRegisters(wanted), this.profile.details);
  }

  isFullyKnown(wanted: 'auto' | readonly number[]): boolean {
    return isFullyKnown(this, this.scheduledRegisters(wanted), this.profile.details);
  }

  get typeIsOpen(): boolean {
    return this.type === undefined;
  }

  /** `type`: the meter's answer to GetType, or null for silence, which may be a disturbance. */
  learnType(type: MeterType | null): void {
    this.schedule = undefined;
    this.typeTries++;
    if (type !== null || this.typeTries >= AGAIN.typeReadings) this.type = type;
  }

  /** True for a register whose absence would be a surprise. */
  expects(id: number): boolean {
    return this.present.has(id) || isMainRegister(id, this.profile.first);
  }

  /** A register that was there, or that every heat meter has, is given up only when several readings left it out. */
  learn({ records, absent, silent }: RegisterBatch): void {
    this.schedule = undefined;
    for (const [id, length] of measuredLengths(records)) this.lengths.set(id, length);
    for (const { id } of records) {
      this.present.add(id);
      this.absent.delete(id);
      this.omissions.delete(id);
    }
    for (const id of [...absent, ...silent]) {
      const omissions = (this.omissions.get(id) ?? 0) + 1;
      this.omissions.set(id, omissions);
      if (!this.expects(id) || omissions >= AGAIN.omissions) this.giveUp(id);
    }
  }

  private giveUp(id: number): void {
    this.absent.add(id);
    this.present.delete(id);
    this.details.forget(id);
    for (const { register, quantity } of this.values.all) {
      if (register !== id && (register !== null || this.canStillMake(quantity, id))) continue;
      this.values.forget(quantity);
      this.plausibility.forget(quantity);
    }
  }

  /** True unless the derived quantity needs the register that is gone. */
  private canStillMake(quantity: string, gone: number): boolean {
    const from = derivedQuantity(quantity)?.from ?? [];
    if (!from.some((registers) => registers.includes(gone))) return true;
    return canBeMade(quantity, (id) => this.present.has(id));
  }

  assess(readings: readonly Reading[]): Assessment {
    return this.plausibility.assess(readings);
  }

  /** False where another meter might have said this as well. */
  recognises(readings: readonly Reading[]): boolean {
    return this.assess(readings).doubts.length === 0 && this.likeness.isOwn(readings);
  }

  /** Makes plausible readings, and what follows from them, the latest values; returns these. */
  keep(assessment: Assessment): readonly Reading[] {
    this.likeness.learn(assessment.accepted);
    this.plausibility.keep(assessment);
    // With everything held back nothing is known of this moment, so nothing may follow from it.
    if (assessment.accepted.length === 0) return [];
    const interpreted = this.pipeline.run(assessment.accepted, this.traits);
    this.values.keep(interpreted);
    this.schedule = undefined;
    this.dropWithdrawn();
    const latest = new Set(this.latest);
    return interpreted.filter((reading) => latest.has(reading));
  }

  /** Makes unknown what the time alone has made untrue; returns it, stamped with the last reading. */
  expire(now: number): readonly Reading[] {
    return this.values.expire(this.pipeline.expire(now), this.onSchedule);
  }

  /** Milliseconds until a value is too old to be shown; infinite where none will be. */
  get validFor(): number {
    return this.values.validFor(this.onSchedule);
  }

  private dropWithdrawn(): void {
    for (const quantity of this.withdrawn) this.values.forget(quantity);
  }

  private get traits(): MeterTraits {
    const { kind = null, infoTable = null } = this.profile;
    return { kind, infoTable };
  }

  /** What all families have in common to which it may belong. */
  get profile(): SharedProfile {
    return sharedProfile(this.identification.models);
  }

  /** Uses what is known already: identifying costs no request. */
  private get identification(): Identification {
    return identifyModel(this.evidence, this.place.model);
  }

  private get evidence(): MeterEvidence {
    return evidenceOf(this, this.values.all, this.lengths);
  }

  /** Says in words why it cannot be the configured model; undefined where it can. */
  get modelContradiction(): string | undefined {
    const { model = 'auto' } = this.place;
    const contradiction = model === 'auto' ? undefined : modelContradiction(this.evidence, model);
    return contradiction && `configured as ${this.identification.name}, but ${contradiction}`;
  }

  toRemember(): RememberedMeter {
    const { port, address } = this.place;
    const { serialNumber, type, present, absent } = this;
    const interpretation = this.pipeline.toRemember();
    return {
      serialNumber,
      port,
      address,
      type,
      present: [...present],
      absent: [...absent],
      lengths: [...this.lengths],
      latest: this.values.all,
      interpretation,
      plausibility: this.plausibility.toRemember(),
      account: this.account.toRemember(),
      details: this.details.toRemember(),
    };
  }
}
