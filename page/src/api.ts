import type { Refusal } from '../../src/web/api.ts';
import { language, say } from './say.ts';

/** An answer that is no success; its text is for a person. */
export class ApiError extends Error {
  /** 0: nothing came back. */
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** What the bridge's clock is ahead of this one by; little differences are those of the answer's way. */
let ahead = 0;
const NO_DIFFERENCE = 3_000;
let onLocked: () => void = () => undefined;

/** The bridge's time: ages are right on a phone whose clock is not. */
export function bridgeNow(): number {
  return Date.now() + ahead;
}

/** Called when the bridge asks who it is. */
export function whenLocked(called: () => void): void {
  onLocked = called;
}

/** Relative to the document, so that the page works below any prefix. */
export function apiPath(path: string, query: Readonly<Record<string, string>> = {}): string {
  return `api/v1/${path}?${new URLSearchParams({ ...query, language: language() })}`;
}

export function meterPath(name: string, rest: string): string {
  return `meters/${encodeURIComponent(name)}/${rest}`;
}

export async function get<T>(
  path: string,
  query?: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<T> {
  const answer = await asked(apiPath(path, query), {
    headers: { accept: 'application/json' },
    ...only(signal),
  });
  return (await answer.json()) as T;
}

export async function post<T>(path: string, body: object = {}, signal?: AbortSignal): Promise<T> {
  const answer = await sent('POST', path, body, signal);
  const text = await answer.text();
  return (text === '' ? {} : JSON.parse(text)) as T;
}

/** Ends the session that a password began. */
export async function logOut(): Promise<void> {
  await sent('DELETE', 'session', {});
}

/** Each line of an answer that goes on, as it comes. */
export async function* lines<T>(path: string, body: object, signal: AbortSignal): AsyncGenerator<T> {
  const answer = await sent('POST', path, body, signal);
  if (answer.body === null) return;
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) if (line.trim() !== '') yield JSON.parse(line) as T;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function sent(
  method: 'POST' | 'DELETE',
  path: string,
  body: object,
  signal?: AbortSignal,
): Promise<Response> {
  return asked(apiPath(path), {
    method,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    ...only(signal),
  });
}

function only(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

async function asked(path: string, options: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { cache: 'no-store', credentials: 'same-origin', ...options });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new ApiError(0, say('bridgeAway'));
  }
  const sent = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isFinite(sent)) {
    const off = sent + 500 - Date.now();
    ahead = Math.abs(off) > NO_DIFFERENCE ? off : 0;
  }
  if (answer.ok) return answer;
  const refusal = (await answer.json().catch(() => null)) as Refusal | null;
  // Where the password itself is wrong, the form tells.
  if (answer.status === 401 && !path.startsWith('api/v1/session')) onLocked();
  throw new ApiError(answer.status, refusal?.error ?? say('refused', { status: String(answer.status) }));
}
