import type { Clock, Random } from '../shared/clock.ts';
import { type Door, type FirstAnswer, firstAnswer } from './first-answer.ts';
import { connectionProblem, isCut } from './report.ts';

/** Milliseconds that each of at most two questions may take. */
const WITHIN = 3_000;
const USUAL = 'a broker usually has port 1883, with TLS 8883';

/** Whether the error may come from talking to something else than a broker, or with TLS where there is none. */
export function mayBeWrongDoor(error: unknown): boolean {
  if (error === undefined || isCut(error)) return true;
  const { code, message } = error as { code?: unknown; message?: unknown };
  // What mqtt.js says of bytes that are none of MQTT.
  const isGibberish =
    typeof code === 'undefined' && /header|packet|malformed|protocol|length/i.test(String(message));
  return isGibberish || (typeof code === 'string' && /^(EPROTO|ERR_SSL)/.test(code));
}

/**
 * Why nobody is let in at this address, by what it says with and without TLS: as the end of a sentence that begins with
 * the address. Undefined where it answers as the address says.
 */
export async function doorProblem(
  url: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<string | undefined> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'mqtt:' && protocol !== 'mqtts:') return undefined;
  const tls = protocol === 'mqtts:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const door = { host, port: Number(port) || (tls ? 8883 : 1883) };
  const mark = Array.from({ length: 8 }, () => Math.floor(random() * 16).toString(16)).join('');
  const asking = { clock, mark, within: WITHIN };
  const first = await firstAnswer({ ...door, tls }, asking);
  if (first.is === 'mqtt') return undefined;
  if (first.is === 'http') return WEB;
  if (first.is === 'unreached') return connectionProblem(first.error);
  return otherProblem(first, await firstAnswer({ ...door, tls: !tls }, asking), door, !tls);
}

const WEB = `answers like a web server, not like an MQTT broker: is the port right? (${USUAL}; MQTT over WebSockets begins with ws:// or wss://)`;

/** `other`: what it says to the other way of speaking. */
function otherProblem(
  first: FirstAnswer,
  other: FirstAnswer,
  { host, port }: Pick<Door, 'host' | 'port'>,
  isTls: boolean,
): string | undefined {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (other.is === 'http') return WEB;
  if (other.is === 'mqtt') {
    return isTls
      ? `speaks TLS on this port: write mqtts://${place}`
      : `speaks MQTT without TLS on this port: write mqtt://${place}, or the port that it has for TLS (usually 8883)`;
  }
  if (isTls && isSecure(other))
    return `speaks TLS on this port: write mqtts://${place} if it is a broker, with mqtt.cert and mqtt.key if it wants a certificate of ours (${USUAL})`;
  if (first.is === 'silent') return connectionProblem(new Error('connack timeout'));
  return isSecure(first) ? undefined : `does not answer like an MQTT broker: is the port right? (${USUAL})`;
}

function isSecure(answer: FirstAnswer): boolean {
  return (answer.is === 'silent' || answer.is === 'closed') && answer.isSecure;
}
