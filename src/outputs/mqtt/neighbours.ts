import type { MeterIdentity } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import { RetainedScan } from '../../mqtt/retained-scan.ts';
import type { BridgePlace, Topics } from '../../mqtt/topics.ts';
import type { Deps } from '../../shared/deps.ts';
import type { SafeText } from '../../shared/secrets.ts';
import { itemsOf, jsonObject } from '../../shared/stored.ts';
import { SelectivePublisher } from '../output.ts';

/** The owner speaks at `bridge/state`, a guest at a topic of its own. Who does not know yet claims to be the owner. */
type Role = 'claiming' | 'owner' | 'guest';

interface Hello {
  /** Its client id. */
  readonly bridge: string;
  readonly host: string;
  readonly role: Role;
  /** Serial numbers of those that it reads. */
  readonly meters: readonly string[];
  /** Wants none in return. */
  readonly answer: boolean;
}

/** Survives restarts. */
export interface GuestMemory {
  rememberGuest(name: string | undefined): void;
}

interface NeighboursOptions extends Deps {
  readonly connection: MqttConnection;
  readonly topics: Topics;
  /** Of this bridge; set when it turns out to be a guest. */
  readonly place: BridgePlace;
  readonly memory: GuestMemory;
  /** The name of this machine. */
  readonly host: string;
  /** Called with each meter that another bridge says it reads; it may be one of ours. */
  readonly readElsewhere: (serialNumber: string) => void;
  /** Called when it is certain that this bridge is the owner, and when it is not any more. */
  readonly owns: (isOwner: boolean) => void;
}

/**
 * For so long (ms) a claim may be contradicted. Less than a scan of what the broker holds, so that the bridge is announced
 * before its meters.
 */
const CLAIM_FOR = 900;
/** Milliseconds between two hellos that nobody asked for: many meters may come up at once. */
const PAUSE = 2_000;
/** Whoever may say hello could fill the log otherwise. */
const MOST_TOLD = 10;

/**
 * Finds other bridges that live below the same base topic. MQTT lets a connection have one will, so that two of them
 * cannot both say at `bridge/state` that they are gone:
 *
 *   claiming ──nobody objects──▶ owner, at bridge/state
 *       └──────an owner does──▶ guest, at bridge/NAME/state
 *
 * Nothing is retained: only who is alive can object, so that nobody has to give way to a bridge that is gone. But who was
 * a guest speaks in its own name until it is certain that no meter of the other would come to life by its `online`.
 */
export class Neighbours extends SelectivePublisher {
  private readonly options: NeighboursOptions;
  private role: Role = 'claiming';
  private readonly meters = new Set<string>();
  private hasMet = false;
  private told: string | undefined;
  private readonly toldMeters = new Set<string>();
  /** Meters of others that are alive. */
  private readonly theirs = new Set<string>();
  /** Meters that the broker holds as online. */
  private readonly held = new Set<string>();
  private scan: RetainedScan | undefined;
  private cancelClaim: () => void = () => {};
  private cancelHello: () => void = () => {};
  private ends: ReadonlyArray<() => void> = [];

  constructor(options: NeighboursOptions) {
    super();
    this.options = options;
  }

  /** In words; undefined while all is well. */
  get problem(): SafeText | undefined {
    return this.told === undefined ? undefined : this.options.logger.withoutSecrets(this.told);
  }

  /** `known`: meters of earlier runs. */
  start(known: readonly string[]): void {
    const { connection, topics, place } = this.options;
    if (place.guest !== undefined) this.lookAround(known);
    this.ends = [
      connection.onConnected(() => this.connected()),
      connection.subscribe(topics.bridgeHello, (payload, retained) => {
        const hello = helloOf(payload);
        if (!retained && hello !== undefined && hello.bridge !== connection.clientId) this.hear(hello);
      }),
    ];
    if (connection.connected) this.connected();
  }

  stop(): void {
    this.cancelClaim();
    this.cancelHello();
    this.scan?.stop();
    for (const end of this.ends) end();
  }

  override availabilityChanged({ serialNumber }: MeterIdentity, online: boolean): void {
    if (online === this.meters.has(serialNumber)) return;
    if (!online) this.meters.delete(serialNumber);
    else this.meters.add(serialNumber);
    if (!online || !this.hasMet) return;
    this.cancelHello();
    this.cancelHello = this.options.clock.after(PAUSE, () => this.say(false));
  }

  override meterForgotten(serialNumber: string): void {
    this.meters.delete(serialNumber);
  }

  private connected(): void {
    this.say(false);
    if (this.role !== 'claiming' || this.scan !== undefined) return;
    const { clock, connection } = this.options;
    this.cancelClaim();
    this.cancelClaim = clock.after(CLAIM_FOR, () => {
      if (connection.connected) this.becomeOwner();
    });
  }

  private say(answer: boolean): void {
    const { connection, topics, host } = this.options;
    const { role, meters } = this;
    const hello: Hello = { bridge: connection.clientId, host, role, meters: [...meters], answer };
    connection.send(topics.bridgeHello, JSON.stringify(hello), () => {});
  }

  private hear(hello: Hello): void {
    this.hasMet = true;
    // Wanted for that long only, and whoever may say hello may name any number of them.
    if (this.role === 'claiming') for (const serialNumber of hello.meters) this.theirs.add(serialNumber);
    for (const serialNumber of hello.meters) this.options.readElsewhere(serialNumber);
    this.compareMeters(hello);
    const isContest = this.role !== 'guest' && hello.role !== 'guest';
    if (isContest && this.givesWayTo(hello)) this.becomeGuest(hello);
    else if (!hello.answer || (isContest && hello.role === 'owner')) this.say(true);
  }

  /** Both sides come to the same result: who was there first stays, and of equals the lower id. */
  private givesWayTo({ role, bridge }: Hello): boolean {
    if (role !== this.role) return role === 'owner';
    return bridge < this.options.connection.clientId;
  }

  /** Meters that are `online` and nobody's would be believed again with an `online` at `bridge/state`. */
  private lookAround(known: readonly string[]): void {
    const { connection, clock, topics, logger } = this.options;
    this.scan = new RetainedScan(connection, clock, [topics.availability('+')], {
      started: () => this.held.clear(),
      received: (topic, payload) => {
        const serialNumber = topic.slice(topics.base.length + 1).split('/')[0] ?? '';
        if (payload === 'online') this.held.add(serialNumber);
        else this.held.delete(serialNumber);
      },
      complete: () => {
        this.scan?.stop();
        if (this.role !== 'claiming') return;
        const ours = new Set([...known, ...this.meters, ...this.theirs]);
        const orphans = [...this.held].filter((serialNumber) => !ours.has(serialNumber));
        if (orphans.length === 0) return this.becomeOwner();
        this.role = 'guest';
        logger.info(
          `Another bridge used the topics below ${topics.base} and is gone without a word: meter ${orphans.join(', ')} is not read. This one goes on at ${topics.bridgeState}.`,
        );
      },
    });
    this.scan.start();
  }

  private becomeOwner(): void {
    const { connection, topics, place, memory, logger, owns } = this.options;
    this.role = 'owner';
    if (place.guest !== undefined) {
      const before = topics.bridgeState;
      place.guest = undefined;
      memory.rememberGuest(undefined);
      connection.sayOnlineAt(topics.bridgeState);
      connection.clear(before);
      logger.info(
        `No other bridge uses the topics below ${topics.base} any more: this one says at ${topics.bridgeState} from now on whether it is there, in place of ${before}, and has ${topics.base}/bridge/diagnostics.`,
      );
    }
    owns(true);
  }

  private becomeGuest({ host }: Hello): void {
    const { connection, topics, place, memory, logger, owns } = this.options;
    this.cancelClaim();
    this.role = 'guest';
    const isMoving = place.guest === undefined;
    place.guest ??= this.newName();
    this.told = `Another bridge, on ${host}, uses the topics below ${topics.base} too. This one says at ${topics.bridgeState} whether it is there, and leaves ${topics.base}/bridge/diagnostics and the bridge's device in Home Assistant to the other. Give one of the two another mqtt.baseTopic, such as ${topics.base}-2.`;
    logger.warn(this.told);
    owns(false);
    if (!isMoving) return;
    memory.rememberGuest(place.guest);
    connection.sayOnlineAt(topics.bridgeState);
  }

  private newName(): string {
    const { random } = this.options;
    return Array.from({ length: 8 }, () => Math.floor(random() * 16).toString(16)).join('');
  }

  private compareMeters({ bridge, host, meters }: Hello): void {
    const { logger, topics } = this.options;
    for (const serialNumber of meters) {
      const key = `${bridge} ${serialNumber}`;
      if (!this.meters.has(serialNumber) || this.toldMeters.has(key)) continue;
      if (this.toldMeters.size >= MOST_TOLD) return;
      this.toldMeters.add(key);
      logger.warn(
        `Meter ${serialNumber} is read by another bridge too, on ${host}: both overwrite each other's values below ${topics.base}/${serialNumber}. Remove it from the configuration of one of them.`,
      );
    }
  }
}

/** Whoever may write there may write anything. */
function helloOf(payload: string): Hello | undefined {
  const { bridge, host, role, meters, answer } = jsonObject(payload);
  if (typeof bridge !== 'string' || (role !== 'claiming' && role !== 'owner' && role !== 'guest'))
    return undefined;
  return {
    bridge,
    host: typeof host === 'string' ? host : 'an unknown machine',
    role,
    meters: itemsOf(meters, (each) => (typeof each === 'string' ? each : undefined)),
    answer: answer === true,
  };
}
