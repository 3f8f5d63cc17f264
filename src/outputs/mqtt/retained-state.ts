import { isQuantity, registerNatureOf } from '../../catalogue/quantities.ts';
import type { RegisterNature } from '../../catalogue/register.ts';
import type { Awaited } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import { RetainedScan } from '../../mqtt/retained-scan.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Clock } from '../../shared/clock.ts';
import { jsonObject } from '../../shared/stored.ts';

/** A meter's state as an earlier run left it at the broker: a memory where our own is lost. */
export class RetainedState {
  private readonly scan: RetainedScan;
  private text = '';
  private members: ReadonlyMap<string, string> = new Map();
  private complete = false;

  constructor(connection: MqttConnection, clock: Clock, topic: string, known: () => void) {
    this.scan = new RetainedScan(connection, clock, [topic], {
      started: () => {},
      received: (_topic, payload) => {
        this.text = payload;
        this.members = membersOf(payload);
      },
      complete: () => {
        this.complete = true;
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

  /** False until the broker has handed out what it holds. */
  get known(): boolean {
    return this.complete;
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
      return [[name, nature !== undefined && LASTING.has(nature) ? value : 'null']];
    });
  }
}

/** What a register of these natures held is what it holds, or counts on from there, until it is read again. */
const LASTING: ReadonlySet<RegisterNature> = new Set<RegisterNature>([
  'total',
  'pulse-total',
  'peak',
  'date',
  'info',
  'identity',
  'setting',
]);

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
