import type { WebConfig } from './config.ts';

/** Who may see the page, and do what is done there. */
export type Door =
  /** Everybody who reaches it. */
  | 'open'
  /** Who knows the password. */
  | 'locked'
  /** Nobody: others in the network could reach it, and nobody said whether they may. */
  | 'shut';

export function doorOf({ host, password, auth }: Pick<WebConfig, 'host' | 'password' | 'auth'>): Door {
  if (auth === 'none') return 'open';
  if (password !== '') return 'locked';
  return isOnlyHere(host) ? 'open' : 'shut';
}

/** Undefined where there is nothing to say. */
export function doorAdvice(web: WebConfig): string | undefined {
  if (!web.enabled || doorOf(web) !== 'shut') return undefined;
  return `The page is not shown: at web.host ${web.host} others in the network reach it, and it can do things now, such as waking the meter. Set web.password; or web.auth to "none", where everybody who reaches it may use it; or web.host to 127.0.0.1`;
}

export function isOnlyHere(host: string): boolean {
  return /^(127(\.\d+){3}|::1|localhost)$/i.test(host);
}
