import { encodeFrame, START_TO_METER } from '../../src/kmp/frame.ts';
import { decodeMessage, encodeGetRegisterReply } from '../../src/kmp/messages.ts';
import type { RegisterRecord } from '../../src/kmp/register.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { SimulatedLine } from '../../src/simulator/options.ts';
import { type PacedByte, PacedLine } from '../../src/simulator/paced-line.ts';
import type { MeterReply, VirtualMeter } from '../../src/simulator/virtual-meter.ts';
import { Chance } from '../chance.ts';
import type { FaultyLine, LineFault } from './fault.ts';

const BAUD_RATE = 1200;
const SHARE = 0.6;
/** A request and the time that a meter thinks. */
const ASKED_FOR = 400;

interface HostileLineOptions {
  readonly name: string;
  readonly own: VirtualMeter;
  readonly neighbour: VirtualMeter;
  readonly stranger: VirtualMeter;
  /** What a meter held at a moment, in milliseconds since 1970. */
  readonly held: (meter: VirtualMeter, records: readonly RegisterRecord[], from: number, to: number) => void;
}

/** A moment of a reading, for whoever wants to do something just then. */
export type LineEvent = 'request' | 'reply-begins' | 'reply-ends';

/**
 * A meter behind a line that does what lines do. Bytes go at line speed, whatever they are.
 *
 *   write() ─▶ paced line ─▶ meter ─▶ what it held is noted ─▶ fault ─▶ paced line ─▶ onData
 */
export class HostileLine implements SimulatedLine, FaultyLine {
  readonly name: string;
  readonly own: VirtualMeter;
  readonly neighbour: VirtualMeter;
  readonly stranger: VirtualMeter;
  meter: VirtualMeter;
  mute = false;
  /** Ends the bridge's connections. Set by what serves the line. */
  onHangUp: () => void = () => {};
  private readonly held: HostileLineOptions['held'];
  private readonly line: PacedLine;
  private readonly dataListeners = new Set<(bytes: Uint8Array) => void>();
  private readonly plugListeners = new Set<(plugged: boolean) => void>();
  private readonly eventListeners = new Set<(event: LineEvent) => void>();
  private pluggedIn = true;
  private replug: NodeJS.Timeout | undefined;
  private fault: LineFault | undefined;
  private chance = new Chance('none');
  private strikes = 0;

  constructor({ name, own, neighbour, stranger, held }: HostileLineOptions) {
    this.name = name;
    this.own = own;
    this.neighbour = neighbour;
    this.stranger = stranger;
    this.meter = own;
    this.held = held;
    this.line = new PacedLine({
      clock: systemClock,
      baudRate: BAUD_RATE,
      onByteToMeter: (byte) => this.byteArrived(byte),
      onBytesFromMeter: (bytes) => {
        for (const listener of [...this.dataListeners]) listener(bytes);
      },
    });
  }

  /** Puts a fault on the line until the returned function is called, which says how often it struck. */
  suffer(fault: LineFault, chance: Chance): () => number {
    this.fault = fault;
    this.chance = chance;
    this.strikes = 0;
    const end = fault.begin?.(this, chance.fork('begin'));
    return () => {
      end?.();
      this.fault = undefined;
      return this.strikes;
    };
  }

  onEvent(listener: (event: LineEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  get byteTime(): number {
    return this.line.byteTime;
  }

  get plugged(): boolean {
    return this.pluggedIn;
  }

  now(): number {
    return systemClock.monotonic();
  }

  write(bytes: Uint8Array): void {
    if (this.pluggedIn) this.line.write(bytes);
  }

  setBaudRate(): void {}

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.dataListeners.add(listener);
    return () => this.dataListeners.delete(listener);
  }

  onPlug(listener: (plugged: boolean) => void): () => void {
    this.plugListeners.add(listener);
    return () => this.plugListeners.delete(listener);
  }

  send(bytes: Uint8Array, from: number): void {
    if (this.pluggedIn && bytes.length > 0) this.line.send(bytes, from);
  }

  ask(bytes: Uint8Array): void {
    this.write(bytes);
  }

  tell(meter: VirtualMeter, ids: readonly number[], from: number): Uint8Array {
    const records = meter.read(ids);
    const application = encodeGetRegisterReply(records);
    const wire = encodeFrame({ direction: 'from-meter', destination: meter.address, application });
    this.note(meter, records, from, wire.length);
    return wire;
  }

  unplug(duration: number): void {
    clearTimeout(this.replug);
    this.line.clear();
    this.setPlugged(false);
    this.replug = setTimeout(() => this.setPlugged(true), duration);
  }

  hangUp(): void {
    this.onHangUp();
  }

  struck(): void {
    this.strikes++;
  }

  stop(): void {
    clearTimeout(this.replug);
    this.line.clear();
  }

  private setPlugged(plugged: boolean): void {
    if (plugged === this.pluggedIn) return;
    this.pluggedIn = plugged;
    for (const listener of [...this.plugListeners]) listener(plugged);
  }

  private byteArrived(paced: PacedByte): void {
    if (paced.byte === START_TO_METER) {
      this.tellEvent('request');
      if (this.fault?.onByte !== undefined) this.strikes++;
    }
    if (this.fault?.onByte?.(this, paced.byte, paced.at, this.chance) === false) return;
    const { meter } = this;
    const reply = meter.receive(paced);
    if (reply !== undefined && !this.mute) this.answer(meter, reply);
  }

  private answer(meter: VirtualMeter, { request, reply, from }: MeterReply): void {
    const wire = encodeFrame(reply);
    const content = decodeMessage(reply);
    const records = content.kind === 'registers' ? content.records : [];
    this.note(meter, records, from, wire.length);
    this.tellEvent('reply-begins', from);
    this.tellEvent('reply-ends', from + wire.length * this.byteTime);
    const { fault, chance } = this;
    if (fault?.onReply === undefined || !chance.happens(fault.share ?? SHARE)) {
      this.send(wire, from);
      return;
    }
    this.strikes++;
    fault.onReply({ line: this, request, reply, records, wire, from, chance });
  }

  private note(meter: VirtualMeter, records: readonly RegisterRecord[], from: number, length: number): void {
    const begins = Date.now() + (from - this.now());
    this.held(meter, records, begins - ASKED_FOR, begins + length * this.byteTime);
  }

  /** `at`: on the monotonic clock; now, if left out. */
  private tellEvent(event: LineEvent, at?: number): void {
    if (this.eventListeners.size === 0) return;
    const tell = (): void => {
      for (const listener of [...this.eventListeners]) listener(event);
    };
    if (at === undefined) tell();
    else setTimeout(tell, Math.max(0, at - this.now()));
  }
}
