import { BackOff } from '../shared/clock.ts';
import type { Deps } from '../shared/deps.ts';
import { messageOf } from '../shared/errors.ts';
import type { SafeText } from '../shared/secrets.ts';
import { BrokerList, type BrokerSource } from './broker-list.ts';
import type { BrokerAccess } from './broker-url.ts';
import { GuardedSession } from './guarded-session.ts';
import { Listeners } from './listeners.ts';
import { OnlineTopic } from './online-topic.ts';
import type { OwnTopics } from './refusal.ts';
import { Refusals } from './refusals.ts';
import { ConnectionReport } from './report.ts';
import { RetainedTopics } from './retained-topics.ts';
import { type MqttSettings, sessionOptions } from './session.ts';
import { type MessageListener, Subscriptions } from './subscriptions.ts';
import { Trials } from './trials.ts';

interface MqttConnectionOptions extends Deps {
  readonly settings: MqttSettings;
  /** Knows address and credentials in place of `settings`. */
  readonly source?: BrokerSource | undefined;
  /** Says `online` while we are connected; the broker says `offline` for us when we vanish. Without it we only listen. */
  readonly stateTopic?: string;
  readonly own?: OwnTopics | undefined;
  /** Milliseconds; default from 1 s doubling to 60 s. */
  readonly reconnectDelay?: { readonly first: number; readonly longest: number };
}

/** A connection that lasted this long (ms) starts the next back-off from its beginning. */
const SETTLED_AFTER = 10_000;
const NO_BROKER =
  'There is no MQTT broker yet: install one (in Home Assistant the add-on "Mosquitto broker").';

export interface BrokerState {
  readonly connected: boolean;
  /** Without credentials; undefined while no broker is known. */
  readonly address: string | undefined;
  /** In words; undefined while all is well. */
  readonly problem: SafeText | undefined;
}

/**
 * The one connection to the broker. It comes and goes by itself; whoever publishes need not care:
 *
 *     publish ──▶ latest payload a topic ──▶ session (one connection) ──▶ broker
 *                        ▲                        │ opened: birth, all latest payloads, subscriptions, listeners
 *                        └──── again and again ◀──┘ closed: back-off, a new session
 */
export class MqttConnection {
  private readonly options: MqttConnectionOptions;
  /** No two clients of a broker have the same. */
  readonly clientId: string;
  private readonly backOff: BackOff;
  private readonly report: ConnectionReport;
  private readonly brokers: BrokerList;
  readonly refusals: Refusals;
  private readonly trials: Trials;
  private readonly retained: RetainedTopics;
  private readonly subscriptions = new Subscriptions();
  private readonly online: OnlineTopic;
  private readonly listenerFailed = (error: unknown) => this.failed('A listener for the connection', error);
  private readonly connectedListeners = new Listeners(this.listenerFailed);
  private readonly movedListeners = new Listeners(this.listenerFailed);
  private session: GuardedSession | undefined;
  private open = false;
  private readonly stopping = new AbortController();
  private cancelTimer: () => void = () => {};
  private leaving: Promise<void> = Promise.resolve();

  constructor(options: MqttConnectionOptions) {
    this.options = options;
    const { settings, random, reconnectDelay, logger } = options;
    const id = Array.from({ length: 8 }, () => Math.floor(random() * 16).toString(16)).join('');
    this.clientId = settings.clientId || `multical2mqtt-${id}`;
    this.backOff = new BackOff(reconnectDelay?.first ?? 1_000, reconnectDelay?.longest ?? 60_000, random);
    this.report = new ConnectionReport(options);
    this.refusals = new Refusals(logger, options.own);
    this.trials = new Trials(this.refusals, options);
    this.brokers = new BrokerList(settings);
    this.retained = new RetainedTopics();
    this.online = new OnlineTopic(options.stateTopic, this.retained, (filter, listener) =>
      this.subscribe(filter, listener),
    );
  }

  get connected(): boolean {
    return this.open;
  }

  get state(): BrokerState {
    const { problem = this.refusals.problem, address } = this.report;
    return { connected: this.open, address, problem };
  }

  /** Returns at once; the broker may be away. */
  start(): void {
    this.online.start();
    this.attempt();
  }

  /** Says `online` there from now on. A will is a connection's own, so this one ends, without it, and another begins. */
  sayOnlineAt(stateTopic: string): void {
    this.online.moveTo(stateTopic);
    this.renew();
  }

  private renew(): void {
    const { session } = this;
    if (session === undefined) return;
    this.cancelTimer();
    if (this.open) this.report.renewing();
    this.forgetSession();
    this.leaving = session.leave().then(() => {
      if (!this.stopping.signal.aborted) this.attempt();
    });
  }

  /** Says `offline`, then leaves. Takes at most two seconds. */
  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    this.cancelTimer();
    this.report.stop();
    const { session, open: wasOpen } = this;
    this.forgetSession();
    if (wasOpen) await session?.leave(this.online.will);
    else session?.cut();
    await this.leaving;
  }

  /** Retained. Sent now, or when the broker is back; only the newest payload of a topic counts. */
  publish(topic: string, payload: string): void {
    this.retained.set(topic, payload);
  }

  /** Empties a retained topic; now, or when the broker is back. */
  clear(topic: string): void {
    this.retained.set(topic, '');
  }

  /** Forgets what was published there, and leaves it at the broker as it is. */
  drop(topic: string): void {
    this.retained.drop(topic);
  }

  /** What was emptied is somebody else's by now: it stays at the other brokers. */
  leave(topic: string): void {
    this.retained.leave(topic);
  }

  /** True once the broker has taken, or refused, the latest payload that was published to the topic. */
  isTaken(topic: string): boolean {
    return this.retained.isTaken(topic);
  }

  /** Calls once when it has. */
  onceTaken(topic: string, action: () => void): void {
    this.retained.onceTaken(topic, action);
  }

  /**
   * Retained, but not kept for another connection: for those who look themselves at what the broker holds. `done` comes
   * when the broker has taken or refused it; never when the connection ends before.
   */
  publishOnce(topic: string, payload: string, done: (error: unknown) => void = () => {}): void {
    if (!this.open) return;
    this.session?.publish(topic, payload, done, () => this.refusals.worthATry(topic));
  }

  /**
   * Not retained, and never sent again. `done` comes when the broker has taken or refused it; never when the connection
   * ends before. False where there is none.
   */
  send(topic: string, payload: string, done: (error: unknown) => void): boolean {
    if (!this.open || this.session === undefined) return false;
    this.session.send(topic, payload, done);
    return true;
  }

  /** Calls once when the broker has taken everything that was published or cleared so far. */
  onceDelivered(action: () => void): void {
    this.retained.onceDelivered(action);
  }

  /** For what has to be found out before it is published or cleared: until the returned function is called, not all is delivered. */
  awaitMore(): () => void {
    return this.retained.awaitMore();
  }

  /** Sends everything that was published once more. */
  republish(): void {
    this.retained.resend();
  }

  /** `+` in `filter` is any one level. The returned function ends it. `retained`: from before the subscription. */
  subscribe(filter: string, listener: MessageListener): () => void {
    if (this.subscriptions.add(filter, listener) && this.open) this.session?.subscribe(filter);
    return () => {
      if (this.subscriptions.remove(filter, listener) && this.open) this.session?.unsubscribe(filter);
    };
  }

  /** The broker has not answered yet whether it hands that out. */
  isAsking(filter: string): boolean {
    return this.session?.isAsking(filter) ?? false;
  }

  /** Called at each connection, before any message of it arrives. The returned function ends it. */
  onConnected(listener: () => void): () => void {
    return this.connectedListeners.add(listener);
  }

  /** Called where a connection is to another broker than the one before, before anything is sent: what stands there may be old. */
  onMoved(listener: () => void): () => void {
    return this.movedListeners.add(listener);
  }

  private attempt(): void {
    const { source } = this.options;
    if (source === undefined) this.connect(this.brokers.current);
    else void this.connectTo(source);
  }

  private async connectTo(source: BrokerSource): Promise<void> {
    const { signal } = this.stopping;
    const access = await source(signal).catch((error: unknown) => messageOf(error));
    if (signal.aborted) return;
    if (typeof access === 'object') {
      this.connect(access);
    } else {
      this.report.nowhere(access ?? NO_BROKER);
      this.cancelTimer = this.options.clock.after(this.backOff.next(), () => this.attempt());
    }
  }

  private connect(access: BrokerAccess): void {
    const name = this.brokers.nameOf(access);
    this.report.trying(name);
    const events = {
      opened: () => this.opened(name),
      message: this.received.bind(this),
      dropped: this.report.tooLong.bind(this.report),
      closed: this.closed.bind(this),
      worthAnother: () => this.renew(),
    };
    try {
      const session = sessionOptions({ ...this.options.settings, ...access }, this.clientId);
      const { trials, online, options } = this;
      this.session = new GuardedSession({ session, will: online.will, events, trials, ...options });
      this.session.open();
    } catch (error) {
      this.session?.cut();
      this.closed(error);
    }
  }

  private opened(name: string): void {
    const session = this.session;
    if (session === undefined) return;
    const broker = this.brokers.opened(name);
    if (broker.isAnother) this.movedListeners.call();
    this.open = true;
    this.report.opened();
    this.cancelTimer = this.options.clock.after(SETTLED_AFTER, () => {
      this.backOff.reset();
      this.brokers.settled();
      this.report.settled();
    });
    this.retained.opened(session.publish.bind(session), broker);
    for (const filter of this.subscriptions.filters) session.subscribe(filter);
    this.connectedListeners.call();
  }

  private closed(error: unknown, isProgress = false): void {
    this.cancelTimer();
    // The same broker, where more is known of what it does not take.
    const isNext = !isProgress && this.brokers.next();
    this.report.closed(error, this.open, { areSought: this.trials.areOn, isNext });
    if (isProgress) this.backOff.reset();
    this.forgetSession();
    const delay = isNext ? 0 : this.backOff.next();
    this.cancelTimer = this.options.clock.after(delay, () => this.attempt());
  }

  private received(topic: string, payload: string, retained: boolean): void {
    const failed = (error: unknown) => this.failed(`The listener for ${topic}`, error);
    this.subscriptions.deliver(topic, payload, retained, failed);
  }

  private forgetSession(): void {
    this.session = undefined;
    this.open = false;
    this.retained.closed();
  }

  private failed(what: string, error: unknown): void {
    this.options.logger.error(`${what} failed: ${messageOf(error)}`, { error });
  }
}
