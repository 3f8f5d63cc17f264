import { type Clock, sleep } from '../shared/clock.ts';
import { packetSize } from './broker-limits.ts';
import { type Act, type OwnTopics, refusalByClosing, refusalByCode, ruleFor, unheard } from './refusal.ts';
import { BrokerSession, type SessionOptions } from './session.ts';
import { topicsBelow } from './topics.ts';

interface Needed {
  readonly baseTopic: string;
  /** Undefined: nothing is announced to Home Assistant. */
  readonly discoveryPrefix?: string | undefined;
}

/** Milliseconds for the broker to confirm something, and then to hand it out. */
const CONFIRMS_WITHIN = 4_000;
const BACK_WITHIN = 2_000;
const PAYLOAD = 'Trying whether this may be published';

/**
 * Tries what the bridge will do at the broker, with messages that nobody listens to and that are not kept. Returns what
 * it does not take: what happened and what to do, as ends of sentences that begin with the broker. By MQTT 5, where the
 * broker speaks that, because by MQTT 3.1.1 it confirms what it throws away.
 */
export async function missingRights(
  options: SessionOptions,
  { baseTopic, discoveryPrefix }: Needed,
  clock: Clock,
): Promise<readonly string[]> {
  const own = [baseTopic, ...(discoveryPrefix === undefined ? [] : [discoveryPrefix])].map(
    (prefix) => `${prefix}/#`,
  );
  const trial = new RightsTrial(options, own, clock);
  try {
    const ours = topicsBelow(baseTopic).bridgeCheck;
    const missing = [await trial.listens(ours), ...(await trial.publishes(ours))];
    if (discoveryPrefix !== undefined)
      missing.push(await trial.announces(`${discoveryPrefix}/device/${DEVICE}`));
    return missing.filter((words) => words !== undefined);
  } finally {
    await trial.end();
  }
}

/** No meter has it. */
const DEVICE = 'multical2mqtt_check';

/** `late`: neither taken nor refused. */
type Outcome =
  | { readonly is: 'taken' }
  | { readonly is: 'late' }
  | { readonly is: 'refused' | 'closed'; readonly error: unknown };

class RightsTrial {
  private readonly options: SessionOptions;
  private readonly own: OwnTopics;
  private readonly clock: Clock;
  private version: 4 | 5 = 5;
  private session: BrokerSession | undefined;
  private closed: (error: unknown) => void = () => {};
  private heard: () => void = () => {};
  private isListening = false;

  constructor(options: SessionOptions, own: OwnTopics, clock: Clock) {
    this.options = options;
    this.own = own;
    this.clock = clock;
  }

  async listens(topic: string): Promise<string | undefined> {
    const outcome = await this.attempt((session, done) => session.subscribe(topic, done));
    this.isListening = outcome.is === 'taken';
    return this.wordsFor('subscribe', topic, outcome);
  }

  /** And whether it comes back, where we listen. */
  async publishes(topic: string): Promise<readonly (string | undefined)[]> {
    const back = new Promise<boolean>((resolve) => {
      this.heard = () => resolve(true);
    });
    const outcome = await this.attempt((session, done) => session.send(topic, PAYLOAD, done));
    if (outcome.is !== 'taken' || !this.isListening) return [this.wordsFor('publish', topic, outcome)];
    const over = new AbortController();
    const isBack = await Promise.race([back, sleep(this.clock, BACK_WITHIN, over.signal).then(() => false)]);
    over.abort();
    if (isBack) return [];
    const rule = ruleFor({ act: 'subscribe', topic }, this.own);
    return [
      this.version === 4
        ? unheard(topic, rule)
        : `takes what is published to ${topic}, but hands nothing of it to this user: readings on request by MQTT do not work. To allow it: ${rule}.`,
    ];
  }

  /** Home Assistant looks at topics that end in `config` only, but the rules of a broker may name just these. */
  async announces(place: string): Promise<string | undefined> {
    const topic = `${place}/check`;
    const outcome = await this.attempt((session, done) => session.send(topic, PAYLOAD, done));
    if (outcome.is === 'taken') return undefined;
    const config = await this.attempt((session, done) => session.send(`${place}/config`, '', done));
    return config.is === 'taken' ? undefined : this.wordsFor('publish', `${place}/config`, config);
  }

  async end(): Promise<void> {
    await this.session?.leave();
  }

  private async attempt(
    action: (session: BrokerSession, done: (error: unknown) => void) => void,
  ): Promise<Outcome> {
    this.session ??= await this.connected();
    const { session } = this;
    if (session === undefined) return { is: 'late' };
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        cancel();
        resolve(outcome);
      };
      const cancel = this.clock.after(CONFIRMS_WITHIN, () => resolve({ is: 'late' }));
      this.closed = (error) => {
        this.session = undefined;
        this.isListening = false;
        settle({ is: 'closed', error });
      };
      action(session, (error) => settle(error === undefined ? { is: 'taken' } : { is: 'refused', error }));
    });
  }

  /** By the version that tells most. Undefined where the broker does not let us in any more. */
  private async connected(): Promise<BrokerSession | undefined> {
    const session = await this.opened();
    if (session !== undefined || this.version === this.options.protocolVersion) return session;
    this.version = this.options.protocolVersion;
    return await this.opened();
  }

  private opened(): Promise<BrokerSession | undefined> {
    const { promise, settle } = settled<BrokerSession | undefined>();
    const session = new BrokerSession({ ...this.options, protocolVersion: this.version }, undefined, {
      opened: () => settle(session),
      message: () => this.heard(),
      dropped: () => {},
      closed: (error) => {
        settle(undefined);
        this.closed(error);
      },
    });
    const cancel = this.clock.after(CONFIRMS_WITHIN, () => {
      session.cut();
      settle(undefined);
    });
    session.open();
    return promise.finally(cancel);
  }

  private wordsFor(act: Act, topic: string, outcome: Outcome): string | undefined {
    if (outcome.is === 'taken') return undefined;
    const size = packetSize(topic, PAYLOAD, this.version);
    const sent = { act, topic, size };
    if (outcome.is === 'refused') return refusalByCode(sent, outcome.error, this.own).words;
    if (outcome.is === 'closed') return refusalByClosing(sent, size, outcome.error, this.own).words;
    const doing = act === 'subscribe' ? 'that we listen to' : 'what is published to';
    return `does not confirm ${doing} ${topic}: look into its log.`;
  }
}

function settled<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
