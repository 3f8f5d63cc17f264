import type { Clock } from '../shared/clock.ts';
import { codeOf, type Refusal, ruleFor } from './refusal.ts';
import type { Refusals } from './refusals.ts';
import { isCut } from './report.ts';

/** What the broker says for us when we vanish. */
export interface Will {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** Milliseconds until a will that was refused is tried again, with the next connection. */
const AGAIN_AFTER = 3_600_000;
/** After so many attempts one is made without a will. */
const EVERY = 3;
/** Not authorized (both versions), name of the topic, length, quota, format; unspecified, implementation. */
const MAY_BE_THE_WILL = [5, 128, 131, 135, 144, 149, 151, 153];
const NO_RETAIN = 154;
const NO_QOS = 155;

/**
 * A broker that does not like our last will does not let us in at all, and hardly ever says why:
 *
 *   usual ──turned away thrice──▶ asking, without it ──let in──▶ checking, with it ──turned away──▶ without it, for an hour
 *     ▲────────────turned away───────┘                              │
 *     └──────────────────────────────────let in─────────────────────┘
 */
export class WillTrial {
  private readonly refusals: Refusals;
  private readonly clock: Clock;
  private step: 'usual' | 'asking' | 'checking' | 'without' = 'usual';
  private turnedAwayInARow = 0;
  private againAt = 0;
  private keepsMessages = true;
  private offersQos = true;

  constructor(refusals: Refusals, clock: Clock) {
    this.refusals = refusals;
    this.clock = clock;
  }

  /** Of the next attempt; undefined: without one. */
  willOf(wanted: { topic: string; payload: string } | undefined): Will | undefined {
    if (wanted === undefined) return undefined;
    if (this.step === 'usual' && this.turnedAwayInARow >= EVERY) {
      this.turnedAwayInARow = 0;
      this.step = 'asking';
    }
    if (this.step === 'without' && this.clock.monotonic() >= this.againAt) this.step = 'checking';
    if (this.step === 'asking' || this.step === 'without') return undefined;
    return { ...wanted, qos: this.offersQos ? 1 : 0, retain: this.keepsMessages };
  }

  /** The broker has let us in. True where another attempt is to tell, at once, what it has to do with the will. */
  letIn(will: Will | undefined): boolean {
    this.turnedAwayInARow = 0;
    if (will !== undefined) this.refusals.taken('will', will.topic);
    const isAsking = this.step === 'asking';
    if (isAsking) this.step = 'checking';
    else if (this.step === 'checking') this.step = 'usual';
    return isAsking;
  }

  /** The broker has not let us in. True where it is to be tried again at once, in another way. */
  turnedAway(error: unknown, will: Will | undefined): boolean {
    const code = codeOf(error);
    if (will !== undefined && (code === NO_RETAIN || code === NO_QOS)) {
      const isNew = code === NO_RETAIN ? will.retain : will.qos === 1;
      if (code === NO_RETAIN) this.keepsMessages = false;
      else this.offersQos = false;
      if (isNew) return true;
    }
    const mayBe = code === undefined ? error === undefined || isCut(error) : MAY_BE_THE_WILL.includes(code);
    if (mayBe && this.step === 'checking' && will !== undefined) {
      this.step = 'without';
      this.againAt = this.clock.monotonic() + AGAIN_AFTER;
      this.refusals.refused(this.refusalOf(will.topic));
      return true;
    }
    if (this.step !== 'without') this.step = 'usual';
    this.turnedAwayInARow = mayBe ? this.turnedAwayInARow + 1 : 0;
    return false;
  }

  private refusalOf(topic: string): Refusal {
    const refusal = { act: 'will', topic, shorterMayPass: false } as const;
    return {
      ...refusal,
      words: `does not let us in with a last will at ${topic}, but without: nobody says "offline" there when the bridge vanishes. Allow this user to publish there; ${ruleFor(refusal, this.refusals.own)}.`,
    };
  }
}
