import { PROFILES } from '../catalogue/families.ts';
import type { StageMaker } from '../readings/pipeline.ts';
import type { Reading } from '../readings/reading.ts';
import type { BatteryAccount, BatteryOwner } from './battery.ts';
import { KnownMeter } from './known-meter.ts';
import type { MeterPlace } from './meter-settings.ts';
import type { MeterStore } from './meter-store.ts';
import type { MeterIdentity } from './publisher.ts';

/**
 * The meter at one place of the configuration: remembered from an earlier run until it answers, and another one as soon
 * as another one answers.
 */
export class CurrentMeter implements BatteryOwner {
  private readonly place: MeterPlace;
  private readonly stages: Readonly<Record<string, StageMaker>>;
  private readonly store: MeterStore;
  private meter: KnownMeter | undefined;

  constructor(place: MeterPlace, stages: Readonly<Record<string, StageMaker>>, store: MeterStore) {
    this.place = place;
    this.stages = stages;
    this.store = store;
    const remembered = store.lastSeenAt(place.port, place.address);
    if (remembered) this.meter = new KnownMeter(remembered.serialNumber, place, stages, remembered);
  }

  get known(): KnownMeter | undefined {
    return this.meter;
  }

  get identity(): MeterIdentity | undefined {
    return this.meter?.identity;
  }

  get latest(): readonly Reading[] {
    return this.meter?.latest ?? [];
  }

  get account(): BatteryAccount | undefined {
    return this.meter?.account;
  }

  /** How to wake it when it does not answer, as far as its family is known or configured. */
  get wakeAdvice(): string | undefined {
    const { model = 'auto' } = this.place;
    return this.meter?.wakeAdvice ?? (model === 'auto' ? undefined : PROFILES[model].eye.advice);
  }

  /** Makes unknown what is no longer true at `now`, for the time alone; returns that. */
  expire(now: number): readonly Reading[] {
    return this.meter?.expire(now) ?? [];
  }

  /** The meter with this number, with all that is remembered of it, is the one that is here now. */
  switchTo(serialNumber: string): KnownMeter {
    if (this.meter?.serialNumber !== serialNumber)
      this.meter = new KnownMeter(serialNumber, this.place, this.stages, this.store.recall(serialNumber));
    return this.meter;
  }

  /** No meter is known here any more. */
  giveUp(): void {
    this.meter = undefined;
  }

  /** Writes down what is known by now. Apart from reading, so that a slow disk does not delay the publishing. */
  remember(): void {
    if (this.meter) this.store.remember(this.meter.toRemember());
  }
}
