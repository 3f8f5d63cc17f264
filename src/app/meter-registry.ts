import type { MeterConfig } from '../meter/config.ts';
import type { RememberedMeter } from '../meter/meter-store.ts';
import type { Poller } from '../meter/poller.ts';
import type { Logger } from '../shared/logger.ts';
import type { StoredMeterMemory } from './memory.ts';

export interface MeterRegistryOptions {
  readonly places: readonly MeterConfig[];
  readonly memory: Pick<StoredMeterMemory, 'forget' | 'lastSeenAt'> & {
    all(): readonly RememberedMeter[];
  };
  readonly logger: Logger;
  /** Called once for each meter that left; its memory goes when `done` is called. */
  readonly forgotten: (serialNumber: string, done: () => void) => void;
}

/** Which meter answers at which configured place, and which ones are gone from the configuration. */
export class MeterRegistry {
  private readonly options: MeterRegistryOptions;
  private readonly serialNumbers = new Map<MeterConfig, string>();
  private readonly pollers = new Map<string, Poller>();
  private readonly leaving = new Set<string>();

  constructor(options: MeterRegistryOptions) {
    this.options = options;
  }

  pollerOf(serialNumber: string): Poller | undefined {
    return this.pollers.get(serialNumber);
  }

  /** A meter remembered from an earlier run: it can be asked for a reading, but has not shown itself yet. */
  expected(serialNumber: string, poller: Poller): void {
    this.pollers.set(serialNumber, poller);
  }

  /**
   * False where another place reads this meter already. Two that read one meter would overwrite each other's values with
   * older ones; where heads were interchanged, the other place gives it up as soon as it notices.
   */
  identified(place: MeterConfig, serialNumber: string, poller: Poller): boolean {
    this.serialNumbers.delete(place);
    const other = this.placeOf(serialNumber);
    if (other !== undefined) {
      this.options.logger.warn(
        `${place.name}: meter ${serialNumber} is read as ${other.name} (${other.port}) already. Remove one of the two entries.`,
      );
      return false;
    }
    this.serialNumbers.set(place, serialNumber);
    this.pollers.set(serialNumber, poller);
    this.leaving.delete(serialNumber);
    this.forgetTheRest();
    return true;
  }

  private placeOf(serialNumber: string): MeterConfig | undefined {
    return this.options.places.find((place) => this.serialNumbers.get(place) === serialNumber);
  }

  /**
   * Only once every place has shown its meter, or has one that we remember: a meter whose port was renamed in the
   * configuration has not left. One that was replaced by another at the same place may come back, so it is kept.
   */
  private forgetTheRest(): void {
    const { places, memory, forgotten } = this.options;
    const unsettled = places.some(
      (place) => !this.serialNumbers.has(place) && memory.lastSeenAt(place.port, place.address) === undefined,
    );
    if (unsettled) return;
    for (const { serialNumber, port, address } of memory.all()) {
      const placeExists = places.some((place) => place.port === port && place.address === address);
      const known = this.placeOf(serialNumber) !== undefined || this.leaving.has(serialNumber);
      if (known || placeExists) continue;
      this.leaving.add(serialNumber);
      forgotten(serialNumber, () => {
        // It may have come back meanwhile.
        if (this.leaving.delete(serialNumber)) memory.forget(serialNumber);
      });
    }
  }
}
