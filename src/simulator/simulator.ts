import { toHex } from '../kmp/bytes.ts';
import { encodeFrame, type Frame, START_TO_METER } from '../kmp/frame.ts';
import {
  encodeGetRegisterReply,
  encodeGetSerialNoReply,
  type Message,
  MOST_REGISTERS,
} from '../kmp/messages.ts';
import type { Random } from '../shared/clock.ts';
import { FaultInjector, firstHalf, type LineFault, noise, withWrongChecksum } from './faults.ts';
import { MODELS } from './models/models.ts';
import {
  newStatistics,
  type SimulatedLine,
  type SimulatedMeterOptions,
  type SimulatorOptions,
  type SimulatorStatistics,
} from './options.ts';
import { type PacedByte, PacedLine } from './paced-line.ts';
import { type MeterReply, VirtualMeter } from './virtual-meter.ts';

const BAUD_RATE = 1200;
const TURNAROUND = 20;
const LATE_BY = 2200;
const UNPLUGGED_FOR = 5000;

/**
 * One line with one or several virtual meters, at line speed and with faults on request.
 *
 *   write() ─▶ paced line ─▶ every meter ─▶ reply ─▶ faults ─▶ paced line ─▶ onData
 *
 * Needs no start; `stop()` leaves no timer. Ports and servers for it: SimulatedChannel, serveTcp, servePty.
 */
export class Simulator implements SimulatedLine {
  readonly name: string;
  readonly statistics: Readonly<SimulatorStatistics>;
  private readonly options: SimulatorOptions;
  private readonly turnaround: number;
  private readonly counted = newStatistics();
  private readonly line: PacedLine;
  private readonly dataListeners = new Set<(bytes: Uint8Array) => void>();
  private readonly plugListeners = new Set<(plugged: boolean) => void>();
  private onTheLine: readonly VirtualMeter[] = [];
  private faults: FaultInjector;
  private echoing = false;
  /** Undefined while it equals the meters' own. */
  private readerBaudRate: number | undefined;
  private pluggedIn = true;
  private cancelReplug: (() => void) | undefined;

  constructor(options: SimulatorOptions) {
    this.options = options;
    this.statistics = this.counted;
    this.turnaround = options.turnaround ?? TURNAROUND;
    this.faults = new FaultInjector(options.faults ?? [], options.random);
    this.line = new PacedLine({
      clock: options.clock,
      baudRate: options.baudRate ?? BAUD_RATE,
      onByteToMeter: (byte) => this.byteArrived(byte),
      onBytesFromMeter: (bytes) => this.bytesLeft(bytes),
    });
    for (const meter of options.meters) this.addMeter(meter);
    this.name = `simulated ${this.onTheLine.map(({ model }) => model.name).join(', ')}`;
  }

  get meters(): readonly VirtualMeter[] {
    return this.onTheLine;
  }

  /** Among meters with the same address, the first one answers. */
  addMeter({ model, ...rest }: SimulatedMeterOptions): VirtualMeter {
    const { clock, random } = this.options;
    const { turnaround, counted: statistics } = this;
    const meter = new VirtualMeter({ model: MODELS[model], ...rest, turnaround, clock, random, statistics });
    this.onTheLine = [...this.onTheLine, meter];
    return meter;
  }

  removeMeter(meter: VirtualMeter): void {
    this.onTheLine = this.onTheLine.filter((each) => each !== meter);
  }

  /** Replaces the faults so far. */
  setFaults(faults: readonly LineFault[]): void {
    this.faults = new FaultInjector(faults, this.options.random);
  }

  resetStatistics(): void {
    Object.assign(this.counted, newStatistics());
  }

  write(bytes: Uint8Array): void {
    if (!this.pluggedIn) return;
    const baudRate = this.readerBaudRate;
    if (baudRate === undefined) this.line.write(bytes);
    else for (const meter of this.onTheLine) meter.receiveAt(baudRate, bytes);
  }

  setBaudRate(baudRate: number): void {
    this.readerBaudRate = baudRate === (this.options.baudRate ?? BAUD_RATE) ? undefined : baudRate;
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.dataListeners.add(listener);
    return () => this.dataListeners.delete(listener);
  }

  get plugged(): boolean {
    return this.pluggedIn;
  }

  onPlug(listener: (plugged: boolean) => void): () => void {
    this.plugListeners.add(listener);
    return () => this.plugListeners.delete(listener);
  }

  /** Drops the line with all bytes on it, for `duration` milliseconds or until `replug()` is called. */
  unplug(duration?: number): void {
    this.cancelReplug?.();
    this.cancelReplug = undefined;
    this.line.clear();
    this.setPlugged(false);
    if (duration !== undefined) this.cancelReplug = this.options.clock.after(duration, () => this.replug());
  }

  replug(): void {
    this.cancelReplug?.();
    this.cancelReplug = undefined;
    this.setPlugged(true);
  }

  stop(): void {
    this.cancelReplug?.();
    this.cancelReplug = undefined;
    this.line.clear();
  }

  private setPlugged(plugged: boolean): void {
    if (plugged === this.pluggedIn) return;
    this.pluggedIn = plugged;
    this.options.logger.info(`${this.name}: ${plugged ? 'plugged in' : 'unplugged'}`);
    for (const listener of [...this.plugListeners]) listener(plugged);
  }

  private byteArrived(paced: PacedByte): void {
    this.counted.bytesIn++;
    if (paced.byte === START_TO_METER) this.echoing = this.faults.strikes('echo');
    // The head sees each byte while it sends it.
    if (this.echoing) this.line.send(Uint8Array.of(paced.byte), paced.at - this.line.byteTime);
    const replies = this.onTheLine.flatMap((meter) => {
      const reply = meter.receive(paced);
      return reply === undefined ? [] : [{ meter, reply }];
    });
    const [first] = replies;
    if (first !== undefined) this.answer(first.meter, first.reply);
  }

  private answer(meter: VirtualMeter, { request, reply, from }: MeterReply): void {
    const { random, logger, lateBy = LATE_BY, unpluggedFor = UNPLUGGED_FOR } = this.options;
    const { faults, line } = this;
    if (faults.strikes('unplug')) {
      this.unplug(unpluggedFor);
      return;
    }
    if (faults.strikes('silence')) return;
    const begins = faults.strikes('late') ? from + lateBy : from;
    const frame = faults.strikes('foreign-reply') ? foreignReply(meter, request, random) : reply;
    let wire: Uint8Array = encodeFrame(frame);
    if (faults.strikes('checksum')) wire = withWrongChecksum(wire, random);
    if (faults.strikes('truncation')) wire = firstHalf(wire);
    const noisy = faults.strikes('noise');
    if (noisy) line.send(noise(random), begins);
    if (faults.strikes('spurious-zero')) line.send(Uint8Array.of(0), begins);
    line.send(wire, begins);
    if (noisy) line.send(noise(random), begins);
    logger.debug(`${meter.model.name} answers ${request.kind}: ${toHex(wire)}`);
  }

  private bytesLeft(bytes: Uint8Array): void {
    this.counted.bytesOut += bytes.length;
    this.counted.lastByteAt = this.options.clock.monotonic();
    for (const listener of [...this.dataListeners]) listener(bytes);
  }
}

/**
 * A good reply to another request than the one asked: registers that nobody asked for, the serial number of another
 * meter where registers were asked for, or other rows of the log.
 */
function foreignReply(meter: VirtualMeter, request: Message, random: Random): Frame {
  const application =
    request.kind === 'get-register' && random() < 0.5
      ? encodeGetSerialNoReply(meter.serialNumber + 1)
      : (meter.olderPage(request) ?? encodeGetRegisterReply(meter.read(otherIds(meter, request))));
  return { direction: 'from-meter', destination: meter.address, application };
}

function otherIds(meter: VirtualMeter, request: Message): readonly number[] {
  const asked: readonly number[] = request.kind === 'get-register' ? request.ids : [];
  return meter.registerIds.filter((id) => !asked.includes(id)).slice(0, asked.length || MOST_REGISTERS);
}
