import type { AnnouncedState, Units } from '../announced-state.ts';
import type { DiscoveryTopics } from './discovery.ts';
import { heldDevice } from './held-discovery.ts';

interface Message {
  readonly topic: string;
  readonly payload: string;
}

/** Lets no entity of a meter be announced in a unit while its state has a number in another one. */
export class AnnouncedUnits {
  private readonly state: AnnouncedState;
  private readonly topics: DiscoveryTopics;
  /** What the broker holds for sure. */
  private confirmed = new Map<string, string>();
  /** Messages that the broker has not taken yet; a new set at each connection, because theirs are never answered. */
  private underWay = new Set<Message>();

  constructor(state: AnnouncedState, topics: DiscoveryTopics) {
    this.state = state;
    this.topics = topics;
  }

  /** `held`: topic and payload of all that the broker holds, at the beginning of a connection or since somebody changed it. */
  found(held: ReadonlyMap<string, string>): void {
    this.confirmed = new Map(held);
    this.underWay = new Set();
    this.tell();
  }

  /** False while these messages may not be sent yet; then `again` is called later. */
  allow(messages: readonly Message[], again: () => void): boolean {
    const now = this.unitsIn(this.confirmed);
    const next = this.unitsIn(new Map(messages.map(({ topic, payload }) => [topic, payload])));
    const changed = Array.from(next).filter(([quantity, unit]) => now.get(quantity) !== unit);
    return changed.length === 0 || this.state.makeRoom(new Map(changed), again);
  }

  /** To be called when one is sent. The returned function: when the broker has taken or refused it. */
  send(message: Message): (error: unknown) => void {
    const { underWay } = this;
    underWay.add(message);
    return (error) => {
      underWay.delete(message);
      if (underWay !== this.underWay) return;
      if (error === undefined) this.confirmed.set(message.topic, message.payload);
      if (underWay.size === 0) this.tell();
    };
  }

  private tell(): void {
    this.state.announced(this.unitsIn(this.confirmed));
  }

  private unitsIn(payloads: ReadonlyMap<string, string>): Units {
    const { components } = heldDevice(payloads, this.topics);
    const ours = Array.from(components).filter(([, each]) => each.state_topic === this.state.topic);
    return new Map(ours.map(([quantity, each]) => [quantity, String(each.unit_of_measurement ?? '')]));
  }
}
