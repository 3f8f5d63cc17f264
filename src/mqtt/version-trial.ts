import type { Logger } from '../shared/logger.ts';
import { codeOf, ruleFor, unheard } from './refusal.ts';
import type { Refusals } from './refusals.ts';
import { isCut } from './report.ts';

/** Topics that a line names. */
const MOST_NAMED = 3;

/**
 * Finds out by MQTT 5, which has an answer for each message, what a broker throws away without a word by MQTT 3.1.1:
 *
 *   usual ──something does not come back──▶ asking, by MQTT 5 ──refused──▶ told: it goes on like that
 *                                              └──all was taken, or no MQTT 5──▶ over
 *
 * What is taken and does not come back is what this user may write and not read, which does no harm.
 */
export class VersionTrial {
  private readonly refusals: Refusals;
  private readonly logger: Logger;
  private step: 'usual' | 'asking' | 'told' | 'over' = 'usual';
  /** Topics of which nothing came back, and that the broker has not answered for. */
  private readonly missing = new Set<string>();
  private readonly unreadable: string[] = [];

  constructor(refusals: Refusals, logger: Logger) {
    this.refusals = refusals;
    this.logger = logger;
    // A broker may end the connection over it instead of an answer. Something shorter is then taken there.
    refusals.onRefused(({ act, topic }) => act === 'publish' && this.answered(topic, false));
  }

  /** Of the next connection. */
  versionOf(wanted: 4 | 5): 4 | 5 {
    return this.step === 'asking' || this.step === 'told' ? 5 : wanted;
  }

  /** Nothing comes back of these topics. True where another connection, at once, is to tell why. */
  isWorthAsking(missing: readonly string[]): boolean {
    for (const topic of missing) this.missing.add(topic);
    if (this.step !== 'usual') return false;
    this.step = 'asking';
    return true;
  }

  answered(topic: string, isTaken: boolean): void {
    if (this.step !== 'asking' || !this.missing.delete(topic)) return;
    if (!isTaken) this.step = 'told';
    else this.unreadable.push(topic);
    if (this.step !== 'asking' || this.missing.size > 0) return;
    this.step = 'over';
    this.logger.info(
      `The MQTT broker takes what is published to ${named(this.unreadable)}, but does not let this user listen there. That does no harm, but what earlier runs have published is not found. To allow it: ${this.ruleFor('subscribe', this.unreadable)}.`,
    );
  }

  /** The broker has not let us in. True where it is to be tried in the usual way at once. */
  turnedAway(error: unknown): boolean {
    const isAnswer = error === undefined || codeOf(error) !== undefined || isCut(error);
    if (!isAnswer || (this.step !== 'asking' && this.step !== 'told')) return false;
    if (this.step === 'asking') {
      const topics = [...this.missing];
      this.logger.warn(`The MQTT broker ${unheard(named(topics), this.ruleFor('publish', topics))}`);
    }
    this.step = 'over';
    return true;
  }

  private ruleFor(act: 'publish' | 'subscribe', [topic = '']: readonly string[]): string {
    return ruleFor({ act, topic }, this.refusals.own);
  }
}

function named(topics: readonly string[]): string {
  const more = topics.length - MOST_NAMED;
  return [...topics.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
