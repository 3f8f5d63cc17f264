import type { MeterConfig } from '../config/config.ts';
import type { Poller } from '../polling/poller.ts';
import type { StoredMeterMemory } from './stored-meter-memory.ts';

/** Which meter answers at which configured place, and which ones are gone from the configuration. */
export class MeterRegistry {
  private readonly places: readonly MeterConfig[];
  private readonly memory: StoredMeterMemory;
  private readonly forgotten: (serialNumber: string) => void;
  private readonly serialNumbers = new Map<MeterConfig, string>();
  private readonly pollers = new Map<string, Poller>();

  /** `forgotten` is called once for each meter that left. */
  constructor(
    places: readonly MeterConfig[],
    memory: StoredMeterMemory,
    forgotten: (serialNumber: string) => void,
  ) {
    this.places = places;
    this.memory = memory;
    this.forgotten = forgotten;
  }

  pollerOf(serialNumber: string): Poller | undefined {
    return this.pollers.get(serialNumber);
  }

  /** A meter remembered from an earlier run: it can be asked for a reading, but has not shown itself yet. */
  expected(serialNumber: string, poller: Poller): void {
    this.pollers.set(serialNumber, poller);
  }

  identified(place: MeterConfig, serialNumber: string, poller: Poller): void {
    this.serialNumbers.set(place, serialNumber);
    this.pollers.set(serialNumber, poller);
    if (this.serialNumbers.size === this.places.length) this.forgetTheRest();
  }

  /**
   * Only once every place has shown its meter: a meter whose port was renamed in the configuration has not left. One
   * that was replaced by another at the same place may come back, so it is kept.
   */
  private forgetTheRest(): void {
    const present = new Set(this.serialNumbers.values());
    for (const { serialNumber, port, address } of this.memory.all()) {
      const placeExists = this.places.some((place) => place.port === port && place.address === address);
      if (present.has(serialNumber) || placeExists) continue;
      this.memory.forget(serialNumber);
      this.forgotten(serialNumber);
    }
  }
}
