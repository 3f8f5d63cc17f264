import { Multical2MqttError } from '../shared/errors.ts';
import type { ByteChannel } from '../transport/channel.ts';
import type { SimulatedLine } from './options.ts';

/** A line to a simulated meter within this process. */
export class SimulatedChannel implements ByteChannel {
  readonly name: string;
  private readonly line: SimulatedLine;
  private readonly dataListeners: ((chunk: Uint8Array) => void)[] = [];
  private readonly closeListeners: ((error?: Error) => void)[] = [];
  private release: (() => void) | undefined;

  constructor(line: SimulatedLine) {
    this.name = line.name;
    this.line = line;
  }

  async open(): Promise<void> {
    const { line } = this;
    if (!line.plugged) {
      throw new Multical2MqttError('port-missing', `${line.name} is unplugged. Plug it in again.`);
    }
    const endData = line.onData((chunk) => {
      for (const listener of this.dataListeners) listener(chunk);
    });
    const endPlug = line.onPlug(() => this.end(this.wentAway()));
    this.release = () => {
      endData();
      endPlug();
    };
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.release === undefined) throw this.wentAway();
    this.line.write(bytes);
  }

  async setBaudRate(baudRate: number): Promise<void> {
    if (this.release === undefined) throw this.wentAway();
    this.line.setBaudRate(baudRate);
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.dataListeners.push(listener);
  }

  onClose(listener: (error?: Error) => void): void {
    this.closeListeners.push(listener);
  }

  async close(): Promise<void> {
    this.end();
  }

  /** Ends this channel alone; the line stays for the next one. */
  unplug(): void {
    this.end(this.wentAway());
  }

  private end(error?: Error): void {
    if (this.release === undefined) return;
    this.release();
    this.release = undefined;
    for (const listener of this.closeListeners) listener(error);
  }

  private wentAway(): Multical2MqttError {
    return new Multical2MqttError('channel-closed', `${this.name} went away`);
  }
}
