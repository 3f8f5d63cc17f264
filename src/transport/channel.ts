/**
 * A line to a meter that carries bytes both ways. Used once: open it, use it, and when it has closed make a new one.
 * Errors are Multical2MqttError with the codes port-missing, port-busy, port-denied, port-failed or channel-closed.
 */
export interface ByteChannel {
  /** The port's path or address, for people. */
  readonly name: string;
  open(): Promise<void>;
  /** All of `bytes` in one call to the system, because gaps of 27 ms end a request (5512-447 section 2.1). */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when the port has the new speed (bits a second). Absent where it cannot be changed: in a network. */
  setBaudRate?(baudRate: number): Promise<void>;
  onData(listener: (chunk: Uint8Array) => void): void;
  /** Calls once: without an error when we closed it, with one when it went away. */
  onClose(listener: (error?: Error) => void): void;
  close(): Promise<void>;
}

/** The channel is not open yet. */
export type ByteChannelFactory = () => ByteChannel;
