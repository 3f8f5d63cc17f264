import type { MeterIdentity } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import type { Topics } from '../../mqtt/topics.ts';
import type { MeterEvent } from '../../readings/meter-event.ts';
import type { Clock } from '../../shared/clock.ts';
import { eventJson } from '../event-json.ts';
import { SelectivePublisher } from '../output.ts';

interface EventPublisherOptions {
  readonly connection: Pick<MqttConnection, 'send' | 'onConnected' | 'subscribe'>;
  readonly topics: Pick<Topics, 'event'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Home Assistant says `online` there when it has started. */
  readonly statusTopic: string;
}

interface WaitingEvent {
  readonly serialNumber: string;
  readonly payload: string;
}

/** Milliseconds after a connection in which others come back to the broker too: after a power cut all start at once. */
const OTHERS_COME_BACK = 60_000;
/** Milliseconds after Home Assistant's birth message, until it listens to all that it knows. */
const IT_LISTENS = 10_000;
/** Of a broker that is away for good. */
const MOST_WAITING = 100;

/**
 * What happens at the meters, as messages that nobody keeps. A leak that began while the broker was away is told when it
 * is back, and when those who listen have had the time to come back too.
 */
export class EventPublisher extends SelectivePublisher {
  private readonly options: EventPublisherOptions;
  private waiting: readonly WaitingEvent[] = [];
  private holds = true;
  private isSending = false;
  private cancelTimer: () => void = () => {};
  private ends: readonly (() => void)[] = [];

  constructor(options: EventPublisherOptions) {
    super();
    this.options = options;
  }

  start(): void {
    const { connection, statusTopic } = this.options;
    this.ends = [
      connection.onConnected(() => {
        this.isSending = false;
        this.holds = true;
        this.releaseAfter(OTHERS_COME_BACK);
      }),
      connection.subscribe(statusTopic, (payload, retained) => {
        if (payload !== 'online' || retained) return;
        this.holds = true;
        this.releaseAfter(IT_LISTENS);
      }),
    ];
  }

  stop(): void {
    this.cancelTimer();
    for (const end of this.ends) end();
  }

  override happened({ serialNumber }: MeterIdentity, event: MeterEvent): void {
    const waiting = [...this.waiting, { serialNumber, payload: eventJson(event) }];
    this.waiting = waiting.slice(-MOST_WAITING);
    this.sendNext();
  }

  override meterForgotten(serialNumber: string): void {
    this.waiting = this.waiting.filter((each) => each.serialNumber !== serialNumber);
  }

  private releaseAfter(delay: number): void {
    this.cancelTimer();
    this.cancelTimer = this.options.clock.after(delay, () => {
      this.holds = false;
      this.sendNext();
    });
  }

  /** One after another, so that one that the broker has not confirmed is sent again by the next connection. */
  private sendNext(): void {
    const [next] = this.waiting;
    if (this.holds || this.isSending || next === undefined) return;
    const { connection, topics } = this.options;
    const done = (): void => {
      this.isSending = false;
      this.waiting = this.waiting.filter((each) => each !== next);
      this.sendNext();
    };
    this.isSending = true;
    if (!connection.send(topics.event(next.serialNumber), next.payload, done)) this.isSending = false;
  }
}
