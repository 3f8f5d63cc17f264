import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { type ErrorCode, Multical2MqttError, messageOf } from '../shared/errors.ts';
import { ITSELF, openerOf } from '../shared/holders.ts';
import type { ByteChannel } from './channel.ts';
import { endWithHangUp } from './hang-up.ts';

/** KMP's line: 8 data bits, no parity, 2 stop bits (5512-447 section 3.1). */
const LINE = { dataBits: 8, parity: 'none', stopBits: 2 } as const;

/** A serial port of this machine, by path (`/dev/serial/by-id/...`, `COM3`). */
export class SerialPortChannel implements ByteChannel {
  readonly name: string;
  private readonly port: SerialPort;
  private closeListeners: Array<(error?: Error) => void> = [];

  constructor(path: string, baudRate: number) {
    this.name = path;
    // A head that vanished leaves a dead object behind: whoever wants to go on makes a new channel.
    this.port = new SerialPort({ path, baudRate, ...LINE, lock: true, autoOpen: false });
    // Before serialport reads for the first time, which it does when it has called this.
    this.port.once('open', () => endWithHangUp(this.port.port));
    this.port.once('close', (error: Error | null) => this.closed(error ?? undefined));
    // Errors of a port in use are followed by `close`, except where closing itself fails.
    this.port.on('error', (error: Error) => {
      if (!this.port.isOpen) this.closed(error);
    });
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.port.open((error) => (error ? reject(openError(this.name, error)) : resolve()));
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      // The port would keep the bytes for an opening that never comes.
      if (!this.port.isOpen) return reject(lineWentAway(this.name));
      this.port.write(Buffer.from(bytes), (error) =>
        error ? reject(lineWentAway(this.name, error)) : resolve(),
      );
    });
  }

  /** Drains first, so that earlier bytes leave with the old speed. */
  setBaudRate(baudRate: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.port.isOpen) return reject(lineWentAway(this.name));
      this.port.drain((unsent) => {
        if (unsent) return reject(lineWentAway(this.name, unsent));
        this.port.update({ baudRate }, (error) =>
          error ? reject(lineWentAway(this.name, error)) : resolve(),
        );
      });
    });
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.port.on('data', listener);
  }

  onClose(listener: (error?: Error) => void): void {
    this.closeListeners.push(listener);
  }

  close(): Promise<void> {
    if (!this.port.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      this.port.close(() => {
        this.closed(undefined);
        resolve();
      });
    });
  }

  private closed(error: Error | undefined): void {
    const listeners = this.closeListeners;
    this.closeListeners = [];
    for (const listener of listeners) listener(error && lineWentAway(this.name, error));
  }
}

/** Rejects where `udevadm` is missing. */
export function enumerateSerialPorts(): ReturnType<typeof SerialPort.list> {
  return SerialPort.list();
}

function lineWentAway(path: string, cause?: Error): Multical2MqttError {
  return new Multical2MqttError(
    'channel-closed',
    `${path} went away: is the optical head still plugged in?`,
    cause ? { cause } : {},
  );
}

function openError(path: string, cause: Error): Multical2MqttError {
  const [code, advice] = explain(messageOf(cause), path);
  return new Multical2MqttError(code, `Cannot open ${path}: ${advice}`, { cause });
}

function explain(text: string, path: string): [ErrorCode, string] {
  if (/no such file|file not found/i.test(text)) {
    return [
      'port-missing',
      'there is no such port. Plug in the optical head; `multical2mqtt ports` lists what is there.',
    ];
  }
  if (/temporarily unavailable|cannot lock|access denied|busy/i.test(text)) {
    const who = openerOf(path);
    return [
      'port-busy',
      who === undefined
        ? 'another program has it. Stop that program (another bridge, a terminal, ModemManager).'
        : `${who} has it. ${who === ITSELF ? 'Read over it once only.' : 'Stop that program.'}`,
    ];
  }
  if (/permission denied/i.test(text)) {
    return [
      'port-denied',
      'this user may not. Add it to the group that owns the port (mostly `dialout`) and log in again.',
    ];
  }
  return ['port-failed', `${text}. Is it a serial port? \`multical2mqtt ports\` lists what is there.`];
}

export interface PortInfo {
  /** The system's name of today (`/dev/ttyUSB0`); may change with the next plug. */
  readonly path: string;
  /** The name that stays the same (`/dev/serial/by-id/...`), where there is one. */
  readonly stablePath: string | null;
  readonly maker: string | null;
  readonly serialNumber: string | null;
}

const BY_ID = '/dev/serial/by-id';

/** Serial ports of this machine, those with a stable name first. */
export async function listPorts(byIdFolder = BY_ID): Promise<PortInfo[]> {
  const stable = await stablePaths(byIdFolder);
  const known = await enumerateSerialPorts().catch(() => []);
  const ports = new Map<string, PortInfo>();
  for (const { path, manufacturer, serialNumber } of known) {
    ports.set(path, {
      path,
      stablePath: stable.get(path) ?? null,
      maker: manufacturer ?? null,
      serialNumber: serialNumber ?? null,
    });
  }
  for (const [path, stablePath] of stable) {
    if (!ports.has(path)) ports.set(path, { path, stablePath, maker: null, serialNumber: null });
  }
  return Array.from(ports.values()).sort(
    (a, b) => Number(a.stablePath === null) - Number(b.stablePath === null) || a.path.localeCompare(b.path),
  );
}

async function stablePaths(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const pairs = await Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const link = join(folder, name);
      return [await realpath(link).catch(() => link), link];
    }),
  );
  return new Map(pairs);
}
