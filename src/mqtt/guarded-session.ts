import { type Clock, type Random, sleep } from '../shared/clock.ts';
import { packetSize } from './broker-limits.ts';
import { Outbound } from './outbound.ts';
import { ReadBack } from './read-back.ts';
import { brokerAddress } from './report.ts';
import { BrokerSession, type SessionEvents, type SessionOptions } from './session.ts';
import type { Trial, Trials } from './trials.ts';
import type { Will } from './will-trial.ts';

interface LastWords {
  readonly topic: string;
  readonly payload: string;
}

interface GuardedEvents extends Omit<SessionEvents, 'closed'> {
  /** Once, whatever the reason. `isProgress`: more is known of what it ends over, so that the next one need not wait. */
  closed(error: unknown, isProgress: boolean): void;
  /** Another connection in place of this one would tell more. */
  worthAnother(): void;
}

interface GuardedOptions {
  readonly session: SessionOptions;
  readonly will: LastWords | undefined;
  readonly events: GuardedEvents;
  readonly trials: Trials;
  readonly clock: Clock;
  readonly random: Random;
}

const LEAVE_WITHIN = 2_000;

/**
 * One connection to the broker that goes round what the broker does not take, and finds out what that is: with or without
 * a will, one thing at a time, or by the other version of MQTT.
 */
export class GuardedSession {
  private readonly options: GuardedOptions;
  private readonly trial: Trial;
  private readonly outbound: Outbound;
  private readonly readBack: ReadBack;
  private session: BrokerSession;
  private protocolVersion: 4 | 5 = 4;
  private will: Will | undefined;
  private isOpen = false;
  /** We have ended it, or are about to. */
  private isOver = false;
  private lost = new AbortController();

  constructor(options: GuardedOptions) {
    this.options = options;
    const { clock, trials } = options;
    this.trial = trials.at(brokerAddress(options.session.url));
    this.session = this.newSession();
    this.outbound = new Outbound({
      ...options,
      refusals: trials.refusals,
      suspects: this.trial.suspects,
      limits: () => this.session.limits,
      ping: (answered) => this.session.ping(answered),
    });
    const { version, readBack: known } = this.trial;
    this.readBack = new ReadBack({
      clock,
      known,
      listen: (topic) => this.session.subscribe(topic, () => {}),
      unlisten: (topic) => this.session.unsubscribe(topic),
      missing: (topics) => {
        if (this.protocolVersion === 4 && version.isWorthAsking(topics)) options.events.worthAnother();
      },
    });
  }

  open(): void {
    this.session.open();
  }

  /** Retained. `done` comes when the broker has taken or refused it; never when the connection ends before. */
  publish(topic: string, payload: string, done: (error: unknown) => void, again = () => {}): void {
    this.outbound.add({
      act: 'publish',
      topic,
      size: packetSize(topic, payload, this.protocolVersion),
      again,
      send: (sent) => {
        this.readBack.sending(topic, payload);
        this.session.publish(topic, payload, sent);
      },
      done: (error) => {
        this.trial.version.answered(topic, error === undefined);
        if (error !== undefined) this.readBack.refused(topic);
        else if (payload !== '') this.readBack.taken(topic);
        done(error);
      },
    });
  }

  /** The same, but the broker keeps nothing, and it is never tried again. */
  send(topic: string, payload: string, done: (error: unknown) => void): void {
    this.outbound.add({
      act: 'publish',
      topic,
      size: packetSize(topic, payload, this.protocolVersion),
      again: () => {},
      send: (sent) => this.session.send(topic, payload, sent),
      done,
    });
  }

  subscribe(filter: string): void {
    this.outbound.add({
      act: 'subscribe',
      topic: filter,
      size: 0,
      again: () => this.subscribe(filter),
      send: (sent) => this.session.subscribe(filter, sent),
      done: (error) => {
        if (error === undefined) this.readBack.listens(filter);
      },
    });
  }

  isAsking(filter: string): boolean {
    return this.outbound.isAsking(filter);
  }

  unsubscribe(filter: string): void {
    this.readBack.listensNot(filter);
    if (!this.outbound.forget({ act: 'subscribe', topic: filter })) this.session.unsubscribe(filter);
  }

  /**
   * Takes leave of the broker after the last words, so that it does not send the will. Returns when the socket is closed,
   * at most two seconds later.
   */
  async leave(lastWords?: LastWords): Promise<void> {
    this.end();
    await this.takeLeave(lastWords === undefined ? Promise.resolve() : this.say(lastWords));
  }

  private async takeLeave(said = Promise.resolve()): Promise<void> {
    const { session, lost } = this;
    const goodbye = said.then(() => session.leave());
    await Promise.race([goodbye, sleep(this.options.clock, LEAVE_WITHIN, lost.signal)]);
    lost.abort();
    // Another connection may follow.
    this.lost = new AbortController();
    session.cut();
  }

  /** Closes without a word. */
  cut(): void {
    this.end();
    this.session.cut();
    this.lost.abort();
  }

  private say({ topic, payload }: LastWords): Promise<void> {
    return new Promise((resolve) => this.session.publish(topic, payload, () => resolve()));
  }

  private newSession(): BrokerSession {
    const { session, will, events } = this.options;
    this.will = this.trial.will.willOf(will);
    this.protocolVersion = this.trial.version.versionOf(session.protocolVersion);
    return new BrokerSession({ ...session, protocolVersion: this.protocolVersion }, this.will, {
      ...events,
      message: (topic, payload, retained) => {
        this.readBack.seen(topic, payload);
        events.message(topic, payload, retained);
      },
      opened: () => this.opened(),
      closed: (error) => this.closed(error),
    });
  }

  private opened(): void {
    const { suspects, will } = this.trial;
    const { events, trials } = this.options;
    if (will.letIn(this.will)) {
      void this.takeLeave().then(() => this.isOver || this.reopen());
      return;
    }
    this.isOpen = true;
    suspects.opened();
    trials.refusals.opened(this.session.limits);
    events.opened();
    this.outbound.start();
  }

  private closed(error: unknown): void {
    const { suspects, version, will } = this.trial;
    const { events } = this.options;
    if (this.isOver) {
      this.lost.abort();
      return;
    }
    if (!this.isOpen && (version.turnedAway(error) || will.turnedAway(error, this.will))) {
      this.reopen();
      return;
    }
    this.end();
    events.closed(error, this.isOpen && suspects.closed(this.outbound.underWay, error));
  }

  private reopen(): void {
    this.session = this.newSession();
    this.session.open();
  }

  private end(): void {
    this.isOver = true;
    this.outbound.stop();
    this.readBack.stop();
  }
}
