import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Answer, plain } from './answer.ts';

/** Bytes; nothing that is sent to us is longer. */
const LONGEST = 16 * 1024;

/** The bytes of a body that announces its length; undefined where there is none. An answer: it is not taken. */
export function bodyLength({ headers }: Pick<IncomingMessage, 'headers'>): number | undefined | Answer {
  if (headers['transfer-encoding'] !== undefined)
    return plain(411, 'Say how long it is (Content-Length), and send it whole.');
  // Node takes nothing but digits.
  const length = Number(headers['content-length'] ?? 0);
  if (length === 0) return undefined;
  if (length > LONGEST) return plain(413, `At most ${LONGEST} bytes are taken.`);
  if (!isJson(headers['content-type']))
    return plain(415, 'Only JSON is taken (Content-Type: application/json).');
  return length;
}

export function isJson(type: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(type ?? '');
}

export async function readJson(request: IncomingMessage): Promise<{ readonly parsed: unknown } | Answer> {
  try {
    return { parsed: JSON.parse(await text(request)) as unknown };
  } catch {
    return plain(400, 'This is no JSON.');
  }
}
