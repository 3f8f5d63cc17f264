/** What a port, a server or a channel needs of a simulated line: bytes both ways, and whether it is plugged in. */
export interface SimulatedLine {
  /** For people. */
  readonly name: string;
  readonly plugged: boolean;
  /** Bytes to the meter; they arrive there one after the other at line speed. */
  write(bytes: Uint8Array): void;
  /** The reader's speed from now on; bytes at another speed than the meter's are noise to it, but for the old call. */
  setBaudRate(baudRate: number): void;
  /** Bytes from the meter, as they arrive. The returned function ends it. */
  onData(listener: (bytes: Uint8Array) => void): () => void;
  /** Called with false when the line is unplugged and with true when it is back. The returned function ends it. */
  onPlug(listener: (plugged: boolean) => void): () => void;
}
