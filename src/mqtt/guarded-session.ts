import { packetSize } from './broker-limits.ts';
import { type Act, refusalByCode, refusalByLimit } from './refusal.ts';
import type { Refusals } from './refusals.ts';
import { BrokerSession, type SessionEvents, type SessionOptions } from './session.ts';

interface Request {
  readonly act: Act;
  readonly topic: string;
  /** Bytes of the packet. */
  readonly size: number;
  send(done: (error: unknown) => void): void;
  /** The broker has taken or refused it. */
  done(error: unknown): void;
}

/**
 * One connection to the broker that keeps to the broker's limits: what it would not take is not even sent, and no more
 * waits to be confirmed than it allows.
 */
export class GuardedSession {
  private readonly session: BrokerSession;
  private readonly refusals: Refusals;
  private readonly protocolVersion: number;
  private readonly waiting: Request[] = [];
  private underWay = 0;

  constructor(
    options: SessionOptions,
    will: { topic: string; payload: string } | undefined,
    events: SessionEvents,
    refusals: Refusals,
  ) {
    this.session = new BrokerSession(options, will, {
      ...events,
      opened: () => {
        refusals.opened();
        events.opened();
      },
    });
    this.protocolVersion = options.protocolVersion;
    this.refusals = refusals;
  }

  open(): void {
    this.session.open();
  }

  /** Retained. `done` comes when the broker has taken or refused it; never when the connection ends before. */
  publish(topic: string, payload: string, done: (error: unknown) => void): void {
    this.request('publish', topic, payload, done, (sent) => this.session.publish(topic, payload, sent));
  }

  /** The same, but the broker keeps nothing. */
  send(topic: string, payload: string, done: (error: unknown) => void): void {
    this.request('publish', topic, payload, done, (sent) => this.session.send(topic, payload, sent));
  }

  subscribe(filter: string): void {
    this.request(
      'subscribe',
      filter,
      '',
      () => {},
      (sent) => this.session.subscribe(filter, sent),
    );
  }

  unsubscribe(filter: string): void {
    this.session.unsubscribe(filter);
  }

  /** Takes leave of the broker, so that it does not send the will; returns when the socket is closed. */
  leave(): Promise<void> {
    return this.session.leave();
  }

  /** Closes without a word. */
  cut(): void {
    this.session.cut();
  }

  private request(
    act: Act,
    topic: string,
    payload: string,
    done: Request['done'],
    send: Request['send'],
  ): void {
    const size = packetSize(topic, payload, this.protocolVersion);
    const refusal = act === 'publish' ? refusalByLimit(topic, size, this.session.limits) : undefined;
    if (refusal !== undefined) {
      this.refusals.refused(refusal);
      // Whoever publishes is not to be called back before the call returns.
      queueMicrotask(() => done(new Error(refusal.words)));
      return;
    }
    this.waiting.push({ act, topic, size, done, send });
    this.sendNext();
  }

  private sendNext(): void {
    while (this.underWay < this.session.limits.underWay) {
      const request = this.waiting.shift();
      if (request === undefined) return;
      this.underWay++;
      request.send((error) => {
        this.underWay--;
        this.answered(request, error);
        this.sendNext();
      });
    }
  }

  private answered({ act, topic, size, done }: Request, error: unknown): void {
    const { refusals } = this;
    if (error === undefined) refusals.taken(act, topic);
    else refusals.refused(refusalByCode(act, topic, size, error, refusals.own));
    done(error);
  }
}
