import { connect, type Socket } from 'node:net';
import type { BatteryUse } from '../meter/publisher.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { deskPath, LONGEST_LOAN, messageText, onMessages } from './port-desk.ts';

/** Milliseconds. A reading of everything, of a meter that answers badly, may take longer. */
const PATIENCE = 60_000;

interface Wanted {
  /** As the bridge's configuration has it. */
  readonly port: string;
  readonly address: number;
}

/** A port that a running bridge has lent, until `giveBack` or the end of this process. */
export class BorrowedPort {
  private readonly socket: Socket;
  private readonly wanted: Wanted;
  private readonly over = new AbortController();
  private isOverTime = false;
  private isGivenBack = false;

  private constructor(socket: Socket, wanted: Wanted) {
    this.socket = socket;
    this.wanted = wanted;
  }

  /**
   * Asks the bridge that uses this data folder. Undefined where none does, where it cannot be asked (another user's,
   * Windows), or where it does not read over this port, and when `signal` is aborted. Error `port-busy` where it does not come
   * to an end of its reading.
   */
  static ask(
    dataDir: string,
    wanted: Wanted,
    {
      patience = PATIENCE,
      signal,
    }: { readonly patience?: number; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<BorrowedPort | undefined> {
    return new Promise((resolve, reject) => {
      const socket = connect(deskPath(dataDir));
      const giveUp = (): void => void socket.destroy();
      signal?.addEventListener('abort', giveUp, { once: true });
      const borrowed = new BorrowedPort(socket, wanted);
      socket.setTimeout(patience, () => {
        socket.destroy();
        reject(stillReading(wanted.port));
      });
      socket.on('error', () => {});
      socket.once('close', () => {
        resolve(undefined);
        // The next bridge knows nothing of the loan and may talk over this port at any moment; nor would anybody book what we spend.
        if (!borrowed.isGivenBack) borrowed.over.abort();
      });
      onMessages(socket, ({ lent, over }) => {
        if (over === true) {
          borrowed.isOverTime = true;
          borrowed.over.abort();
        }
        if (lent !== true) return;
        signal?.removeEventListener('abort', giveUp);
        socket.setTimeout(0);
        resolve(borrowed);
      });
      socket.write(messageText(wanted));
    });
  }

  /** Aborted when the bridge takes the port back, or ends. */
  get takenBack(): AbortSignal {
    return this.over.signal;
  }

  /** Undefined unless the port was taken back. */
  get problem(): Multical2MqttError | undefined {
    if (!this.takenBack.aborted) return undefined;
    const { port } = this.wanted;
    const why = this.isOverTime
      ? `The bridge reads on over ${port}: it lends a port for ${LONGEST_LOAN / 60_000} minutes at most.`
      : `The bridge that lent ${port} has ended, or was restarted and needs the port itself.`;
    return new Multical2MqttError('failed', `${why} Begin again to go on.`);
  }

  /** Says what has been spent in all, so that it is booked whatever becomes of us. */
  spent(spent: Omit<BatteryUse, 'readings'>, serialNumber: string | undefined): void {
    if (this.socket.writable) this.socket.write(messageText({ spent, serialNumber }));
  }

  /** To be called when the port is closed. */
  giveBack(): Promise<void> {
    return new Promise((resolve) => {
      this.isGivenBack = true;
      if (this.socket.closed) return resolve();
      this.socket.once('close', () => resolve());
      this.socket.end();
    });
  }
}

function stillReading(port: string): Multical2MqttError {
  return new Multical2MqttError(
    'port-busy',
    `The bridge is reading over ${port} and has not come to an end within a minute. Try again in a while, or stop the bridge.`,
  );
}
