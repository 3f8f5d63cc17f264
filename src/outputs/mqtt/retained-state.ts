import { isQuantity, registerNatureOf } from '../../catalogue/quantities.ts';
import type { ReadingNature } from '../../catalogue/register.ts';
import type { Awaited } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import { RetainedScan } from '../../mqtt/retained-scan.ts';
import type { Reading } from '../../readings/reading.ts';
import { valueInState } from '../../readings/stored-reading.ts';
import type { Clock } from '../../shared/clock.ts';
import { jsonObject } from '../../shared/stored.ts';

/** A meter's state as an earlier run left it at the broker: a memory where our own is lost. */
export class RetainedState {
  private readonly scan: RetainedScan;
  private text = '';
  private members: ReadonlyMap<string, string> = new Map();
  private older: Readonly<Record<string, unknown>> = {};
  /** When all of it had been handed out: what is said to have been read later is of no use. */
  private foundAt: number | undefined;

  /** `olderTopic`: says when those values were read that the newest reading did not bring. */
  constructor(
    connection: MqttConnection,
    clock: Clock,
    topics: { readonly state: string; readonly older: string },
    known: () => void,
  ) {
    this.scan = new RetainedScan(connection, clock, [topics.state, topics.older], {
      started: () => {},
      received: (topic, payload) => {
        if (topic === topics.older) {
          this.older = jsonObject(payload);
        } else {
          this.text = payload;
          this.members = membersOf(payload);
        }
      },
      complete: () => {
        this.foundAt = clock.now();
        this.scan.stop();
        known();
      },
    });
  }

  start(): void {
    this.scan.start();
  }

  stop(): void {
    this.scan.stop();
  }

  /** Reads it at another broker. */
  restart(): void {
    this.text = '';
    this.members = new Map();
    this.older = {};
    this.foundAt = undefined;
    this.scan.stop();
    this.scan.start();
  }

  /** False until the broker has handed out what it holds. */
  get known(): boolean {
    return this.foundAt !== undefined;
  }

  /**
   * The same quantity as the broker holds it, where that was read later: our own memory could not be written then.
   * Undefined where it was not, or where nobody can say.
   */
  newerThan(reading: Reading): Reading | undefined {
    const json = this.members.get(reading.quantity);
    const moment = this.readAt(reading.quantity);
    if (json === undefined || !(moment > reading.readAt && moment <= (this.foundAt ?? 0))) return undefined;
    const value = valueInState(json, reading.value);
    return value && { ...reading, value, readAt: moment };
  }

  /** Milliseconds since 1970; not a number where nobody has said. */
  private readAt(quantity: string): number {
    const older = this.older[quantity];
    const newest = this.members.get('read_at') ?? 'null';
    const said: unknown = older === undefined ? JSON.parse(newest) : older;
    return typeof said === 'string' ? Date.parse(said) : Number.NaN;
  }

  /** The same state with null for these; undefined where it has no such value, or is not ours. */
  without(quantities: ReadonlySet<string>): string | undefined {
    const members = Array.from(this.members);
    const isGone = ([name, value]: readonly [string, string]): boolean =>
      quantities.has(name) && value !== 'null';
    // Whoever wrote it otherwise may have more in it than we know.
    if (jsonOf(members) !== this.text || !members.some(isGone)) return undefined;
    return jsonOf(members.map((member) => (isGone(member) ? [member[0], 'null'] : member)));
  }

  /**
   * The members, as JSON, of what is awaited and not among `latest`. The digits are those of the meter; what is not true
   * any more by now, or may not be, is null.
   */
  missing(latest: readonly Reading[], awaited: Awaited): readonly (readonly [string, string])[] {
    const known = new Set(latest.map(({ quantity }) => quantity));
    return Array.from(this.members).flatMap(([name, value]): (readonly [string, string])[] => {
      const isAwaited = awaited === 'anything' ? isQuantity(name) : awaited.has(name);
      if (!isAwaited || known.has(name)) return [];
      const nature = registerNatureOf(name);
      return [[name, nature !== undefined && isLasting(nature) ? value : 'null']];
    });
  }
}

/** What a register of these natures held is what it holds, or counts on from there, until it is read again. */
const LASTING: ReadonlySet<ReadingNature> = new Set<ReadingNature>([
  'total',
  'pulse-total',
  'peak',
  'date',
  'info',
  'identity',
  'setting',
]);

export function isLasting(nature: ReadingNature): boolean {
  return LASTING.has(nature);
}

const MEMBER = /"([a-z0-9_]+)":("(?:[^"\\]|\\.)*"|-?\d[\d.]*|true|false|null)[,}]/y;

function jsonOf(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
}

/** JSON.parse would lose digits. */
function membersOf(payload: string): ReadonlyMap<string, string> {
  const isWhole = Object.keys(jsonObject(payload)).length > 0;
  const members = new Map<string, string>();
  MEMBER.lastIndex = 1;
  for (let found = isWhole && MEMBER.exec(payload); found; found = MEMBER.exec(payload)) {
    const [, name, value] = found;
    if (name !== undefined && value !== undefined) members.set(name, value);
  }
  return members;
}
