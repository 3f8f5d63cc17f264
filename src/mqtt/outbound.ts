import type { Clock, Random } from '../shared/clock.ts';
import type { BrokerLimits } from './broker-limits.ts';
import { type Refusal, refusalByCode, refusalByLimit, type Sent } from './refusal.ts';
import type { Refusals } from './refusals.ts';
import type { Suspects } from './suspects.ts';

export interface Request extends Sent {
  send(done: (error: unknown) => void): void;
  /** The broker has taken or refused it. */
  done(error: unknown): void;
  /** To be called when it is worth another try. */
  again(): void;
}

interface OutboundOptions {
  readonly refusals: Refusals;
  readonly suspects: Suspects;
  readonly limits: () => BrokerLimits;
  /** Asks the broker for a sign of life. */
  readonly ping: (answered: () => void) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** Milliseconds before something suspected is sent; nobody else who makes the connection end knows how long. */
const PAUSE = { shortest: 1_000, more: 2_000 };
/** Milliseconds until what the broker has refused is tried again: a cluster that has lost a server may refuse for seconds. */
const AGAIN_AFTER = { first: 60_000, later: 3_600_000 };

/**
 * What goes to the broker by one connection: no more is under way than it allows, what is known to be refused is not even
 * sent, and what is suspected to be is sent alone.
 */
export class Outbound {
  private readonly options: OutboundOptions;
  private readonly sent = new Set<Request>();
  private readonly waiting: Request[] = [];
  /** Nothing is sent before the connection begins. */
  private isPausing = true;
  /** Suspected, and its time has come. */
  private due: Request | undefined;
  /** By act and topic. */
  private readonly refused = new Map<string, Request>();
  private hasTriedAgain = false;
  private isOver = false;
  private cancelPause: () => void = () => {};
  private cancelAgain: () => void = () => {};

  constructor(options: OutboundOptions) {
    this.options = options;
  }

  /** Neither taken nor refused yet. */
  get underWay(): readonly Sent[] {
    return [...this.sent];
  }

  /** The broker has not answered yet whether it hands that out. */
  isAsking(filter: string): boolean {
    const all = [...this.sent, ...this.waiting];
    return all.some(({ act, topic }) => act === 'subscribe' && topic === filter);
  }

  /** To be called when all is handed over that is wanted at the beginning: there may be something to choose. */
  start(): void {
    this.isPausing = false;
    this.sendNext();
  }

  /** What is under way may be answered still; nothing follows from it. */
  stop(): void {
    this.isOver = true;
    this.cancelPause();
    this.cancelAgain();
  }

  add(request: Request): void {
    const { suspects, limits } = this.options;
    const refusal = suspects.refusalOf(request) ?? refusalByLimit(request, limits());
    if (refusal !== undefined) {
      this.leaveOut(request, refusal);
      return;
    }
    this.waiting.push(request);
    this.sendNext();
  }

  /** True where it was refused, so that nothing has to be taken back at the broker. */
  forget({ act, topic }: Pick<Sent, 'act' | 'topic'>): boolean {
    return this.refused.delete(`${act} ${topic}`);
  }

  private leaveOut(request: Request, refusal: Refusal): void {
    this.wasRefused(request, refusal);
    // Whoever publishes is not to be called back before the call returns.
    queueMicrotask(() => request.done(new Error(refusal.words)));
  }

  private wasRefused(request: Request, refusal: Refusal): void {
    const { refusals, suspects, clock } = this.options;
    refusals.refused(refusal);
    this.refused.set(`${request.act} ${request.topic}`, request);
    if (this.refused.size > 1) return;
    this.cancelAgain();
    const wait = this.hasTriedAgain ? AGAIN_AFTER.later : AGAIN_AFTER.first;
    this.cancelAgain = clock.after(Math.min(suspects.againIn, wait), () => {
      this.hasTriedAgain = true;
      if (suspects.againIn === 0) suspects.tryAgain();
      const all = [...this.refused.values()];
      this.refused.clear();
      for (const each of all) each.again();
    });
  }

  private sendNext(): void {
    const { suspects, limits } = this.options;
    if (this.isOver) return;
    while (this.sent.size < (suspects.areSought ? 1 : limits().underWay)) {
      const request = this.due ?? this.next();
      if (request === undefined) return;
      this.due = undefined;
      this.sent.add(request);
      request.send((error) => {
        if (this.isOver) return;
        this.sent.delete(request);
        this.answered(request, error);
        this.sendNext();
      });
    }
  }

  /** Whoever listens anew counts on an answer soon, and finds out first what the broker holds. */
  private next(): Request | undefined {
    const { suspects } = this.options;
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
    const { clock, random, ping } = this.options;
    this.isPausing = true;
    this.cancelPause = clock.after(PAUSE.shortest + random() * PAUSE.more, () =>
      ping(() => {
        this.isPausing = false;
        this.due = request;
        this.sendNext();
      }),
    );
  }

  private answered(request: Request, error: unknown): void {
    const { refusals, suspects } = this.options;
    suspects.answered(request, error === undefined);
    if (error === undefined) {
      this.forget(request);
      refusals.taken(request.act, request.topic);
    } else this.wasRefused(request, refusalByCode(request, error, refusals.own));
    request.done(error);
  }
}
