import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Answer, Asked, AskedWithBody, ServedRoute } from '../http/answer.ts';
import { Budget } from '../shared/budget.ts';
import type { Clock } from '../shared/clock.ts';
import { isObject } from '../shared/stored.ts';
import { refusal } from './dispatcher.ts';

const LASTS = 30 * 86_400_000;
const MOST_SESSIONS = 64;
/** Wrong passwords in all: at once, and in each second from then on. */
const TRIES_AT_ONCE = 20;
const TRIES_A_SECOND = 1 / 10;
const LONGEST_WAIT = 60_000;
const MOST_REMEMBERED = 256;
/** Enough that guessing costs, little enough (8 MB) for a small machine. */
const COST = { N: 8192, r: 8, p: 1 };
const LONGEST_PASSWORD = 1_000;

interface Session {
  readonly endsAt: number;
  readonly end: AbortController;
}

interface Guesser {
  failures: number;
  mayAt: number;
}

/**
 * Who has said the password. The cookie has no path: a browser then sends it to `api/v1` alone, below whatever prefix a
 * proxy has put before it.
 */
export class Sessions {
  readonly routes: readonly ServedRoute[];
  private readonly password: string;
  private readonly cookie: string;
  private readonly clock: Clock;
  private readonly salt = randomBytes(16);
  private readonly sessions = new Map<string, Session>();
  private readonly guessers = new Map<string, Guesser>();
  private readonly tries: Budget;
  private trying: Promise<unknown> = Promise.resolve();

  /** `port`: cookies know none, and two bridges may be at one address. */
  constructor(password: string, port: number, clock: Clock) {
    this.password = password;
    this.cookie = `multical2mqtt-${port}`;
    this.clock = clock;
    this.tries = new Budget(TRIES_AT_ONCE, TRIES_A_SECOND, clock);
    this.routes = [
      { method: 'POST', path: SESSION_PATH, handle: (asked) => this.begin(asked) },
      { method: 'DELETE', path: SESSION_PATH, handle: (asked) => this.end(asked) },
    ];
  }

  refusal(asked: Asked): Answer | undefined {
    if (!asked.path.startsWith('/api/') || asked.path === SESSION_PATH) return undefined;
    return this.sessionOf(asked) === undefined ? refusal(401, 'Log in first.') : undefined;
  }

  /** Aborted when whoever asks has logged out. */
  until(asked: Asked): AbortSignal | undefined {
    return this.sessionOf(asked)?.end.signal;
  }

  private async begin(asked: AskedWithBody): Promise<Answer> {
    const { address, body } = asked;
    const given = isObject(body) && 'password' in body ? body.password : undefined;
    if (typeof given !== 'string' || given.length > LONGEST_PASSWORD)
      return refusal(400, 'Send {"password": "..."}.');
    const guesser = this.guesserAt(address);
    const wait = Math.max(guesser.mayAt - this.clock.monotonic(), this.tries.wait);
    if (wait > 0) return tooMany(wait);
    // Before it is known: many that come at once are many.
    this.tries.spend(1);
    guesser.mayAt = this.clock.monotonic() + Math.min(LONGEST_WAIT, 500 * 2 ** guesser.failures++);
    // One after the other, for the memory's sake.
    const right = this.trying.then(() => this.isRight(given));
    // One that could not be tried, for want of memory, must not keep the others out.
    this.trying = right.catch(() => {});
    if (!(await right)) return refusal(401, 'This is not the password.');
    this.guessers.delete(address);
    const token = randomBytes(32).toString('base64url');
    this.keep(token);
    return { ...DONE, headers: { 'set-cookie': this.cookieText(token, LASTS / 1_000, asked) } };
  }

  private end(asked: AskedWithBody): Answer {
    const token = this.tokenOf(asked);
    if (token !== undefined) this.drop(nameOf(token));
    return { ...DONE, headers: { 'set-cookie': this.cookieText('', 0, asked) } };
  }

  private keep(token: string): void {
    const [oldest] = this.sessions.keys();
    if (oldest !== undefined && this.sessions.size >= MOST_SESSIONS) this.drop(oldest);
    this.sessions.set(nameOf(token), {
      endsAt: this.clock.monotonic() + LASTS,
      end: new AbortController(),
    });
  }

  private drop(name: string): void {
    this.sessions.get(name)?.end.abort();
    this.sessions.delete(name);
  }

  private sessionOf(asked: Asked): Session | undefined {
    const token = this.tokenOf(asked);
    if (token === undefined) return undefined;
    const name = nameOf(token);
    const session = this.sessions.get(name);
    if (session !== undefined && session.endsAt > this.clock.monotonic()) return session;
    this.drop(name);
    return undefined;
  }

  private tokenOf({ headers }: Pick<Asked, 'headers'>): string | undefined {
    const cookies = (headers.cookie ?? '').split(';').map((one) => one.trim());
    return cookies.find((one) => one.startsWith(`${this.cookie}=`))?.slice(this.cookie.length + 1);
  }

  private cookieText(value: string, seconds: number, { headers }: Pick<Asked, 'headers'>): string {
    const proto = [headers['x-forwarded-proto']].flat()[0]?.split(',')[0]?.trim();
    const secure = proto === 'https' ? '; Secure' : '';
    return `${this.cookie}=${value}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
  }

  private async isRight(given: string): Promise<boolean> {
    const derived = (text: string) => derive(text.normalize('NFKC'), this.salt, 32, COST);
    const [one, other] = [await derived(given), await derived(this.password)];
    return timingSafeEqual(one, other);
  }

  private guesserAt(address: string): Guesser {
    const guesser = this.guessers.get(address) ?? { failures: 0, mayAt: 0 };
    this.guessers.delete(address);
    this.guessers.set(address, guesser);
    const [oldest] = this.guessers.keys();
    if (oldest !== undefined && this.guessers.size > MOST_REMEMBERED) this.guessers.delete(oldest);
    return guesser;
  }
}

export const SESSION_PATH = '/api/v1/session';

const DONE: Answer = { status: 200, type: 'application/json; charset=utf-8', body: '{}' };

const derive = promisify<string, Buffer, number, typeof COST, Buffer>(scrypt);

/** Under which a session is kept: of what is in memory no cookie can be made. */
function nameOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

function tooMany(wait: number): Answer {
  const seconds = Math.ceil(wait / 1_000);
  const answer = refusal(429, `Too many tries: wait ${seconds} s.`);
  return { ...answer, headers: { 'retry-after': String(seconds) } };
}
