import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../shared/clock.ts';

/** Where something may listen. */
export interface Door {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** What the certificate is to be for, where `host` is a number that somebody else has looked up. */
  readonly name?: string;
}

/** What stands behind a door, by the first thing that it says to a client of MQTT. */
export type FirstAnswer =
  /** CONNACK with this code; 0 lets in whoever has no name. `distrust`: what is wrong with its certificate. */
  | { readonly is: 'mqtt'; readonly code: number; readonly distrust?: Error }
  /** What is none of the others. */
  | { readonly is: 'http' | 'tls' | 'other' }
  /** It says nothing, or hangs up without a word. `isSecure`: we have agreed on TLS before. */
  | { readonly is: 'silent' | 'closed'; readonly isSecure: boolean }
  | { readonly is: 'unreached'; readonly error: Error };

interface Asking {
  readonly clock: Clock;
  /** Eight signs that make the client id one of its own: a broker throws out a client whose id comes again. */
  readonly mark: string;
  /** Milliseconds, for all of it. */
  readonly within: number;
}

const CONNACK = 0x20;
const DISCONNECT = Uint8Array.from([0xe0, 0]);
/** Bytes of a CONNACK up to its code. */
const ENOUGH = 4;

/** Says CONNECT of MQTT 3.1.1 without a name, and listens. Of a broker, whatever it answers, nothing is changed by that. */
export function firstAnswer({ host, port, tls, name = host }: Door, asking: Asking): Promise<FirstAnswer> {
  return new Promise((resolve) => {
    let isReached = false;
    let isSecure = false;
    let heard: Buffer = Buffer.alloc(0);
    const socket: Socket | TLSSocket = tls
      ? connectTls({ host, port, servername: isNumber(name) ? '' : name, rejectUnauthorized: false })
      : connectTcp({ host, port });
    const end = (answer: FirstAnswer): void => {
      cancel();
      socket.destroy();
      resolve(answer);
    };
    const late = Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
    const cancel = asking.clock.after(asking.within, () =>
      end(isReached ? { is: 'silent', isSecure } : { is: 'unreached', error: late }),
    );
    socket.once('connect', () => {
      isReached = true;
    });
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      isSecure = tls;
      socket.write(connectPacket(asking.mark));
    });
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length < ENOUGH) return;
      const answer = answerIn(heard);
      if (answer.is === 'mqtt' && answer.code === 0) socket.write(DISCONNECT);
      end(answer.is === 'mqtt' && tls ? { ...answer, ...distrustOf(socket as TLSSocket) } : answer);
    });
    socket.on('error', (error) => end(isReached ? { is: 'closed', isSecure } : { is: 'unreached', error }));
    socket.on('close', () => end({ is: 'closed', isSecure }));
  });
}

/** A name of a certificate may not be a number (RFC 6066). */
function isNumber(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(':');
}

function connectPacket(mark: string): Uint8Array {
  const id = Buffer.from(`m2m-search-${mark}`);
  const head = [0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 10];
  return Uint8Array.from([0x10, head.length + 2 + id.length, ...head, 0, id.length, ...id]);
}

function answerIn(heard: Buffer): FirstAnswer {
  if (heard[0] === CONNACK) return { is: 'mqtt', code: heard[3] ?? 0 };
  if (heard.toString('latin1', 0, ENOUGH) === 'HTTP') return { is: 'http' };
  // An alert, or the beginning of a handshake, of TLS 1.x.
  if ((heard[0] === 0x15 || heard[0] === 0x16) && heard[1] === 3) return { is: 'tls' };
  return { is: 'other' };
}

function distrustOf(socket: TLSSocket): { distrust?: Error } {
  // Typed as an error, and a code in older versions of Node.
  const error: unknown = socket.authorizationError;
  if (socket.authorized || error === undefined || error === null) return {};
  return {
    distrust:
      error instanceof Error ? error : Object.assign(new Error(String(error)), { code: String(error) }),
  };
}
