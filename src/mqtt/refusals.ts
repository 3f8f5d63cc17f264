import type { Logger } from '../shared/logger.ts';
import type { SafeText } from '../shared/secrets.ts';
import type { BrokerLimits } from './broker-limits.ts';
import type { Act, OwnTopics, Refusal } from './refusal.ts';
import { covers } from './topic-families.ts';

/** Of one broker: who may not publish at one topic often may not at all of them, and the page names each. */
const MOST_TOLD = 3;
const NAMED_ELSEWHERE = ' The page names all others that it does not take.';
/** Topics that a problem names besides the first. */
const MOST_NAMED = 3;

const KEEPS_NOTHING =
  'keeps no messages (it says that it does not offer "retain"): who connects later, Home Assistant after its restart too, finds nothing until it is published again. Allow retained messages there.';

/** What the broker does not take now, and whom it matters to. The first ones are told in the log, once. */
export class Refusals {
  private readonly logger: Logger;
  /** In the order in which they came. */
  private readonly current = new Map<string, Refusal>();
  /** By broker. */
  private readonly told = new Map<string, Set<string>>();
  private readonly listeners = new Set<(refusal: Refusal) => void>();
  readonly own: OwnTopics;
  private readonly hopeful = new Set<(topic: string) => void>();
  private broker = '';
  private limitation: string | undefined;
  private packet: number | undefined;

  constructor(logger: Logger, own: OwnTopics = []) {
    this.logger = logger;
    this.own = own;
  }

  /** `broker`: its address. Another one may refuse less. */
  at(broker: string): void {
    if (broker !== this.broker) this.current.clear();
    this.broker = broker;
  }

  /** A connection begins: what it listens to is asked for anew. */
  opened({ keepsMessages, packet }: BrokerLimits): void {
    this.packet = packet;
    this.limitation = keepsMessages ? undefined : KEEPS_NOTHING;
    if (!keepsMessages) this.tell(KEEPS_NOTHING, KEEPS_NOTHING);
    for (const [key, { act }] of [...this.current]) if (act === 'subscribe') this.current.delete(key);
  }

  /** Bytes of a packet that the broker takes at most; undefined where it does not say. */
  get longest(): number | undefined {
    return this.packet;
  }

  /** In words; undefined where all is taken. */
  get problem(): SafeText | undefined {
    const [first, ...others] = this.current.values();
    if (first === undefined) {
      const words = this.limitation;
      return words === undefined ? undefined : this.logger.withoutSecrets(this.sentence(words));
    }
    const named = others.slice(0, MOST_NAMED).map(({ topic }) => topic);
    const more = others.length > MOST_NAMED ? [`${others.length - MOST_NAMED} more`] : [];
    const also = others.length === 0 ? '' : ` The same goes for ${[...named, ...more].join(', ')}.`;
    return this.logger.withoutSecrets(`${this.sentence(first.words)}${also}`);
  }

  /**
   * Of what was sent last; undefined where the broker took it, or has not answered. Known before the `done` of a message
   * is called.
   */
  of(act: Act, topic: string): Refusal | undefined {
    const kinds = Array.from(this.current.values()).filter((each) => each.act === act);
    return this.current.get(keyOf(act, topic)) ?? kinds.find((each) => covers(each.topic, topic));
  }

  /** Calls at each refusal, also of what was refused before. The returned function ends it. */
  onRefused(listener: (refusal: Refusal) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Calls with the topic of a message that was published once and left out, when it is worth another try: whoever
   * publishes may want another one by now.
   */
  onWorthATry(listener: (topic: string) => void): () => void {
    this.hopeful.add(listener);
    return () => this.hopeful.delete(listener);
  }

  worthATry(topic: string): void {
    for (const listener of [...this.hopeful]) listener(topic);
  }

  refused(refusal: Refusal): void {
    const { act, topic } = refusal;
    const key = keyOf(act, topic);
    for (const [each, known] of [...this.current])
      if (each !== key && known.act === act && covers(topic, known.topic)) this.current.delete(each);
    this.current.set(key, refusal);
    this.tell(key, refusal.words);
    for (const listener of [...this.listeners]) listener(refusal);
  }

  taken(act: Act, topic: string): void {
    this.current.delete(keyOf(act, topic));
  }

  private tell(what: string, words: string): void {
    const told = this.told.get(this.broker) ?? new Set();
    this.told.set(this.broker, told);
    if (told.has(what) || told.size >= MOST_TOLD) return;
    told.add(what);
    this.logger.warn(`${this.sentence(words)}${told.size === MOST_TOLD ? NAMED_ELSEWHERE : ''}`);
  }

  private sentence(words: string): string {
    return `The MQTT broker ${this.broker} ${words}`;
  }
}

function keyOf(act: Act, topic: string): string {
  return `${act} ${topic}`;
}
