import { createServer, type Server, type Socket } from 'node:net';

export const NOT_AUTHORIZED = 135;
/** Types of packets, in the upper half of their first byte. */
const [CONNECT, PUBLISH, SUBSCRIBE] = [1, 3, 8];
/** With a receive maximum of one. */
const CONNACK = [0x20, 6, 0, 0, 3, 0x21, 0, 1];

/** Speaks as much MQTT 5 as short packets need, takes one message at a time, and answers it when a test says so. */
export class SlowBroker {
  readonly topics: string[] = [];
  readonly payloads: string[] = [];
  readonly unanswered: number[] = [];
  private readonly server: Server;
  private socket: Socket | undefined;

  constructor() {
    this.server = createServer((socket) => {
      this.socket = socket;
      socket.on('error', () => {});
      let bytes = Buffer.alloc(0);
      socket.on('data', (more) => {
        bytes = Buffer.concat([bytes, more]);
        // All that we say is shorter than 128 bytes, so that one byte has the length.
        for (let end = endOf(bytes); bytes.length >= end; end = endOf(bytes)) {
          this.received((bytes[0] ?? 0) >> 4, bytes.subarray(2, end));
          bytes = bytes.subarray(end);
        }
      });
    });
  }

  get url(): string {
    const address = this.server.address();
    return `mqtt://localhost:${address !== null && typeof address === 'object' ? address.port : 0}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.socket?.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** The oldest. */
  answer(reasonCode: number): void {
    const id = this.unanswered.shift();
    if (id !== undefined) this.say(0x40, 3, id >> 8, id & 0xff, reasonCode);
  }

  private received(type: number, content: Buffer): void {
    if (type === CONNECT) this.say(...CONNACK);
    if (type === SUBSCRIBE) this.say(0x90, 4, content[0] ?? 0, content[1] ?? 0, 0, 1);
    if (type !== PUBLISH) return;
    const end = 2 + content.readUInt16BE(0);
    this.topics.push(content.toString('utf8', 2, end));
    this.unanswered.push(content.readUInt16BE(end));
    const properties = content[end + 2] ?? 0;
    this.payloads.push(content.toString('utf8', end + 3 + properties));
  }

  private say(...bytes: readonly number[]): void {
    this.socket?.write(Uint8Array.from(bytes));
  }
}

function endOf(bytes: Buffer): number {
  return bytes.length < 2 ? Number.POSITIVE_INFINITY : 2 + (bytes[1] ?? 0);
}
