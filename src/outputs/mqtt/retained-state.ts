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
  private members: ReadonlyMap<string, string> = new Map();
  private known = false;
  private waiting: () => void = () => {};

  constructor(connection: MqttConnection, clock: Clock, topic: string) {
    this.scan = new RetainedScan(connection, clock, [topic], {
      started: () => {},
      received: (_topic, payload) => {
        this.members = membersOf(payload);
      },
      complete: () => this.end(),
    });
  }

  start(): void {
    this.scan.start();
  }

  stop(): void {
    this.waiting = () => {};
    this.scan.stop();
  }

  /** Calls once it is known what the broker holds; of several that wait, only the last. At once where nothing is awaited. */
  whenKnown(awaited: Awaited, action: () => void): void {
    this.waiting = action;
    if (this.known || (awaited !== 'anything' && awaited.size === 0)) this.end();
  }

  /**
   * The members, as JSON, of what is awaited and not among `latest`. The digits are those of the meter; what is not true
   * any more by now, or may not be, is null.
   */
  missing(latest: readonly Reading[], awaited: Awaited): readonly string[] {
    const known = new Set(latest.map(({ quantity }) => quantity));
    return Array.from(this.members).flatMap(([name, value]) => {
      const isAwaited = awaited === 'anything' ? isQuantity(name) : awaited.has(name);
      if (!isAwaited || known.has(name)) return [];
      const nature = registerNatureOf(name);
      return [`"${name}":${nature !== undefined && LASTING.has(nature) ? value : 'null'}`];
    });
  }

  private end(): void {
    this.known = true;
    this.scan.stop();
    const action = this.waiting;
    this.waiting = () => {};
    action();
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
