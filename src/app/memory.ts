import type { MeterStore, RememberedMeter } from '../meter/meter-store.ts';
import type { PublishedUnits } from '../outputs/converting-publisher.ts';
import type { Reading } from '../readings/reading.ts';
import { restoreReading, storeReading } from '../readings/stored-reading.ts';
import { fieldsOf, itemsOf, membersOf } from '../shared/stored.ts';
import type { StateStore } from './state-store.ts';

const FOLDER = 'meters';

/** The meters' memory in `dataDir`: one document a meter, under its serial number. */
export class StoredMeterMemory implements MeterStore {
  private readonly store: StateStore;

  constructor(store: StateStore) {
    this.store = store;
  }

  recall(serialNumber: string): RememberedMeter | undefined {
    const meter = restoreMeter(this.store.read(`${FOLDER}/${serialNumber}`));
    // A file that was copied or renamed would hand one meter's values to another.
    return meter?.serialNumber === serialNumber ? meter : undefined;
  }

  lastSeenAt(port: string, address: number): RememberedMeter | undefined {
    const here = this.all().filter((meter) => meter.port === port && meter.address === address);
    return here.sort((a, b) => newest(b.latest) - newest(a.latest))[0];
  }

  remember(meter: RememberedMeter): void {
    const document = { ...meter, latest: meter.latest.map(storeReading) };
    this.store.write(`${FOLDER}/${meter.serialNumber}`, document);
  }

  forget(serialNumber: string): void {
    this.store.remove(`${FOLDER}/${serialNumber}`);
  }

  all(): RememberedMeter[] {
    const names = this.store.list(FOLDER).map((name) => name.slice(FOLDER.length + 1));
    return names.map((name) => this.recall(name)).filter((meter) => meter !== undefined);
  }
}

function newest(readings: readonly Reading[]): number {
  return Math.max(0, ...readings.map(({ readAt }) => readAt));
}

function restoreMeter(document: unknown): RememberedMeter | undefined {
  const {
    serialNumber,
    port,
    address,
    type,
    present,
    absent,
    lengths,
    latest,
    interpretation,
    account,
    details,
  } = fieldsOf(document);
  if (
    typeof serialNumber !== 'string' ||
    !/^\d{1,10}$/.test(serialNumber) ||
    typeof port !== 'string' ||
    typeof address !== 'number'
  )
    return undefined;
  return {
    serialNumber,
    port,
    address,
    type: restoreType(type),
    present: numbers(present),
    absent: numbers(absent),
    lengths: pairs(lengths),
    latest: itemsOf(latest, restoreReading),
    interpretation,
    account,
    details,
  };
}

function restoreType(type: unknown): RememberedMeter['type'] {
  if (type === null) return null;
  const { meterType, softwareRevision } = fieldsOf(type);
  if (typeof meterType !== 'number') return undefined;
  return { meterType, softwareRevision: typeof softwareRevision === 'string' ? softwareRevision : null };
}

function numbers(list: unknown): number[] {
  return itemsOf(list, (item) => (typeof item === 'number' ? item : undefined));
}

function pairs(list: unknown): (readonly [number, number])[] {
  return itemsOf(list, (item) => {
    const [id, length] = numbers(item);
    return id === undefined || length === undefined ? undefined : ([id, length] as const);
  });
}

/** The units that were published last, in `dataDir`: one document a meter, under its serial number. */
export class StoredUnits implements PublishedUnits {
  private readonly store: StateStore;

  constructor(store: StateStore) {
    this.store = store;
  }

  recall(serialNumber: string): Readonly<Record<string, string>> {
    const document = this.store.read(documentOf(serialNumber));
    return membersOf(document, (unit) => (typeof unit === 'string' ? unit : undefined));
  }

  remember(serialNumber: string, units: Readonly<Record<string, string>>): void {
    this.store.write(documentOf(serialNumber), units);
  }

  forget(serialNumber: string): void {
    this.store.remove(documentOf(serialNumber));
  }
}

function documentOf(serialNumber: string): string {
  return `units/${serialNumber}`;
}
