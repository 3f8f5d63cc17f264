import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { NO_USE } from '../meter/battery-account.ts';
import type { BatteryUse } from '../meter/publisher.ts';
import type { Deps } from '../shared/deps.ts';
import { messageOf } from '../shared/errors.ts';
import { Repeats } from '../shared/repeats.ts';
import { type Fields, fieldsOf, isInteger, jsonObject } from '../shared/stored.ts';
import { LONGEST_PATH } from './health-socket.ts';
import type { AskedMeter } from './meters.ts';

/** Milliseconds. The longest command, `align`, ends after ten minutes by itself. */
export const LONGEST_LOAN = 11 * 60_000;
/** Of anything that a command can spend in its longest time, with room: awake for all of its milliseconds. */
const MOST_SPENT = 10 * LONGEST_LOAN;
/** Bytes of one message; ours have some hundred. */
const LONGEST_MESSAGE = 10_000;

/** The bridge as who wants a port sees it. */
export interface PortLender {
  /** Frees the port until `back` is aborted. Undefined where no meter is read over it. */
  freePort(port: string, back: AbortSignal): Promise<void> | undefined;
  /** Books what the asking cost. */
  charge(asked: AskedMeter, use: BatteryUse): void;
}

interface PortDeskOptions extends Pick<Deps, 'clock' | 'logger'> {
  readonly dataDir: string;
  readonly lender: PortLender;
}

/**
 * Lends the bridge's ports to commands that talk to a meter, over a socket in its data folder: only for who may write
 * there. Each message is a JSON object in a line:
 *
 *     command                                                bridge
 *     {"port": "tcp://...", "address": 63}            ──▶
 *                                                     ◀──    {"lent": true}, or {"unknown": true}
 *     {"spent": {...}, "serialNumber": "..."}         ──▶    after each request: the sum so far
 *     closes the connection, or dies                         books the last sum, and reads on
 *                                                     ◀──    {"over": true} after the longest time
 */
export class PortDesk {
  private readonly options: PortDeskOptions;
  private readonly server: Server;
  /** Commands come by a crontab too. */
  private readonly repeats: Repeats;
  private readonly visits = new Map<Socket, Visit>();

  constructor(options: PortDeskOptions) {
    this.options = options;
    this.repeats = new Repeats(options);
    this.server = createServer((socket) => this.receive(socket));
  }

  /** Never fails. To be called by the one bridge of the folder: a socket that lies there is nobody's. */
  async start(): Promise<void> {
    const path = deskPath(this.options.dataDir);
    try {
      // The system would cut it, and the socket lie elsewhere.
      if (path.length > LONGEST_PATH) throw new Error('the path of dataDir is too long');
      await rm(path, { force: true });
      this.server.listen(path);
      await once(this.server, 'listening');
      this.server.on('error', () => {});
    } catch (error) {
      // No such sockets on Windows, for example. Commands find the port busy then, as they would without this.
      this.options.logger.debug(`Ports cannot be lent to commands: ${messageOf(error)}`);
    }
  }

  async stop(): Promise<void> {
    for (const [socket, visit] of this.visits) {
      visit.end();
      socket.destroy();
    }
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private receive(socket: Socket): void {
    const visit = new Visit(socket, this.options, this.repeats);
    this.visits.set(socket, visit);
    socket.on('error', () => {});
    socket.once('close', () => {
      this.visits.delete(socket);
      visit.end();
    });
    onMessages(socket, (message) => visit.said(message));
  }
}

/** One command, from its question until it goes away. */
class Visit {
  private readonly socket: Socket;
  private readonly options: PortDeskOptions;
  private readonly repeats: Repeats;
  private readonly back = new AbortController();
  private asked: { readonly port: string; readonly address: number } | undefined;
  private serialNumber: string | undefined;
  private spent = NO_USE;
  private callOff: () => void = () => {};

  constructor(socket: Socket, options: PortDeskOptions, repeats: Repeats) {
    this.socket = socket;
    this.options = options;
    this.repeats = repeats;
  }

  said(message: Fields): void {
    const { port, address, spent, serialNumber } = message;
    if (typeof serialNumber === 'string') this.serialNumber = serialNumber;
    if (spent !== undefined) this.spent = useOf(spent);
    if (typeof port === 'string' && isInteger(address) && this.asked === undefined)
      void this.lend(port, address);
  }

  /** What comes later is nothing. */
  end(): void {
    this.callOff();
    this.back.abort();
    if (this.asked === undefined || this.spent.transactions === 0) return;
    const asked = { ...this.asked, serialNumber: this.serialNumber };
    this.asked = undefined;
    this.options.lender.charge(asked, { ...this.spent, readings: 1 });
  }

  private async lend(port: string, address: number): Promise<void> {
    const { clock, lender } = this.options;
    const { signal } = this.back;
    this.asked = { port, address };
    const isFree = lender.freePort(port, signal);
    if (isFree === undefined) {
      this.socket.end(messageText({ unknown: true }));
      return;
    }
    await isFree;
    if (signal.aborted) return;
    this.repeats.say('info', `${port} is lent to a command, and read on when that has ended`, `lent ${port}`);
    this.callOff = clock.after(LONGEST_LOAN, () => this.takeBack(port));
    this.socket.write(messageText({ lent: true }));
  }

  private takeBack(port: string): void {
    this.repeats.say(
      'warn',
      `A command had ${port} for more than ${LONGEST_LOAN / 60_000} minutes: it is taken back`,
      `over ${port}`,
    );
    this.socket.end(messageText({ over: true }));
    this.back.abort();
  }
}

function useOf(message: unknown): BatteryUse {
  const found = fieldsOf(message);
  const amount = (name: keyof BatteryUse): number => {
    const value = found[name];
    return isInteger(value, 0, MOST_SPENT) ? value : 0;
  };
  return {
    readings: 0,
    transactions: amount('transactions'),
    wakeUps: amount('wakeUps'),
    bytes: amount('bytes'),
    awakeTime: amount('awakeTime'),
  };
}

export function deskPath(dataDir: string): string {
  return join(dataDir, 'ports.sock');
}

export function messageText(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

/** Calls for each message that comes; whoever sends what is none is not listened to any more. */
export function onMessages(socket: Socket, listener: (message: Fields) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_MESSAGE) socket.destroy();
    for (const line of lines) listener(jsonObject(line));
  });
}
