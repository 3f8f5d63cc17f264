import { type Awaited, NOTHING_AWAITED } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import { type Reading, stateJson } from '../../readings/reading.ts';
import type { Clock } from '../../shared/clock.ts';
import type { AnnouncedState, Units } from '../announced-state.ts';
import { olderJson } from './older-values.ts';
import { isLasting, RetainedState } from './retained-state.ts';

interface StateTopicOptions {
  readonly connection: MqttConnection;
  readonly clock: Clock;
  readonly topic: string;
  /** Says how old those values are that the newest reading did not bring. */
  readonly olderTopic: string;
  /** The unit that a reading is announced in; left out where nobody announces any. */
  readonly announcedUnit?: ((reading: Reading) => string) | undefined;
}

interface State {
  readonly latest: readonly Reading[];
  readonly readAt: number;
  readonly awaited: Awaited;
}

/**
 * The state of one meter at the broker. What it must not show now is null: a number in another unit than the announced
 * one, and what was left there by an earlier run and is no longer true.
 */
export class StateTopic implements AnnouncedState {
  readonly topic: string;
  private readonly options: StateTopicOptions;
  /** What an earlier run has left there. */
  private readonly retained: RetainedState;
  /** The units in which a number may be taken: two while an announcement is on its way. Undefined: not known yet. */
  private units: ReadonlyMap<string, readonly string[]> | undefined;
  /** The units that the numbers of an earlier run were announced in, less those that have changed since. */
  private earlierUnits: Map<string, string> | undefined;
  /** Quantities that were read in this run. */
  private readonly read = new Set<string>();
  /** Undefined until something was read in this run. */
  private state: State | undefined;
  /** Of the numbers that we have published, as they are announced; undefined before the first state of this run. */
  private published: Units | undefined;
  /** Quantities of an earlier run's state that are not what it says. */
  private untrue: ReadonlySet<string> = new Set();
  /** Of those, what the broker held later than our own memory. */
  private readonly adopted = new Map<string, Reading>();
  private again: () => void = () => {};
  private end: () => void = () => {};

  constructor(options: StateTopicOptions) {
    const { connection, clock, topic, olderTopic, announcedUnit } = options;
    this.options = options;
    this.topic = topic;
    this.units = announcedUnit === undefined ? new Map() : undefined;
    this.retained = new RetainedState(connection, clock, { state: topic, older: olderTopic }, () => {
      this.publish();
      this.again();
    });
  }

  start(): void {
    this.retained.start();
    this.end = this.options.connection.onMoved(() => this.moved());
  }

  stop(): void {
    this.end();
    this.retained.stop();
  }

  /** A reading: what it brought, and the latest values of every quantity. */
  readingTaken(
    fresh: readonly Reading[],
    latest: readonly Reading[],
    readAt: number,
    awaited: Awaited = NOTHING_AWAITED,
  ): void {
    for (const { quantity } of fresh) {
      this.read.add(quantity);
      this.adopted.delete(quantity);
    }
    this.state = { latest, readAt, awaited };
    this.publish();
  }

  /** Values of an earlier run. The broker has them, perhaps newer ones; only what is known to be over is taken back. */
  remembered(latest: readonly Reading[]): void {
    const unknown = latest.filter(({ value }) => value.kind === 'unknown');
    this.untrue = new Set([...this.untrue, ...unknown.map(({ quantity }) => quantity)]);
    this.publish();
  }

  announced(units: Units): void {
    this.units = new Map(Array.from(units, ([quantity, unit]) => [quantity, [unit]]));
    this.earlierUnits ??= new Map(units);
    this.publish();
  }

  makeRoom(units: Units, again: () => void): boolean {
    const { connection } = this.options;
    if (this.published === undefined && !this.retained.known) {
      this.again = again;
      return false;
    }
    const both = Array.from(units, ([quantity, unit]): [string, readonly string[]] => [
      quantity,
      [...(this.units?.get(quantity) ?? []), unit],
    ]);
    this.units = new Map([...(this.units ?? []), ...both]);
    for (const quantity of units.keys()) this.earlierUnits?.delete(quantity);
    // Nobody has said which unit the numbers of an earlier run are in.
    if (this.published === undefined) this.untrue = new Set([...this.untrue, ...units.keys()]);
    if (Array.from(units).some(([quantity, unit]) => this.published?.get(quantity) !== unit)) this.publish();
    if (connection.isTaken(this.topic)) return true;
    connection.onceTaken(this.topic, again);
    return false;
  }

  /** What stands at another broker may be older or newer, and announced in another unit, than what was at the one before. */
  private moved(): void {
    const { connection, olderTopic, announcedUnit } = this.options;
    for (const topic of [this.topic, olderTopic]) connection.drop(topic);
    if (announcedUnit !== undefined) this.units = undefined;
    this.earlierUnits = undefined;
    this.published = undefined;
    this.retained.restart();
  }

  private publish(): void {
    if (this.state === undefined) this.takeBack();
    else if (this.units !== undefined && (this.retained.known || !this.needsEarlier(this.state)))
      this.publishRead(this.state, this.units);
  }

  private needsEarlier({ latest, awaited }: State): boolean {
    return !isEmpty(awaited) || latest.some((reading) => this.mayBeOutdated(reading));
  }

  /** An earlier run may have published a newer one, on a disk that took nothing any more. */
  private mayBeOutdated({ quantity, nature, value }: Reading): boolean {
    const isKnown = value.kind !== 'unknown' && value.value !== null;
    return (
      isKnown && isLasting(nature) && !this.read.has(quantity) && this.earlierUnits?.has(quantity) === true
    );
  }

  private newest(reading: Reading): Reading {
    const { quantity } = reading;
    const adopted = this.adopted.get(quantity);
    const isNewer = adopted?.unit === reading.unit && adopted.readAt > reading.readAt;
    const known = isNewer ? adopted : reading;
    const isSameUnit = this.earlierUnits?.get(quantity) === this.options.announcedUnit?.(known);
    const found = this.mayBeOutdated(known) && isSameUnit ? this.retained.newerThan(known) : undefined;
    if (found !== undefined) this.adopted.set(quantity, found);
    return found ?? known;
  }

  private publishRead(
    { latest: known, readAt, awaited }: State,
    units: ReadonlyMap<string, readonly string[]>,
  ): void {
    const latest = known.map((reading) => this.newest(reading));
    const { connection, olderTopic, announcedUnit = () => '' } = this.options;
    const fits = (reading: Reading): boolean =>
      units.get(reading.quantity)?.every((unit) => unit === announcedUnit(reading)) ?? true;
    const shown = latest.map((reading) => (fits(reading) ? reading : withheld(reading)));
    const members = this.retained.missing(latest, awaited);
    const given = new Set([
      ...latest.map(({ quantity }) => quantity),
      ...members.map(([quantity]) => quantity),
    ]);
    // An entity that is still there finds null, and no gap that its template would complain about.
    const gone = Array.from(units.keys()).filter((quantity) => !given.has(quantity));
    const first = [...members, ...gone.map((quantity) => [quantity, 'null'] as const)];
    connection.publish(
      this.topic,
      stateJson(
        shown,
        readAt,
        first.map(([quantity, json]) => `${JSON.stringify(quantity)}:${json}`),
      ),
    );
    const kept = members.flatMap(([quantity, json]) => (json === 'null' ? [] : [quantity]));
    // Changes with the details, hardly ever with a reading of the main registers.
    connection.publish(olderTopic, olderJson(latest, readAt, kept));
    const numbers = shown.filter(({ value }) => value.kind === 'number');
    this.published = new Map(numbers.map((reading) => [reading.quantity, announcedUnit(reading)]));
  }

  private takeBack(): void {
    const without = this.retained.without(this.untrue);
    if (without !== undefined) this.options.connection.publish(this.topic, without);
  }
}

function isEmpty(awaited: Awaited): boolean {
  return awaited !== 'anything' && awaited.size === 0;
}

function withheld(reading: Reading): Reading {
  const cause = 'It is announced in another unit.';
  return { ...reading, value: { kind: 'unknown', value: null, decimals: 0, cause } };
}
