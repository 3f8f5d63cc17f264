import type { ClaimingMeter, MeterClaims } from '../meter/meter.ts';
import type { RememberedMeter } from '../meter/meter-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';

interface MeterRegistryOptions {
  readonly store: {
    /** Every meter that is remembered, with the place where it was last seen. */
    all(): readonly Pick<RememberedMeter, 'serialNumber' | 'port' | 'address'>[];
    forget(serialNumber: string): void;
  };
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'after'>;
  /** Called once for each meter that left; its memory goes when `done` is called. */
  readonly forgotten: (serialNumber: string, done: () => void) => void;
}

/** Milliseconds in which a place may show another meter than the one that is known there. */
const SHOWN_WITHIN = 30_000;
/** Milliseconds in which a place where no meter is known may show one that was elsewhere before: a week. */
const SILENT_FOR = 7 * 86_400_000;

/** Knows which meter answers at which configured place, and which meters have left the configuration. */
export class MeterRegistry implements MeterClaims {
  private readonly options: MeterRegistryOptions;
  /** In the order of the configuration; with its serial number once it has shown itself. */
  private readonly places = new Map<ClaimingMeter, string | undefined>();
  private readonly bySerialNumber = new Map<string, ClaimingMeter>();
  private readonly leaving = new Set<string>();
  /** False: a place where no meter is known is not waited for any more. */
  private waits = true;
  private cancelTimers: readonly (() => void)[] = [];

  constructor(options: MeterRegistryOptions) {
    this.options = options;
  }

  /** What left the configuration goes although nobody answers. */
  start(): void {
    const { clock } = this.options;
    this.cancelTimers = [
      clock.after(SHOWN_WITHIN, () => this.forgetTheRest()),
      clock.after(SILENT_FOR, () => {
        this.waits = false;
        this.forgetTheRest();
      }),
    ];
  }

  stop(): void {
    for (const cancel of this.cancelTimers) cancel();
  }

  /** Asks the meter with this number for a reading, where it is known by now or from an earlier run. */
  readNow(serialNumber: string): void {
    this.bySerialNumber.get(serialNumber)?.readNow();
  }

  /** A meter remembered from an earlier run can be asked for a reading, but has not shown itself yet. */
  add(place: ClaimingMeter): void {
    this.places.set(place, undefined);
    if (place.serialNumber !== undefined) this.bySerialNumber.set(place.serialNumber, place);
  }

  /** After heads were interchanged, the other place gives the meter up as soon as it notices. */
  claim(place: ClaimingMeter, serialNumber: string): boolean {
    this.places.set(place, undefined);
    const other = this.placeOf(serialNumber);
    if (other !== undefined) {
      const { name, port } = other.place;
      this.options.logger.warn(
        `${place.place.name}: meter ${serialNumber} is read as ${name} (${port}) already. Remove one of the two entries.`,
      );
      return false;
    }
    this.places.set(place, serialNumber);
    this.bySerialNumber.set(serialNumber, place);
    this.leaving.delete(serialNumber);
    this.forgetTheRest();
    return true;
  }

  /** Meters that were seen in earlier runs, or earlier in this one, where this one is now. */
  before(serialNumber: string): readonly string[] {
    const place = this.placeOf(serialNumber)?.place;
    if (place === undefined) return [];
    const seen = this.options.store.all().filter((meter) => keyOf(meter) === keyOf(place));
    return seen.map((meter) => meter.serialNumber).filter((number) => number !== serialNumber);
  }

  /** The place at which it has shown itself in this run. */
  private placeOf(serialNumber: string): ClaimingMeter | undefined {
    const place = this.bySerialNumber.get(serialNumber);
    return place !== undefined && this.places.get(place) === serialNumber ? place : undefined;
  }

  /**
   * Only once every place has shown its meter, or has one that we remember: a meter whose port was renamed in the
   * configuration has not left, but may be silent. One that was replaced by another at the same place may come back, so it is kept.
   */
  private forgetTheRest(): void {
    const { store, forgotten } = this.options;
    const remembered = store.all();
    const lastSeen = new Set(remembered.map(keyOf));
    const configured = new Set<string>();
    for (const [{ place }, shown] of this.places) {
      const key = keyOf(place);
      if (this.waits && shown === undefined && !lastSeen.has(key)) return;
      configured.add(key);
    }
    for (const meter of remembered) {
      const { serialNumber } = meter;
      const known = this.placeOf(serialNumber) !== undefined || this.leaving.has(serialNumber);
      if (known || configured.has(keyOf(meter))) continue;
      this.leaving.add(serialNumber);
      forgotten(serialNumber, () => {
        // It may have come back meanwhile.
        if (this.leaving.delete(serialNumber)) store.forget(serialNumber);
      });
    }
  }
}

function keyOf({ port, address }: { readonly port: string; readonly address: number }): string {
  return `${address} ${port}`;
}
