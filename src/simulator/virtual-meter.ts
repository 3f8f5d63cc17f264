import { type ApplicationBytes, sameBytes } from '../kmp/bytes.ts';
import { type Frame, FrameReader, METER_ADDRESS, type ReaderItem, START_TO_METER } from '../kmp/frame.ts';
import type { IntervalLogRequest } from '../kmp/interval-log.ts';
import {
  decodeMessage,
  encodeGetRegisterReply,
  encodeGetSerialNoReply,
  encodeGetTypeReply,
  type Message,
  WAKE_CALL,
  WAKE_CALL_BAUD_RATE,
} from '../kmp/messages.ts';
import type { RegisterRecord } from '../kmp/register.ts';
import type { Clock, Random } from '../shared/clock.ts';
import type { ConditionName } from './conditions.ts';
import type { Totals } from './house-values.ts';
import { answerIntervalLogRequest } from './interval-log-answers.ts';
import type { LogAnswer } from './log-answer.ts';
import { answerLoggerRequest } from './logger-answers.ts';
import { MeterMemory } from './meter-memory.ts';
import type { MeterModel, RegisterDefinition } from './models/meter-model.ts';
import { keep, type SimulatedMeterOptions, type SimulatorStatistics } from './options.ts';
import type { PacedByte } from './paced-line.ts';

/** A longer silence within a request ends it (5512-447 section 2.1). */
const LONGEST_GAP = 27;
/** A meter stays awake for so long from the first byte of its reply, and deaf after a bad request. */
const WINDOW = 1600;
/** Address of a logger module on top of a 601, and of the log within an 801 (5512-447 section 6.3). */
const LOGGER_MODULE = 0x7f;
/** The longest page of a log. Nobody has published it; a meter only says that there would have been more. */
const LOG_REPLY_BYTES = 1024;

interface VirtualMeterOptions extends Omit<SimulatedMeterOptions, 'model'> {
  readonly model: MeterModel;
  readonly turnaround: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly statistics: SimulatorStatistics;
}

/** A reply before faults on its way. */
export interface MeterReply {
  readonly request: Message;
  readonly reply: Frame;
  /** The beginning of its first byte, on the monotonic clock. */
  readonly from: number;
}

/** A meter as seen through its eye: bytes in, frames out. Knows no ports and has no timers. */
export class VirtualMeter {
  readonly model: MeterModel;
  readonly serialNumber: number;
  readonly address: number;
  private readonly statistics: SimulatorStatistics;
  private readonly memory: MeterMemory;
  private readonly logReplyBytes: number;
  private readonly turnaround: number;
  private readonly clock: Clock;
  private readonly awakeFor: number;
  private readonly wakesByCall: boolean;
  private readonly reader = new FrameReader();
  private lastByteAt = Number.NEGATIVE_INFINITY;
  private requestBeganAt = Number.NEGATIVE_INFINITY;
  private deafUntil = Number.NEGATIVE_INFINITY;
  private awakeUntil = Number.NEGATIVE_INFINITY;
  private eyeOpenUntil: number;

  constructor(options: VirtualMeterOptions) {
    const { model, clock, awakeFor = Number.POSITIVE_INFINITY } = options;
    this.model = model;
    this.serialNumber = options.serialNumber ?? model.serialNumber;
    this.address = options.address ?? METER_ADDRESS;
    this.statistics = options.statistics;
    this.turnaround = options.turnaround;
    this.clock = clock;
    this.awakeFor = awakeFor;
    this.wakesByCall = options.wakesByCall ?? false;
    this.logReplyBytes = options.logReplyBytes ?? LOG_REPLY_BYTES;
    this.memory = new MeterMemory({ ...options, serialNumber: this.serialNumber });
    this.eyeOpenUntil = clock.monotonic() + awakeFor;
  }

  get registerIds(): readonly number[] {
    return this.memory.registerIds;
  }

  /** What the house had burnt at a moment before the simulation began, in milliseconds since 1970. */
  pastTotals(time: number): Totals {
    return this.memory.pastTotals(time);
  }

  /** Gives a register another content, or takes it away. */
  setRegister(id: number, definition: RegisterDefinition | null): void {
    this.memory.setRegister(id, definition);
  }

  /** Replaces the conditions so far. Error `usage` for one that the meter does not know. */
  setConditions(conditions: readonly ConditionName[]): void {
    this.memory.setConditions(conditions);
  }

  /** Empties the log: ids begin with 1 again. */
  beginLogAnew(): void {
    this.memory.beginLogAnew();
  }

  /** Wakes the eye. */
  pressButton(): void {
    this.eyeOpenUntil = this.clock.monotonic() + this.awakeFor;
  }

  /** Handles bytes at another speed than ours: noise, except for the old call. */
  receiveAt(baudRate: number, bytes: Uint8Array): void {
    const called = baudRate === WAKE_CALL_BAUD_RATE && sameBytes(bytes, WAKE_CALL);
    if (called && this.wakesByCall) this.pressButton();
  }

  /** Handles one byte of the line. Returns the reply where it completes a request to us. */
  receive({ byte, at }: PacedByte): MeterReply | undefined {
    if (at > this.eyeOpenUntil) {
      this.reader.flush();
      return undefined;
    }
    if (at - this.lastByteAt > LONGEST_GAP) {
      const gapAt = this.lastByteAt + LONGEST_GAP;
      for (const item of this.reader.flush()) this.handle(item, gapAt);
    }
    this.lastByteAt = at;
    let reply: MeterReply | undefined;
    for (const item of this.reader.push(Uint8Array.of(byte))) reply = this.handle(item, at);
    // Only now: a start byte within a frame ends that one first.
    if (byte === START_TO_METER) this.requestBeganAt = at;
    return reply;
  }

  /** Registers of this moment; the ones that the meter does not have are left out. */
  read(ids: readonly number[]): RegisterRecord[] {
    return this.memory.read(ids);
  }

  /** The page that would answer a question for older rows of a log; undefined where none were asked for. */
  olderPage(request: Message): ApplicationBytes | undefined {
    if (request.kind !== 'get-log-by-id') return undefined;
    return this.answer({ ...request, id: request.id - 1 })?.application;
  }

  private handle(item: ReaderItem, at: number): MeterReply | undefined {
    if (item.kind === 'frame' && item.frame.direction === 'to-meter') return this.replyTo(item.frame, at);
    if (item.kind === 'discarded' && item.direction === 'to-meter' && this.mayBeOurs(item.claimed))
      this.refuse(at);
    return undefined;
  }

  private replyTo(frame: Frame, at: number): MeterReply | undefined {
    const request = decodeMessage(frame);
    const isForModule = frame.destination === LOGGER_MODULE && request.kind === 'get-interval-log';
    if (frame.destination !== this.address && !(isForModule && this.hasModule)) return undefined;
    const answer = isForModule ? this.answerAsModule(request) : this.answer(request);
    if (answer === undefined) {
      this.refuse(at);
      return undefined;
    }
    if (!this.listens()) return undefined;
    const from = at + this.turnaround;
    this.awakeUntil = from + WINDOW;
    if (this.model.eye.trafficKeepsAwake) this.eyeOpenUntil = at + this.awakeFor;
    this.statistics.replies++;
    if (request.kind === 'get-register') keep(this.statistics.requested, request.ids);
    if (answer.logged !== undefined) keep(this.statistics.logged, answer.logged);
    const { application } = answer;
    return { request, reply: { direction: 'from-meter', destination: frame.destination, application }, from };
  }

  private mayBeOurs(claimed: Frame | undefined): boolean {
    return claimed === undefined || claimed.destination === this.address;
  }

  /** No meter complains; it falls silent for a while. */
  private refuse(at: number): void {
    if (!this.listens()) return;
    this.statistics.badRequests++;
    this.deafUntil = at + WINDOW;
  }

  /** Counts a request; false where it falls into the time in which the meter is deaf. */
  private listens(): boolean {
    this.statistics.requests++;
    if (this.requestBeganAt > this.awakeUntil) this.statistics.wakeUps++;
    const deaf = this.requestBeganAt < this.deafUntil;
    if (deaf) this.statistics.ignoredRequests++;
    return !deaf;
  }

  private answer(request: Message): LogAnswer | undefined {
    switch (request.kind) {
      case 'get-type':
        return { application: encodeGetTypeReply(this.model) };
      case 'get-serial-no':
        return { application: encodeGetSerialNoReply(this.serialNumber) };
      case 'get-register':
        return { application: encodeGetRegisterReply(this.read(request.ids)) };
      case 'get-logger-configuration':
      case 'get-log-by-id':
      case 'get-log-from-newest': {
        const { log } = this.memory;
        if (log?.dialect !== 'logger') return undefined;
        return answerLoggerRequest(request, this.memory, log.loggers, this.logReplyBytes);
      }
      default:
        return undefined;
    }
  }

  private get hasModule(): boolean {
    return this.memory.log?.dialect === 'interval-log';
  }

  private answerAsModule(request: IntervalLogRequest): LogAnswer | undefined {
    return this.hasModule
      ? answerIntervalLogRequest(request, this.memory, this.memory.log?.loggers ?? [])
      : undefined;
  }
}
