import type { BatteryAccount } from '../meter/battery-account.ts';
import type { MeterStore, RememberedMeter } from '../meter/meter-store.ts';
import { type LastUnits, NO_UNITS, type PublishedUnits } from '../outputs/converting-publisher.ts';
import type { Reading } from '../readings/reading.ts';
import { restoreReading, storeReading } from '../readings/stored-reading.ts';
import { type Fields, fieldsOf, isInteger, itemsOf, membersOf } from '../shared/stored.ts';
import { LeftCosts, SPENT } from './left-costs.ts';
import type { DocumentKind, StateDocument } from './state-document.ts';
import type { StateStore } from './state-store.ts';

const FOLDER = 'meters';

/** `turn`: the larger, the later it was seen at its place. Times would not tell: a clock may have been wrong. */
type StoredMeter = RememberedMeter & { readonly turn: number };

/** Where and when a meter was seen last. `newest`: its newest reading; 0 for none. */
interface SeenMeter extends Pick<StoredMeter, 'serialNumber' | 'port' | 'address' | 'turn'> {
  readonly newest: number;
}

/** What `probe` found, which may be while a bridge runs. */
export type ProbedMeter = Pick<
  RememberedMeter,
  'serialNumber' | 'port' | 'address' | 'type' | 'present' | 'absent'
>;

/** Behind the name of the document in which a probe leaves what it found. */
const PROBED = '.probed';

/**
 * The meters' memory in `dataDir`: one document a meter, under its serial number. A running bridge is the only one that
 * writes these. A probe leaves what it found in a document of its own, which the next bridge takes in.
 */
export class StoredMeterMemory implements MeterStore {
  private readonly store: StateStore;
  private readonly costs: LeftCosts;
  private seen: Map<string, SeenMeter> | undefined;

  constructor(store: StateStore) {
    this.store = store;
    this.costs = new LeftCosts(store);
  }

  recall(serialNumber: string): RememberedMeter | undefined {
    if (!this.seenMeters.has(serialNumber)) return undefined;
    const { turn: _, ...meter } = this.meter(serialNumber).read() ?? {};
    return 'serialNumber' in meter ? meter : undefined;
  }

  /** For a program beside the bridge: what it knows or will take in at its next start. Nothing is written. */
  lookUp(serialNumber: string): RememberedMeter | undefined {
    return this.meter(serialNumber).read() ?? this.probed(serialNumber).read();
  }

  lastSeenAt(port: string, address: number): RememberedMeter | undefined {
    // Earlier versions wrote no turn.
    const [last] = this.seenAt(port, address).sort((a, b) => b.turn - a.turn || b.newest - a.newest);
    return last && this.recall(last.serialNumber);
  }

  setAside(serialNumber: string, why: string, loss: string): void {
    this.seenMeters.delete(serialNumber);
    this.meter(serialNumber).setAside(why, loss);
  }

  remember(meter: RememberedMeter): void {
    const stored = { ...meter, turn: this.turnOf(meter) };
    this.meter(meter.serialNumber).write({ ...stored, latest: meter.latest.map(storeReading) });
    this.seenMeters.set(meter.serialNumber, seenAs(stored));
  }

  forget(serialNumber: string): void {
    this.seenMeters.delete(serialNumber);
    this.meter(serialNumber).remove();
  }

  all(): SeenMeter[] {
    return Array.from(this.seenMeters.values());
  }

  /** For a program beside the bridge, which may be running. */
  leaveProbe(probed: ProbedMeter): void {
    this.probed(probed.serialNumber).write(probed);
  }

  /** For a program beside the bridge too; taken in at the next start. */
  leaveCosts(serialNumber: string, account: BatteryAccount): void {
    this.costs.leave(serialNumber, account);
  }

  private seenAt(port: string, address: number): SeenMeter[] {
    return this.all().filter((meter) => meter.port === port && meter.address === address);
  }

  /** Changes only when another meter is seen at the place, so that a file stays as it is otherwise. */
  private turnOf({ serialNumber, port, address }: RememberedMeter): number {
    const turns = (own: boolean): number[] =>
      this.seenAt(port, address)
        .filter((meter) => (meter.serialNumber === serialNumber) === own)
        .map(({ turn }) => turn);
    const [before = 0] = turns(true);
    const last = Math.max(0, ...turns(false));
    return before > last ? before : last + 1;
  }

  private get seenMeters(): Map<string, SeenMeter> {
    if (this.seen !== undefined) return this.seen;
    const names = this.store.list(FOLDER).map((name) => name.slice(FOLDER.length + 1));
    const endingIn = (ending: string): string[] =>
      names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
    const ownNames = names.filter((name) => !name.includes('.'));
    const meters = ownNames.flatMap((name) => this.meter(name).read() ?? []);
    this.seen = new Map(meters.map((meter) => [meter.serialNumber, seenAs(meter)]));
    for (const name of endingIn(PROBED)) this.takeIn(name);
    for (const name of endingIn(SPENT)) this.charge(name);
    return this.seen;
  }

  /** Of a meter that is not known yet, it waits. */
  private charge(serialNumber: string): void {
    const known = this.meter(serialNumber).read();
    if (known === undefined) return;
    this.remember({ ...known, account: this.costs.addedTo(known.account, serialNumber) });
    this.costs.remove(serialNumber);
  }

  private meter(serialNumber: string): StateDocument<StoredMeter> {
    return this.store.document(`${FOLDER}/${serialNumber}`, meterWith(serialNumber));
  }

  private probed(serialNumber: string): StateDocument<StoredMeter> {
    return this.store.document(`${FOLDER}/${serialNumber}${PROBED}`, meterWith(serialNumber));
  }

  private takeIn(serialNumber: string): void {
    const probed = this.probed(serialNumber).read();
    if (probed === undefined) return;
    const { port, address, type, present, absent } = probed;
    const known = this.meter(serialNumber).read();
    const gone = new Set<number | null>(absent);
    const latest = (known?.latest ?? []).filter(({ register }) => !gone.has(register));
    // Without the details: which of them stand still is found out anew.
    this.remember({
      ...known,
      serialNumber,
      port,
      address,
      type,
      present,
      absent,
      latest,
      details: undefined,
    });
    this.probed(serialNumber).remove();
  }
}

/** A file that was copied or renamed would hand one meter's values to another. */
function meterWith(serialNumber: string): DocumentKind<StoredMeter> {
  return {
    restore: (document) => {
      const meter = restoreMeter(document);
      return meter?.serialNumber === serialNumber ? meter : undefined;
    },
    holds:
      'the registers of that meter, its last values, the beginnings of its days and months, the account of its battery',
  };
}

function seenAs({ serialNumber, port, address, turn, latest }: StoredMeter): SeenMeter {
  return { serialNumber, port, address, turn, newest: newest(latest) };
}

function newest(readings: readonly Reading[]): number {
  return Math.max(0, ...readings.map(({ readAt }) => readAt));
}

function restoreMeter(document: Fields): StoredMeter | undefined {
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
    plausibility,
    account,
    details,
    turn,
  } = document;
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
    plausibility,
    account,
    details,
    turn: isInteger(turn, 0, Number.MAX_SAFE_INTEGER - 1) ? turn : 0,
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

  recall(serialNumber: string): LastUnits {
    return this.units(serialNumber).read() ?? NO_UNITS;
  }

  remember(serialNumber: string, { published, own }: LastUnits): void {
    this.units(serialNumber).write({ ...published, own });
  }

  forget(serialNumber: string): void {
    this.units(serialNumber).remove();
  }

  private units(serialNumber: string): StateDocument<LastUnits> {
    return this.store.document(`units/${serialNumber}`, UNITS);
  }
}

/** Earlier versions knew the published ones alone, each by its quantity. */
const UNITS: DocumentKind<LastUnits> = {
  restore: (document) => ({ published: texts(document), own: texts(document.own) }),
  holds: 'the units in which the values of that meter were published last',
};

function texts(stored: unknown): Readonly<Record<string, string>> {
  return membersOf(stored, (unit) => (typeof unit === 'string' ? unit : undefined));
}
