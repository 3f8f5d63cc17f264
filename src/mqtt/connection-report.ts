import type { Logger } from '../log/logger.ts';
import { messageOf } from '../shared/errors.ts';
import { connectionProblem, isCut } from './connection-problem.ts';

/** Says once a change of state how the connection does: a broker that stays away for a night is one line in the log. */
export class ConnectionReport {
  private readonly address: string;
  private readonly logger: Logger;
  private readonly refusals = new Set<string>();
  private problem: string | undefined;
  /** Connections in a row that ended before they settled. */
  private shortLived = 0;

  constructor(address: string, logger: Logger) {
    this.address = address;
    this.logger = logger;
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
    if (problem === this.problem) return;
    this.problem = problem;
    this.logger.warn(
      `The MQTT broker ${this.address} ${problem}${problem.endsWith('?') ? '' : '.'} Trying again until it works.`,
    );
  }

  /** The broker does not let us use a topic; said once a connection and topic. */
  refused(action: string, topic: string, error: unknown): void {
    const key = `${action} ${topic}`;
    if (this.refusals.has(key)) return;
    this.refusals.add(key);
    this.logger.warn(
      `The MQTT broker ${this.address} refuses ${key} (${messageOf(error)}): check what it allows this user`,
    );
  }

  private recovered(): void {
    this.problem = undefined;
    this.logger.info(`Connected to the MQTT broker ${this.address}`);
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
