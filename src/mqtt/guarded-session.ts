import { type Clock, type Random, sleep } from '../shared/clock.ts';
import { packetSize } from './broker-limits.ts';
import { type Refusal, refusalByCode, refusalByLimit, type Sent } from './refusal.ts';
import type { Refusals } from './refusals.ts';
import { brokerAddress } from './report.ts';
import { BrokerSession, type SessionEvents, type SessionOptions } from './session.ts';
import type { Trial, Trials } from './trials.ts';
import type { Will } from './will-trial.ts';

interface Request extends Sent {
  send(done: (error: unknown) => void): void;
  /** The broker has taken or refused it. */
  done(error: unknown): void;
  /** To be called when it is worth another try. */
  again(): void;
}

interface LastWords {
  readonly topic: string;
  readonly payload: string;
}

interface GuardedEvents extends Omit<SessionEvents, 'closed'> {
  /** Once, whatever the reason. `isProgress`: more is known of what it ends over, so that the next one need not wait. */
  closed(error: unknown, isProgress: boolean): void;
}

interface GuardedOptions {
  readonly session: SessionOptions;
  readonly will: LastWords | undefined;
  readonly events: GuardedEvents;
  readonly trials: Trials;
  readonly clock: Clock;
  readonly random: Random;
}

/** Milliseconds before something suspected is sent; nobody else who makes the connection end knows how long. */
const LEAVE_WITHIN = 2_000;
const PAUSE = { shortest: 1_000, more: 2_000 };

/**
 * One connection to the broker that goes round what the broker does not take: no more is under way than it allows, what is
 * known to be refused is not even sent, and what is suspected to be is sent alone.
 */
export class GuardedSession {
  private readonly options: GuardedOptions;
  private readonly trial: Trial;
  private readonly refusals: Refusals;
  private session: BrokerSession;
  private will: Will | undefined;
  private isOpen = false;
  /** We have ended it, or are about to. */
  private isOver = false;
  private readonly lost = new AbortController();
  private readonly underWay = new Set<Request>();
  private readonly waiting: Request[] = [];
  private isPausing = false;
  /** Suspected, and its time has come. */
  private due: Request | undefined;
  /** By act and topic. */
  private readonly leftOut = new Map<string, Request>();
  private cancelPause: () => void = () => {};
  private cancelAgain: () => void = () => {};

  constructor(options: GuardedOptions) {
    this.options = options;
    this.trial = options.trials.at(brokerAddress(options.session.url));
    this.refusals = options.trials.refusals;
    this.session = this.newSession();
  }

  open(): void {
    this.session.open();
  }

  /** Retained. `done` comes when the broker has taken or refused it; never when the connection ends before. */
  publish(topic: string, payload: string, done: (error: unknown) => void, again = () => {}): void {
    const size = this.sizeOf(topic, payload);
    const send: Request['send'] = (sent) => this.session.publish(topic, payload, sent);
    this.request({ act: 'publish', topic, size, done, again, send });
  }

  /** The same, but the broker keeps nothing, and it is never tried again. */
  send(topic: string, payload: string, done: (error: unknown) => void): void {
    const size = this.sizeOf(topic, payload);
    const send: Request['send'] = (sent) => this.session.send(topic, payload, sent);
    this.request({ act: 'publish', topic, size, done, again: () => {}, send });
  }

  subscribe(filter: string): void {
    const send: Request['send'] = (sent) => this.session.subscribe(filter, sent);
    const again = () => this.subscribe(filter);
    this.request({ act: 'subscribe', topic: filter, size: 0, done: () => {}, again, send });
  }

  unsubscribe(filter: string): void {
    if (!this.leftOut.delete(`subscribe ${filter}`)) this.session.unsubscribe(filter);
  }

  /**
   * Takes leave of the broker after the last words, so that it does not send the will. Returns when the socket is closed,
   * at most two seconds later.
   */
  async leave(lastWords?: LastWords): Promise<void> {
    const { session, lost } = this;
    this.end();
    const goodbye =
      lastWords === undefined ? session.leave() : this.say(lastWords).then(() => session.leave());
    await Promise.race([goodbye, sleep(this.options.clock, LEAVE_WITHIN, lost.signal)]);
    lost.abort();
    session.cut();
  }

  /** Closes without a word. */
  cut(): void {
    this.end();
    this.session.cut();
  }

  private say({ topic, payload }: LastWords): Promise<void> {
    return new Promise((resolve) => this.session.publish(topic, payload, () => resolve()));
  }

  private newSession(): BrokerSession {
    const { trial } = this;
    const { session, will, events } = this.options;
    this.will = trial.will.willOf(will);
    return new BrokerSession(session, this.will, {
      ...events,
      opened: () => this.opened(),
      closed: (error) => this.closed(error),
    });
  }

  private opened(): void {
    const { trial, refusals } = this;
    const { events } = this.options;
    if (trial.will.letIn(this.will)) {
      void this.session.leave().then(() => this.isOver || this.reopen());
      return;
    }
    this.isOpen = true;
    trial.suspects.opened();
    refusals.opened(this.session.limits);
    // All that is wanted is known before anything is chosen of it.
    this.isPausing = true;
    events.opened();
    this.isPausing = false;
    this.sendNext();
  }

  private closed(error: unknown): void {
    const { trial } = this;
    const { events } = this.options;
    if (this.isOver) {
      this.lost.abort();
      return;
    }
    this.end();
    if (this.isOpen) events.closed(error, trial.suspects.closed([...this.underWay], error));
    else if (trial.will.turnedAway(error, this.will)) this.reopen();
    else events.closed(error, false);
  }

  private reopen(): void {
    this.isOver = false;
    this.session = this.newSession();
    this.session.open();
  }

  private sizeOf(topic: string, payload: string): number {
    return packetSize(topic, payload, this.options.session.protocolVersion);
  }

  private request(request: Request): void {
    const { suspects } = this.trial;
    const left = suspects.refusalOf(request);
    const refusal = left ?? refusalByLimit(request, this.session.limits);
    if (left !== undefined) this.leaveOut(request);
    if (refusal !== undefined) {
      this.refuse(request, refusal);
      return;
    }
    this.waiting.push(request);
    this.sendNext();
  }

  private refuse({ done }: Request, refusal: Refusal): void {
    this.refusals.refused(refusal);
    // Whoever publishes is not to be called back before the call returns.
    queueMicrotask(() => done(new Error(refusal.words)));
  }

  private leaveOut(request: Request): void {
    const { suspects } = this.trial;
    this.leftOut.set(`${request.act} ${request.topic}`, request);
    if (this.leftOut.size > 1) return;
    this.cancelAgain = this.options.clock.after(suspects.againIn, () => {
      suspects.tryAgain();
      const all = [...this.leftOut.values()];
      this.leftOut.clear();
      for (const each of all) each.again();
    });
  }

  private sendNext(): void {
    const { suspects } = this.trial;
    while (this.underWay.size < (suspects.areSought ? 1 : this.session.limits.underWay)) {
      const request = this.due ?? this.next();
      if (request === undefined) return;
      this.due = undefined;
      this.underWay.add(request);
      request.send((error) => {
        this.underWay.delete(request);
        this.answered(request, error);
        this.sendNext();
      });
    }
  }

  /** Whoever listens anew counts on an answer soon, and finds out first what the broker holds. */
  private next(): Request | undefined {
    const { suspects } = this.trial;
    if (!suspects.areSought) return this.isPausing ? undefined : this.waiting.shift();
    const isSuspected = this.waiting.map((request) => suspects.has(request));
    const listening = this.waiting.findIndex(({ act }, at) => act === 'subscribe' && !isSuspected[at]);
    if (listening >= 0) return this.waiting.splice(listening, 1)[0];
    if (this.isPausing) return undefined;
    const suspected = isSuspected.indexOf(true);
    if (suspected < 0) return this.waiting.shift();
    this.pauseBefore(...this.waiting.splice(suspected, 1));
    return undefined;
  }

  private pauseBefore(request?: Request): void {
    const { clock, random } = this.options;
    this.isPausing = true;
    this.cancelPause = clock.after(PAUSE.shortest + random() * PAUSE.more, () =>
      this.session.ping(() => {
        this.isPausing = false;
        this.due = request;
        this.sendNext();
      }),
    );
  }

  private answered(request: Request, error: unknown): void {
    const { refusals } = this;
    this.trial.suspects.answered(request, error === undefined);
    if (error === undefined) refusals.taken(request.act, request.topic);
    else refusals.refused(refusalByCode(request, error, refusals.own));
    request.done(error);
  }

  private end(): void {
    this.isOver = true;
    this.cancelPause();
    this.cancelAgain();
  }
}
