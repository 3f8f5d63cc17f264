import type { Logger } from '../log/logger.ts';
import { messageOf, sentenceOf } from '../shared/errors.ts';
import { connectionProblem, isCut } from './connection-problem.ts';

/** Says once a change of state how the connection does: a broker that stays away for a night is one line in the log. */
export class ConnectionReport {
  private readonly logger: Logger;
  private readonly refusals = new Set<string>();
  private broker: string | undefined;
  /** The last sentence that was said of a connection that does not work. */
  private sentence: string | undefined;
  /** Connections in a row that ended before they settled. */
  private shortLived = 0;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** The broker of the latest attempt; undefined while none is known. */
  get address(): string | undefined {
    return this.broker;
  }

  /** Undefined while all is well. */
  get problem(): string | undefined {
    return this.sentence;
  }

  trying(address: string): void {
    this.broker = address;
  }

  /** There is nothing to connect to yet. */
  nowhere(why: string): void {
    this.broker = undefined;
    this.trouble(why);
  }

  opened(): void {
    this.refusals.clear();
    // When connections do not last, the line that says why stays the last word until one does.
    if (this.shortLived < 2) this.recovered();
  }

  settled(): void {
    const waited = this.shortLived >= 2;
    this.shortLived = 0;
    if (waited) this.recovered();
  }

  closed(error: unknown, wasOpen: boolean): void {
    if (wasOpen) this.shortLived++;
    const silent = error === undefined || (wasOpen && isCut(error));
    const problem = silent ? this.silentEnd(wasOpen) : connectionProblem(error);
    this.trouble(sentenceOf(`The MQTT broker ${this.broker} ${problem}`));
  }

  /** The broker does not let us use a topic; said once a connection and topic. */
  refused(action: string, topic: string, error: unknown): void {
    const key = `${action} ${topic}`;
    if (this.refusals.has(key)) return;
    this.refusals.add(key);
    this.logger.warn(
      `The MQTT broker ${this.broker} refuses ${key} (${messageOf(error)}): check what it allows this user`,
    );
  }

  private recovered(): void {
    this.sentence = undefined;
    this.logger.info(`Connected to the MQTT broker ${this.broker}`);
  }

  private trouble(sentence: string): void {
    if (sentence === this.sentence) return;
    this.sentence = sentence;
    this.logger.warn(`${sentence} Trying again until it works.`);
  }

  /** The broker closed without giving a reason, as all do before MQTT 5. */
  private silentEnd(wasOpen: boolean): string {
    if (!wasOpen) {
      return (
        'closes the connection before it answers: does this port want TLS (mqtts://), a client certificate, ' +
        'or another mqtt.protocolVersion?'
      );
    }
    return this.shortLived < 3
      ? 'closed the connection'
      : 'closes each connection after a moment: is another client using the same mqtt.clientId?';
  }
}
