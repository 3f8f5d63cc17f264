import { connect, type Socket } from 'node:net';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import type { ByteChannel } from './channel.ts';

const CONNECT_TIMEOUT = 10_000;
/** A gateway that lost its power never says goodbye; the system asks for a sign of life after this silence. */
const KEEP_ALIVE = 60_000;

const ADVICE = 'Was the gateway restarted, or does another program use it, such as a second bridge?';

/** A serial port somewhere in the network that sends and takes bare bytes: ser2net, an ESP stream server, a network head. */
export class TcpChannel implements ByteChannel {
  readonly name: string;
  private readonly host: string;
  private readonly port: number;
  private socket: Socket | undefined;
  private dataListeners: Array<(chunk: Uint8Array) => void> = [];
  private closeListeners: Array<(error?: Error) => void> = [];

  constructor(host: string, port: number) {
    this.name = `tcp://${host}:${port}`;
    this.host = host.replace(/^\[|\]$/g, '');
    this.port = port;
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.host, port: this.port, noDelay: true });
      const refuse = (cause: Error): void => {
        socket.destroy();
        reject(this.openError(cause));
      };
      const timeout = setTimeout(() => refuse(new Error('no answer within 10 seconds')), CONNECT_TIMEOUT);
      socket.once('error', refuse);
      socket.once('close', () => {
        clearTimeout(timeout);
        // Without effect unless we were closed while the connection was still being made.
        reject(this.wentAway());
      });
      socket.once('connect', () => {
        clearTimeout(timeout);
        socket.off('error', refuse);
        this.use(socket);
        resolve();
      });
      this.socket = socket;
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.socket;
      if (socket?.writable !== true) return reject(this.wentAway());
      socket.write(bytes, (error) => (error ? reject(this.wentAway(error)) : resolve()));
    });
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.dataListeners.push(listener);
  }

  onClose(listener: (error?: Error) => void): void {
    this.closeListeners.push(listener);
  }

  close(): Promise<void> {
    const socket = this.socket;
    if (socket === undefined || socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  private use(socket: Socket): void {
    let failure: Error | undefined;
    socket.setKeepAlive(true, KEEP_ALIVE);
    socket.on('data', (chunk) => {
      for (const listener of this.dataListeners) listener(chunk);
    });
    socket.once('end', () => {
      failure ??= new Error('the other side closed the connection');
      socket.destroy();
    });
    socket.once('error', (error) => {
      failure = error;
    });
    socket.once('close', () => {
      const listeners = this.closeListeners;
      this.closeListeners = [];
      for (const listener of listeners) listener(failure && this.wentAway(failure));
    });
  }

  private openError(cause: Error): Multical2MqttError {
    const advice = 'Is the gateway on, are host and port right, and is no other program connected to it?';
    return new Multical2MqttError(
      'port-failed',
      `Cannot reach ${this.name}: ${messageOf(cause)}. ${advice}`,
      {
        cause,
      },
    );
  }

  private wentAway(cause?: Error): Multical2MqttError {
    const why = cause ? `: ${messageOf(cause)}` : '';
    return new Multical2MqttError(
      'channel-closed',
      `${this.name} went away${why}. ${ADVICE}`,
      cause ? { cause } : {},
    );
  }
}
