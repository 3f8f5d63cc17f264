import type { Clock } from '../shared/clock.ts';
import { type Act, codeOf, isOddAnswer, type Refusal, refusalByClosing, type Sent } from './refusal.ts';
import type { Refusals } from './refusals.ts';
import { isCut } from './report.ts';
import { covers, familiesOf } from './topic-families.ts';

interface Suspect {
  readonly sent: Sent;
  /** Connections that ended while it alone was under way. */
  closed: number;
}

/** A connection that lasted longer (ms) did not end for what is sent at its beginning, or whatever was just sent. */
const YOUNG = 30_000;
/** Milliseconds until what is left out is tried again. */
const AGAIN_AFTER = 3_600_000;
/** What is left out and nobody publishes any more is never answered. Long enough (ms) for a hundred, one at a time. */
const TRIED_WITHIN = 600_000;
/** So many topics of a kind are refused and none is taken: the others of the kind are not tried. */
const ENOUGH_OF_A_KIND = 3;
/** Connections that have to end over a topic: of a broker that has not been seen to do that, and of one that has. */
const NEEDED = { unproven: 3, proven: 2 };

/**
 * Finds out over which topics a broker closes the connection, which is how some refuse one (MQTT 3.1.1 knows no other way).
 * A line that is cut, a broker that restarts or another client with our id look the same once, but not again and again:
 *
 *   a young connection ends, several under way ──▶ from now on one at a time
 *                              one under way   ──▶ it is suspected: sent alone, after a pause and a sign of life
 *                       it alone again, thrice ──▶ it is left out, for an hour
 *                           taken, or the connection ends while nothing is under way ──▶ no suspicion any more
 */
export class Suspects {
  private readonly refusals: Refusals;
  private readonly clock: Clock;
  private readonly suspected = new Map<string, Suspect>();
  private readonly leftOut = new Map<string, { readonly sent: Sent; readonly refusal: Refusal }>();
  /** Kinds of topics that are left out, by act and filter. */
  private readonly families = new Map<string, Refusal>();
  /** By act: what was taken in this run. */
  private readonly taken: Readonly<Record<Act, Set<string>>> = {
    publish: new Set(),
    subscribe: new Set(),
    will: new Set(),
  };
  private longestTaken = 0;
  private oneByOne = false;
  private isProven = false;
  /** Until then, what is left out is being tried again. */
  private againUntil = Number.NEGATIVE_INFINITY;
  private againAt = Number.POSITIVE_INFINITY;
  private openedAt = 0;

  constructor(refusals: Refusals, clock: Clock) {
    this.refusals = refusals;
    this.clock = clock;
  }

  opened(): void {
    this.openedAt = this.clock.monotonic();
  }

  /** Only one thing may be under way. */
  get areSought(): boolean {
    return this.oneByOne || this.suspected.size > 0 || this.again;
  }

  /** It is to be sent after a pause and a sign of life, while nothing else is under way. */
  has(sent: Sent): boolean {
    const key = keyOf(sent);
    return this.suspected.has(key) || (this.again && this.leftOut.has(key));
  }

  /** Why it is not to be sent; undefined where it is. */
  refusalOf(sent: Sent): Refusal | undefined {
    if (this.again) return undefined;
    const { act, topic, size } = sent;
    const family = Array.from(this.families.values()).find(
      (each) => each.act === act && covers(each.topic, topic),
    );
    const known = this.leftOut.get(keyOf(sent));
    if (known === undefined) return family;
    // Half as long: so that what shrinks byte by byte does not cost a connection each time.
    const isShorter = size <= this.longestTaken || size * 2 <= known.sent.size;
    return known.refusal.shorterMayPass && isShorter ? undefined : (family ?? known.refusal);
  }

  private get again(): boolean {
    return this.clock.monotonic() < this.againUntil;
  }

  /** Milliseconds until what is left out is to be tried again. */
  get againIn(): number {
    return Math.max(0, this.againAt - this.clock.monotonic());
  }

  tryAgain(): void {
    const now = this.clock.monotonic();
    if (this.leftOut.size > 0) this.againUntil = now + TRIED_WITHIN;
    this.againAt = now + AGAIN_AFTER;
    this.families.clear();
  }

  /** The broker has taken it, or refused it with an answer. */
  answered(sent: Sent, isTaken: boolean): void {
    const key = keyOf(sent);
    if (isTaken) {
      this.taken[sent.act].add(sent.topic);
      if (sent.act === 'publish') this.longestTaken = Math.max(this.longestTaken, sent.size);
    }
    this.suspected.delete(key);
    if (this.again) this.leftOut.delete(key);
    if (this.leftOut.size === 0) this.endTry();
    if (this.clock.monotonic() - this.openedAt > YOUNG) this.oneByOne = false;
  }

  /** An open connection has ended. True where more is known now of what it ends over. */
  closed(underWay: readonly Sent[], error: unknown): boolean {
    const [first, ...others] = underWay;
    const blame = blameOf(error);
    if (first === undefined || blame === 'none') {
      this.suspected.clear();
      this.oneByOne = false;
      return false;
    }
    const isYoung = this.clock.monotonic() - this.openedAt <= YOUNG;
    if (!isYoung && blame !== 'certain' && !this.has(first)) return false;
    this.oneByOne = true;
    return others.length === 0 && this.closedOver(first, blame, error);
  }

  private closedOver(sent: Sent, blame: Blame, error: unknown): boolean {
    const key = keyOf(sent);
    const closed = 1 + (this.suspected.get(key)?.closed ?? 0);
    const wasLeftOut = this.again && this.leftOut.has(key);
    const needed =
      blame === 'certain' ? 1 : this.isProven || blame === 'likely' ? NEEDED.proven : NEEDED.unproven;
    if (closed < needed && !wasLeftOut) {
      this.suspected.set(key, { sent, closed });
      return closed > 1;
    }
    this.leaveOut(sent, error);
    return true;
  }

  private leaveOut(sent: Sent, error: unknown): void {
    const key = keyOf(sent);
    this.suspected.delete(key);
    this.isProven = true;
    this.endTry();
    this.againAt = this.clock.monotonic() + AGAIN_AFTER;
    const refusal = refusalByClosing(sent, this.longestTaken, error, this.refusals.own);
    // To the end: another one has its turn first, the next time.
    this.leftOut.delete(key);
    this.leftOut.set(key, { sent, refusal });
    this.refusals.refused(refusal);
    for (const each of this.leftOut.values()) this.leaveOutKind(each.sent);
  }

  private endTry(): void {
    this.againUntil = Number.NEGATIVE_INFINITY;
  }

  private leaveOutKind({ act, topic }: Sent): void {
    const { refusals } = this;
    const isOfAct = (family: string) => (each: Sent) => each.act === act && covers(family, each.topic);
    const known = Array.from(this.leftOut.values(), ({ sent }) => sent);
    const family = familiesOf(topic).find(
      (each) =>
        known.filter(isOfAct(each)).length >= ENOUGH_OF_A_KIND &&
        !Array.from(this.taken[act]).some((one) => covers(each, one)),
    );
    if (family === undefined || this.families.has(`${act} ${family}`)) return;
    const refusal = refusalByClosing(
      { act, topic: family, size: 0 },
      this.longestTaken,
      undefined,
      refusals.own,
    );
    this.families.set(`${act} ${family}`, refusal);
    refusals.refused(refusal);
  }
}

/**
 * Who ended the connection, and why. `certain`: the broker says that it was for a message. `likely`: it may have been.
 * `possible`: it does not say. `none`: for another reason, or nobody did.
 */
type Blame = 'certain' | 'likely' | 'possible' | 'none';

/** Name of the topic, length, format, retained, quality of service. */
const OF_A_MESSAGE = [144, 149, 153, 154, 155];
/** Not authorized: it may be the whole client by now. */
const DENIED = 135;
/** Busy, banned, shutting down, silent for too long, taken over, too many under way, too fast, by an administrator, moved. */
const OF_THE_CLIENT = [137, 138, 139, 141, 142, 147, 150, 152, 156, 157, 159, 160];

function blameOf(error: unknown): Blame {
  const code = codeOf(error);
  if (isOddAnswer(error)) return 'certain';
  if (code === undefined) return error === undefined || isCut(error) ? 'possible' : 'none';
  if (OF_A_MESSAGE.includes(code)) return 'certain';
  if (OF_THE_CLIENT.includes(code)) return 'none';
  return code === DENIED ? 'likely' : 'possible';
}

function keyOf({ act, topic }: Sent): string {
  return `${act} ${topic}`;
}
