import type { Answer, Asked } from '../http/answer.ts';
import { isJson } from '../http/body.ts';
import { refusal } from './dispatcher.ts';

/**
 * Keeps out what a page of somebody else makes a browser send (cross-site request forgery). A form cannot send JSON, a
 * script of another site may not, and where a browser says whose page it is, that counts. `own`: further origins of ours.
 */
export function foreignRefusal(
  { method, headers }: Pick<Asked, 'method' | 'headers'>,
  own: readonly string[],
): Answer | undefined {
  if (method === 'GET') return undefined;
  if (!isJson(headers['content-type']))
    return refusal(415, 'What changes something is sent with Content-Type: application/json.');
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  // Browsers say the first only over HTTPS and to this machine itself.
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? undefined : FOREIGN;
  if (origin === undefined || own.includes(origin)) return undefined;
  const hosts = [headers.host, ...[headers['x-forwarded-host']].flat()];
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  return host !== undefined && hosts.includes(host) ? undefined : FOREIGN;
}

const FOREIGN = refusal(
  403,
  'This comes from the page of another site. Where it is your own reverse proxy: let it pass on Host, or set web.publicUrl.',
);
