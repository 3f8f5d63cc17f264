import { describe, expect, test } from 'vitest';
import { toHex, wireBytes } from '../../src/kmp/bytes.ts';
import { FrameReader } from '../../src/kmp/frame.ts';
import type { Message } from '../../src/kmp/messages.ts';
import {
  addObservations,
  Exchange,
  explainSilence,
  getRegisters,
  getSerialNo,
  getType,
  type MeterRequest,
  NOTHING_SEEN,
  type Observation,
} from '../../src/link/exchange.ts';
import { lineTiming } from '../../src/link/timing.ts';
import {
  damaged,
  EVENT_STATUS_REPLY,
  joined,
  record,
  registersReply,
  serialNoReply,
} from './support/frames.ts';

describe('exchange', () => {
  const TIMING = lineTiming({ baudRate: 1200, network: false });
  const START = 10_000;
  /** Late enough for any reply of these tests to have crossed the wire. */
  const LATER = START + 1_500;

  /** An exchange begun at START, and what arrives in it. */
  class Heard<Reply> {
    readonly exchange: Exchange<Reply>;
    private readonly reader = new FrameReader();

    constructor(request: MeterRequest<Reply>, destination = 0x3f) {
      this.exchange = new Exchange(request, destination, TIMING, START);
      this.reader.expectEcho(this.exchange.wire);
    }

    arrives(bytes: Uint8Array, at = LATER): this {
      const items = this.reader.push(bytes);
      this.exchange.receive(bytes.length, items, this.reader.openFrame === 'from-meter', at);
      return this;
    }
  }

  function asking(): Heard<number> {
    return new Heard(getSerialNo);
  }

  describe('a reply', () => {
    test('of the meter asked to the command asked ends the exchange', () => {
      const { exchange } = asking().arrives(serialNoReply(6_543_210));
      expect(exchange.reply).toBe(6_543_210);
      expect(exchange.seen).toMatchObject({ foreignFrames: 0, discardedBytes: 0 });
    });

    test('began as many byte times ago as it has bytes', () => {
      const reply = serialNoReply(6_543_210);
      const { exchange } = asking().arrives(reply);
      expect(exchange.replyBeganAt).toBeCloseTo(LATER - reply.length * TIMING.byteTime);
    });

    test('is the first one that fits', () => {
      const { exchange } = asking().arrives(joined(serialNoReply(1), serialNoReply(2)));
      expect(exchange.reply).toBe(1);
    });

    test('counts after noise, a spurious zero, an ACK and our echo', () => {
      const heard = asking();
      heard.arrives(joined(heard.exchange.wire, wireBytes([0x00, 0x06, 0x55]), serialNoReply(7)));
      expect(heard.exchange.reply).toBe(7);
      expect(heard.exchange.seen).toMatchObject({ echoes: 1, discardedBytes: 2, foreignFrames: 0 });
    });

    test('counts after one with a wrong checksum within the same wait', () => {
      const { exchange } = asking()
        .arrives(damaged(serialNoReply(7)))
        .arrives(serialNoReply(7));
      expect(exchange.reply).toBe(7);
      expect(exchange.seen.damagedReplies).toBe(1);
    });

    test('may come a tenth faster, as meters with one stop bit send it', () => {
      const heard = asking();
      const reply = serialNoReply(7);
      const bytes = heard.exchange.wire.length + reply.length;
      heard.arrives(reply, START + (bytes * TIMING.byteTime * 10) / 11);
      expect(heard.exchange.reply).toBe(7);
    });
  });

  describe('no reply is', () => {
    test('our own echo', () => {
      const heard = asking();
      heard.arrives(heard.exchange.wire);
      expect(heard.exchange.reply).toBeUndefined();
      expect(heard.exchange.seen).toMatchObject({ echoes: 1, foreignFrames: 0, discardedBytes: 0 });
    });

    test('a damaged echo, and it is no checksum error of the meter', () => {
      const heard = asking();
      heard.arrives(damaged(heard.exchange.wire));
      expect(heard.exchange.seen).toMatchObject({
        damagedReplies: 0,
        discardedBytes: heard.exchange.wire.length,
      });
    });

    test.each([
      ['from another address', serialNoReply(7, 0x7f)],
      ['to another command', registersReply([60])],
      ['to a command that we do not speak', EVENT_STATUS_REPLY],
      ['that is a request of another master', new Exchange(getRegisters([60]), 0x3f, TIMING, 0).wire],
    ])('a frame %s', (_, frame) => {
      const { exchange } = asking().arrives(frame);
      expect(exchange.reply).toBeUndefined();
      expect(exchange.seen.foreignFrames).toBe(1);
    });

    test.each([
      ['registers that were not asked for', [60, 80]],
      ['a register twice', [60, 60]],
    ])('a frame with %s', (_, ids) => {
      const { exchange } = new Heard(getRegisters([60, 68])).arrives(registersReply(ids));
      expect(exchange.reply).toBeUndefined();
      expect(exchange.seen.foreignFrames).toBe(1);
    });

    test('a frame that is complete before request and reply can have crossed the wire', () => {
      const heard = new Heard(getRegisters([60]));
      const reply = registersReply([60]);
      const possibleFrom = START + (heard.exchange.wire.length + reply.length) * TIMING.byteTime;
      heard.arrives(reply, START + 1);
      heard.arrives(reply, possibleFrom - 30);
      expect(heard.exchange.reply).toBeUndefined();
      expect(heard.exchange.seen).toMatchObject({ foreignFrames: 0, earlyReplies: 2 });
      heard.arrives(reply, possibleFrom);
      expect(heard.exchange.reply).toHaveLength(1);
    });
  });

  describe('the wait', () => {
    const allowance = TIMING.firstByte + TIMING.allowance;

    test('for the first byte counts from the last byte of the request', () => {
      const { exchange } = asking();
      expect(exchange.deadline).toBeCloseTo(START + exchange.wire.length * TIMING.byteTime + allowance);
    });

    test('goes on for the gap after each byte within a reply', () => {
      const heard = asking();
      const lastMoment = heard.exchange.deadline - 1;
      heard.arrives(wireBytes([0x40, 0x3f]), lastMoment);
      expect(heard.exchange.deadline).toBeCloseTo(lastMoment + TIMING.gap + TIMING.allowance);
    });

    test('is not shortened by a reply that begins early', () => {
      const heard = asking();
      const { deadline } = heard.exchange;
      heard.arrives(wireBytes([0x40, 0x3f]), START + 60);
      expect(heard.exchange.deadline).toBe(deadline);
    });

    test.each([
      ['noise', [0x55, 0x66]],
      ['an echo that comes late', [0x80, 0x3f]],
    ])('is not prolonged by %s', (_, bytes) => {
      const heard = asking();
      const { deadline } = heard.exchange;
      heard.arrives(wireBytes(bytes), deadline - 1);
      expect(heard.exchange.deadline).toBe(deadline);
    });

    test('is bounded by the longest possible reply, whatever drips in', () => {
      const heard = asking().arrives(wireBytes([0x40]), START + 1_600);
      for (let at = START + 1_600; at < START + 20_000; at += 150) heard.arrives(wireBytes([0x01]), at);
      expect(heard.exchange.deadline).toBeLessThan(START + 1_600 + 3_500);
    });
  });

  test('all bytes are counted, and the request goes out as one frame', () => {
    const heard = asking()
      .arrives(wireBytes([1, 2, 3]))
      .arrives(wireBytes([4]));
    expect(heard.exchange.seen).toMatchObject({ bytes: 4, discardedBytes: 4 });
    expect(Buffer.from(heard.exchange.wire).toString('hex')).toBe('803f0235e90d');
  });
});

describe('meter request', () => {
  const TYPE: Message = { kind: 'type', meterType: 1, softwareRevision: 'F1' };
  const SERIAL: Message = { kind: 'serial-no', serialNumber: 0 };
  const NO_REGISTERS: Message = { kind: 'registers', records: [] };

  function registers(...ids: number[]): Message {
    return { kind: 'registers', records: ids.map((id) => record(id)) };
  }

  test('the requests are those of 5512-447 section 6.2', () => {
    expect(toHex(getType.application)).toBe('01');
    expect(toHex(getSerialNo.application)).toBe('02');
    expect(toHex(getRegisters([60, 1004]).application)).toBe('1002003C03EC');
  });

  test('GetType takes a type only', () => {
    expect(getType.accept(TYPE)).toMatchObject({ meterType: 1, softwareRevision: 'F1' });
    expect(getType.accept(SERIAL)).toBeUndefined();
    expect(getType.accept(NO_REGISTERS)).toBeUndefined();
  });

  test('GetSerialNo takes a number only, even when it is zero', () => {
    expect(getSerialNo.accept(SERIAL)).toBe(0);
    expect(getSerialNo.accept(TYPE)).toBeUndefined();
    expect(getSerialNo.accept({ kind: 'get-serial-no' })).toBeUndefined();
  });

  describe('GetRegister', () => {
    const request = getRegisters([60, 68, 74]);

    test('takes all the registers that were asked for, in any order', () => {
      const reply = request.accept(registers(74, 60, 68));
      expect(reply?.map(({ id }) => id)).toEqual([74, 60, 68]);
    });

    test('takes fewer, because a meter leaves out what it does not have', () => {
      expect(request.accept(registers(68))).toHaveLength(1);
    });

    test('takes none at all', () => {
      expect(request.accept(NO_REGISTERS)).toEqual([]);
    });

    test('refuses a register that was not asked for: the reply belongs to another request', () => {
      expect(request.accept(registers(60, 80))).toBeUndefined();
    });

    test('refuses a register that comes twice', () => {
      expect(request.accept(registers(60, 60))).toBeUndefined();
    });

    test('refuses the reply to another command', () => {
      expect(request.accept(SERIAL)).toBeUndefined();
      expect(request.accept({ kind: 'other' })).toBeUndefined();
    });
  });
});

describe('observation', () => {
  function seen(some: Partial<Observation>): Observation {
    return { ...NOTHING_SEEN, ...some };
  }

  describe('what silence means', () => {
    test('nothing at all: cable, port, head or a sleeping eye', () => {
      const text = explainSilence(NOTHING_SEEN);
      expect(text).toMatch(/^Nothing at all was received/);
      expect(text).toMatch(/cable.*port.*head/);
      expect(text).toMatch(/402 or 303 .*button.*403, 603 or 803 .*magnet/);
      expect(text).toMatch(/382C.*IEC 1107.*382Lx7.*DLMS.*382M.*pass code.*front/);
    });

    test('only our own echo: the head works, the meter does not see it', () => {
      const text = explainSilence(seen({ bytes: 22, echoes: 1 }));
      expect(text).toMatch(/^Only the echo of our own request/);
      expect(text).toMatch(/button.*magnet/);
    });

    test('wrong checksums: the head is slightly off, or there is light', () => {
      const text = explainSilence(seen({ bytes: 90, echoes: 1, damagedReplies: 1, discardedBytes: 68 }));
      expect(text).toMatch(/damaged.*move the head.*light/);
    });

    test('valid frames of others: somebody else is on the line', () => {
      const text = explainSilence(seen({ bytes: 70, foreignFrames: 1 }));
      expect(text).toMatch(/another program or another meter/);
    });

    test('bytes that are no frame: noise, or the wrong port', () => {
      const text = explainSilence(seen({ bytes: 30, echoes: 1, discardedBytes: 8 }));
      expect(text).toMatch(/no reply of a meter.*right port/);
    });

    test('a damaged reply says more than a foreign one, because it came from the meter', () => {
      const text = explainSilence(seen({ bytes: 90, damagedReplies: 1, foreignFrames: 1 }));
      expect(text).toMatch(/damaged/);
    });
  });

  test('the observations of several tries add up', () => {
    const first = {
      bytes: 1,
      echoes: 2,
      damagedReplies: 3,
      discardedBytes: 4,
      foreignFrames: 5,
      earlyReplies: 6,
    };
    const second = {
      bytes: 10,
      echoes: 20,
      damagedReplies: 30,
      discardedBytes: 40,
      foreignFrames: 50,
      earlyReplies: 60,
    };
    expect(addObservations(first, second)).toEqual({
      bytes: 11,
      echoes: 22,
      damagedReplies: 33,
      discardedBytes: 44,
      foreignFrames: 55,
      earlyReplies: 66,
    });
  });

  test('replies that came too soon are explained by the speed of the line', () => {
    const seen = { ...NOTHING_SEEN, bytes: 30, earlyReplies: 2, foreignFrames: 1 };
    expect(explainSilence(seen)).toMatch(/sooner than this line speed allows.*1200 baud/);
  });
});
