import type { Socket } from 'node:net';
import { Budget } from '../shared/budget.ts';
import type { Clock } from '../shared/clock.ts';
import { Turnstile } from './turnstile.ts';

/** Connections at once. Behind a proxy all have one address, and a browser opens six. */
const MOST = 64;
const MOST_AN_ADDRESS = 16;
/** Answers that do not end, besides the connections; each tab of a browser has one. */
const MOST_STREAMS = 32;
const MOST_STREAMS_AN_ADDRESS = 16;
/** Requests that an address may make at once, and in each second from then on; what is more waits. */
const REQUESTS_AT_ONCE = 40;
const REQUESTS_A_SECOND = 20;
/** Addresses whose requests are remembered after they left. */
const MOST_REMEMBERED = 256;
/** A connection that brought no answer to its end for so long (ms) is closed, whatever it waits for. */
const PATIENCE = 10_000;

interface Visit {
  readonly address: string;
  readonly turnstile: Turnstile;
  cancelEnd: () => void;
  cancelWait: () => void;
  isStream: boolean;
}

/**
 * Who is connected, and how much of us each may have. Where it is full, the connection goes that has done nothing for
 * longest: those who open connections and say nothing keep nobody out.
 */
export class Visitors {
  private readonly clock: Clock;
  private readonly entered: (turnstile: Turnstile) => void;
  /** The one that has done nothing for longest is the first. */
  private readonly visits = new Map<unknown, Visit>();
  private readonly budgets = new Map<string, Budget>();

  /** `entered`: to be connected with the server. */
  constructor(clock: Clock, entered: (turnstile: Turnstile) => void) {
    this.clock = clock;
    this.entered = entered;
  }

  enter(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    this.makeRoom(address);
    const budget = this.budgetOf(address);
    const turnstile: Turnstile = new Turnstile(socket, () => this.admit(turnstile, budget));
    this.visits.set(turnstile, {
      address,
      turnstile,
      cancelEnd: () => {},
      cancelWait: () => {},
      isStream: false,
    });
    turnstile.once('close', () => this.left(turnstile));
    this.touch(turnstile);
    this.entered(turnstile);
  }

  /** The answer to the request that came through `turnstile` has left. */
  answered(turnstile: unknown): void {
    const visit = this.visits.get(turnstile);
    if (visit !== undefined) visit.isStream = false;
    this.touch(turnstile);
    visit?.turnstile.answered();
  }

  /** The request that came through `turnstile` has a body of so many bytes, which is wanted. */
  letIn(turnstile: unknown, length: number): void {
    this.visits.get(turnstile)?.turnstile.letIn(length);
  }

  /** The answer may take so long (ms) from now on. */
  beginWork(turnstile: unknown, longest: number): void {
    this.touch(turnstile, longest);
  }

  /** Whether an answer may be given there that does not end. One that may is given: it has all the time. */
  mayStream(turnstile: unknown): boolean {
    const visit = this.visits.get(turnstile);
    if (visit === undefined) return false;
    const streams = [...this.visits.values()].filter(({ isStream }) => isStream);
    const ofAddress = streams.filter(({ address }) => address === visit.address);
    if (streams.length >= MOST_STREAMS || ofAddress.length >= MOST_STREAMS_AN_ADDRESS) return false;
    visit.isStream = true;
    visit.cancelEnd();
    return true;
  }

  closeAll(): void {
    for (const { turnstile } of [...this.visits.values()]) turnstile.destroy();
  }

  private admit(turnstile: Turnstile, budget: Budget): boolean {
    const { wait } = budget;
    const visit = this.visits.get(turnstile);
    if (wait === 0) {
      budget.spend(1);
      return true;
    }
    visit?.cancelWait();
    if (visit !== undefined) visit.cancelWait = this.clock.after(wait, () => turnstile.proceed());
    return false;
  }

  private touch(turnstile: unknown, patience = PATIENCE): void {
    const visit = this.visits.get(turnstile);
    if (visit === undefined) return;
    this.visits.delete(turnstile);
    this.visits.set(turnstile, visit);
    visit.cancelEnd();
    visit.cancelEnd = this.clock.after(patience, () => visit.turnstile.destroy());
  }

  private left(turnstile: Turnstile): void {
    const visit = this.visits.get(turnstile);
    visit?.cancelEnd();
    visit?.cancelWait();
    this.visits.delete(turnstile);
  }

  private makeRoom(address: string): void {
    const all = [...this.visits.values()].filter(({ isStream }) => !isStream);
    const ofAddress = all.filter((visit) => visit.address === address);
    if (ofAddress.length >= MOST_AN_ADDRESS) leaving(ofAddress)?.turnstile.destroy();
    else if (all.length >= MOST) leaving(all)?.turnstile.destroy();
  }

  private budgetOf(address: string): Budget {
    const budget = this.budgets.get(address) ?? new Budget(REQUESTS_AT_ONCE, REQUESTS_A_SECOND, this.clock);
    this.budgets.delete(address);
    this.budgets.set(address, budget);
    const [oldest] = this.budgets.keys();
    if (oldest !== undefined && this.budgets.size > MOST_REMEMBERED) this.budgets.delete(oldest);
    return budget;
  }
}

/** One that waits for nothing of ours, before one whose answer is under way. */
function leaving(visits: readonly Visit[]): Visit | undefined {
  return visits.find(({ turnstile }) => !turnstile.isBusy) ?? visits[0];
}
