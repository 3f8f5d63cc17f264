import type { Eye } from '../catalogue/eyes.ts';
import { PROFILES } from '../catalogue/families.ts';
import type { StageMaker } from '../readings/pipeline.ts';
import type { Reading } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import { messageOf } from '../shared/errors.ts';
import type { BatteryOwner } from './battery.ts';
import type { BatteryAccount } from './battery-account.ts';
import { type AskedPlace, KnownMeter } from './known-meter.ts';
import type { MeterStore, RememberedMeter } from './meter-store.ts';
import type { MeterIdentity } from './publisher.ts';

/**
 * Knows which meter is at one place of the configuration: the one of an earlier run until a meter answers, then
 * whichever answers.
 */
export class CurrentMeter implements BatteryOwner {
  private readonly place: AskedPlace;
  private readonly stages: Readonly<Record<string, StageMaker>>;
  private readonly store: MeterStore;
  private readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  private meter: KnownMeter | undefined;

  constructor(
    place: AskedPlace,
    stages: Readonly<Record<string, StageMaker>>,
    store: MeterStore,
    clock: Pick<Clock, 'now' | 'monotonic'>,
  ) {
    this.place = place;
    this.stages = stages;
    this.store = store;
    this.clock = clock;
    const remembered = store.lastSeenAt(place.port, place.address);
    if (remembered) this.meter = this.meterWith(remembered.serialNumber, remembered);
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

  /** Tells how to wake the meter; undefined while its family is neither known nor configured. */
  get wakeAdvice(): string | undefined {
    return this.eye?.advice;
  }

  /** True for an eye that hears nothing until somebody presses a button: asking it in vain costs nothing. */
  get sleepsDeeply(): boolean {
    return this.eye?.wakesBy === 'button';
  }

  private get eye(): Eye | undefined {
    const { model = 'auto' } = this.place;
    return this.meter?.eye ?? (model === 'auto' ? undefined : PROFILES[model].eye);
  }

  /** Makes values unknown that are no longer true at `now` because time has passed; returns them. */
  expire(now: number): readonly Reading[] {
    return this.meter?.expire(now) ?? [];
  }

  /** Milliseconds until there is something to make unknown; infinite where nothing is. */
  get validFor(): number {
    return this.meter?.validFor ?? Number.POSITIVE_INFINITY;
  }

  /** Brings back what is remembered of the meter with this number. */
  switchTo(serialNumber: string): KnownMeter {
    if (this.meter?.serialNumber !== serialNumber)
      this.meter = this.meterWith(serialNumber, this.store.recall(serialNumber));
    return this.meter;
  }

  /** Nothing that is remembered keeps a meter from being read. */
  private meterWith(serialNumber: string, remembered: RememberedMeter | undefined): KnownMeter {
    const known = (memory?: RememberedMeter): KnownMeter =>
      new KnownMeter(serialNumber, this.place, this.stages, this.clock, memory, (stage, error) => {
        const loss = 'What follows from earlier readings there begins anew, and nothing else.';
        this.store.setAside(serialNumber, `with its "${stage}" nothing is read (${messageOf(error)})`, loss);
      });
    try {
      return known(remembered);
    } catch (error) {
      this.store.setAside(serialNumber, messageOf(error), 'The meter is learnt anew.');
      return known();
    }
  }

  /** Afterwards no meter is known here. */
  giveUp(): void {
    this.meter = undefined;
  }

  /** Stores what is known by now. Not done while reading, so that a slow disk does not delay publishing. */
  remember(): void {
    if (this.meter) this.store.remember(this.meter.toRemember());
  }
}
