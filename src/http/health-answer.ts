import type { Answer } from './local-server.ts';

/** For programs that only look at the status; the reasons are for people, one a line. */
export function healthAnswer(reasons: readonly string[]): Answer {
  const status = reasons.length === 0 ? 200 : 503;
  const text = reasons.length === 0 ? 'ok' : reasons.join('\n');
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}
