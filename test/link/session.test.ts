import { describe, expect, test } from 'vitest';
import { getRegisters, getSerialNo } from '../../src/link/exchange.ts';
import { hasCode, Multical2MqttError, messageOf } from '../../src/shared/errors.ts';
import { damaged, joined, registersReply, serialNoReply } from './support/frames.ts';
import { errorOf, LentSession } from './support/lent-session.ts';
import type { Reaction } from './support/scripted-channel.ts';

describe('session tries', () => {
  const REQUEST_LENGTH = 6;

  function failed({ clock, session, addressee }: LentSession, tries?: number): Promise<unknown> {
    return clock.runUntil(errorOf(session.request(getSerialNo, addressee, tries)));
  }

  describe('a meter that does not answer', () => {
    test('is asked three times, then it is an error that says what was seen', async () => {
      const line = new LentSession();
      const error = await failed(line);
      expect(hasCode(error, 'no-answer')).toBe(true);
      expect(messageOf(error)).toMatch(/^The meter at the port did not answer 3 requests\. Nothing at all/);
      expect(line.channel.written).toHaveLength(3);
      expect(line.counters).toMatchObject({ transactions: 3, retries: 2, timeouts: 3 });
    });

    test('is asked less often where that is wanted', async () => {
      const line = new LentSession();
      expect(messageOf(await failed(line, 1))).toMatch(/did not answer one request/);
      expect(line.counters).toMatchObject({ transactions: 1, retries: 0, timeouts: 1 });
    });

    test('has 1.6 s and the allowance for its first byte, and as much silence before the next try', async () => {
      const line = new LentSession();
      const { timing } = line;
      await failed(line);
      const wait = REQUEST_LENGTH * timing.byteTime + timing.firstByte + timing.allowance;
      const round = wait + timing.quiet;
      expect(line.requestedAt[0]).toBe(0);
      expect(line.requestedAt[1]).toBeCloseTo(round);
      expect(line.requestedAt[2]).toBeCloseTo(2 * round);
    });

    test('leaves 1.6 s of silence behind, so that whoever asks next does not hear it', async () => {
      const line = new LentSession();
      await failed(line, 1);
      const { timing } = line;
      const wait = REQUEST_LENGTH * timing.byteTime + timing.firstByte + timing.allowance;
      expect(line.clock.monotonic()).toBeCloseTo(wait + timing.quiet);
      expect(line.clock.pendingTimers).toBe(0);
    });

    test('does not spoil the next request', async () => {
      const line = new LentSession();
      await failed(line);
      line.channel.reactions.push(line.atLineSpeed(serialNoReply(7)));
      expect(await line.clock.runUntil(line.session.request(getSerialNo, line.addressee))).toBe(7);
    });
  });

  describe('the silence before the next try', () => {
    test('begins anew with each byte', async () => {
      const line = new LentSession();
      const error = failed(line);
      const { timing, clock } = line;
      const firstTryEnds = REQUEST_LENGTH * timing.byteTime + timing.firstByte + timing.allowance;
      const lastByteAt = firstTryEnds + 2_000;
      clock.after(firstTryEnds + 1_000, () => line.channel.arrive(Uint8Array.of(0x55)));
      clock.after(lastByteAt, () => line.channel.arrive(Uint8Array.of(0x55)));
      await error;
      expect(line.requestedAt[1]).toBeCloseTo(lastByteAt + timing.quiet);
    });

    test('is not waited for on a line that is never silent: the reading fails and says why', async () => {
      const line = new LentSession();
      let light = (): void => {};
      const flicker = (): void => {
        line.channel.arrive(Uint8Array.of(0x55));
        light = line.clock.after(100, flicker);
      };
      flicker();
      const error = await line.clock.runUntil(
        errorOf(line.session.request(getSerialNo, line.addressee)),
        60_000,
      );
      light();
      expect(messageOf(error)).toMatch(/Bytes arrived that are no reply/);
      expect(line.channel.written).toHaveLength(3);
    });
  });

  describe('the error tells apart', () => {
    test('an echo and nothing else', async () => {
      const line = new LentSession();
      const echo = line.withEcho(() => {});
      line.channel.reactions.push(echo, echo, echo);
      expect(messageOf(await failed(line))).toMatch(/Only the echo/);
    });

    test('replies with wrong checksums, even if only one of three tries brought one', async () => {
      const line = new LentSession();
      const echo = line.withEcho(() => {});
      line.channel.reactions.push(echo, line.atLineSpeed(damaged(serialNoReply(7))), echo);
      expect(messageOf(await failed(line))).toMatch(/damaged/);
      expect(line.counters.checksumErrors).toBe(1);
    });

    test('replies to other requests', async () => {
      const line = new LentSession();
      line.channel.reactions.push(line.atLineSpeed(registersReply([60])));
      expect(messageOf(await failed(line))).toMatch(/another program or another meter/);
    });

    test('a reply that is cut off from an echo', async () => {
      const line = new LentSession();
      const half = line.withEcho(line.atLineSpeed(serialNoReply(7).slice(0, 5)));
      line.channel.reactions.push(half, half, half);
      expect(messageOf(await failed(line))).toMatch(/arrive damaged/);
    });
  });

  test('each failed try is in the log for those who look for the cause', async () => {
    const line = new LentSession();
    await failed(line);
    const said = line.logger.said('debug').filter((message) => message.includes('failed'));
    expect(said).toEqual([1, 2, 3].map((attempt) => `the port: try ${attempt} of 3 failed`));
  });
});

describe('session end', () => {
  const GONE = new Multical2MqttError('channel-closed', 'the port went away');

  function asking({ session, addressee }: LentSession): Promise<unknown> {
    return errorOf(session.request(getSerialNo, addressee));
  }

  test('a line that goes away while the reply is awaited ends the request at once', async () => {
    const line = new LentSession();
    const error = asking(line);
    await line.clock.advance(500);
    line.channel.goAway(GONE);
    expect(await error).toBe(GONE);
    expect(line.clock.monotonic()).toBe(500);
    expect(line.clock.pendingTimers).toBe(0);
  });

  test('a line that goes away in the silence between two tries ends the request at once', async () => {
    const line = new LentSession();
    const error = asking(line);
    await line.clock.advance(2_500);
    expect(line.counters.retries).toBe(1);
    line.channel.goAway(GONE);
    expect(await error).toBe(GONE);
    expect(line.channel.written).toHaveLength(1);
    expect(line.clock.pendingTimers).toBe(0);
  });

  test('a write that fails ends the request at once', async () => {
    const line = new LentSession();
    line.channel.writing = () => Promise.reject(GONE);
    expect(await asking(line)).toBe(GONE);
    expect(line.clock.monotonic()).toBe(0);
    expect(line.clock.pendingTimers).toBe(0);
  });

  test('the first trouble is the one that is told', async () => {
    const line = new LentSession();
    line.channel.writing = () => Promise.reject(GONE);
    const error = asking(line);
    await line.clock.advance(0);
    line.channel.goAway(new Error('later'));
    expect(await error).toBe(GONE);
    expect(await asking(line)).toBe(GONE);
  });

  test('closing the line ourselves cancels the request', async () => {
    const line = new LentSession();
    await line.channel.open();
    const error = asking(line);
    await line.clock.advance(100);
    await line.channel.close();
    expect(hasCode(await error, 'cancelled')).toBe(true);
    expect(line.clock.pendingTimers).toBe(0);
  });

  test('after the end nothing is asked any more', async () => {
    const line = new LentSession();
    line.channel.goAway(GONE);
    expect(await asking(line)).toBe(GONE);
    expect(line.channel.written).toHaveLength(0);
  });
});

describe('session replies', () => {
  const SILENT: Reaction = () => {};

  function lent(script: (lent: LentSession) => Reaction[]): LentSession {
    const session = new LentSession();
    session.channel.reactions.push(...script(session));
    return session;
  }

  function askNumber({ clock, session, addressee }: LentSession): Promise<number> {
    return clock.runUntil(session.request(getSerialNo, addressee));
  }

  describe('a reply', () => {
    test('is handed over with its last byte, and no timer is left', async () => {
      const line = lent((on) => [on.atLineSpeed(serialNoReply(6_543_210))]);
      expect(await askNumber(line)).toBe(6_543_210);
      const bytes = (line.channel.written[0]?.length ?? 0) + serialNoReply(6_543_210).length;
      expect(line.clock.monotonic()).toBeCloseTo(bytes * line.timing.byteTime + 20);
      expect(line.clock.pendingTimers).toBe(0);
    });

    test('is found behind our own echo', async () => {
      const line = lent((on) => [on.withEcho(on.atLineSpeed(serialNoReply(7)))]);
      expect(await askNumber(line)).toBe(7);
      expect(line.counters).toMatchObject({ retries: 0, discardedBytes: 0 });
    });

    test('may begin at the last moment, 1.6 s after the request', async () => {
      const line = lent((on) => [on.atLineSpeed(serialNoReply(7), 1_600)]);
      expect(await askNumber(line)).toBe(7);
      expect(line.channel.written).toHaveLength(1);
    });

    test('may follow a damaged one within the same wait', async () => {
      const line = lent((on) => [on.atLineSpeed(joined(damaged(serialNoReply(7)), serialNoReply(7)))]);
      expect(await askNumber(line)).toBe(7);
      expect(line.counters).toMatchObject({ retries: 0, timeouts: 0, checksumErrors: 1 });
    });

    test('may follow noise that looked like the start of a frame', async () => {
      const noise = Uint8Array.of(0x00, 0x40, 0x3f, 0x55);
      const line = lent((on) => [on.atLineSpeed(joined(noise, serialNoReply(7)))]);
      expect(await askNumber(line)).toBe(7);
      expect(line.counters.discardedBytes).toBe(4);
    });

    test('in a burst counts when the wire can have carried it', async () => {
      const line = lent((on) => [on.inOnePiece(serialNoReply(7), 300)]);
      expect(await askNumber(line)).toBe(7);
    });
  });

  describe('not taken for a reply is', () => {
    test('a burst of an earlier one that sat in some buffer', async () => {
      const { session, clock, addressee, ...line } = lent((on) => [
        on.inOnePiece(registersReply([60, 68]), 5),
        on.atLineSpeed(registersReply([60])),
      ]);
      const request = session.request(getRegisters([60, 68]), addressee);
      const records = await clock.runUntil(request);
      expect(records.map(({ id }) => id)).toEqual([60]);
      expect(line.channel.written).toHaveLength(2);
    });

    test('a late one that arrives in the silence before the next try', async () => {
      const line = lent((on) => [on.atLineSpeed(serialNoReply(1), 2_200), on.atLineSpeed(serialNoReply(2))]);
      expect(await askNumber(line)).toBe(2);
      expect(line.counters).toMatchObject({ retries: 1, timeouts: 1 });
    });

    test('the end of a frame that began before the request', async () => {
      const line = lent((on) => [
        on.inOnePiece(serialNoReply(1).slice(4), 200),
        on.atLineSpeed(serialNoReply(2)),
      ]);
      await line.overhears(serialNoReply(1).slice(0, 4));
      expect(await askNumber(line)).toBe(2);
      expect(line.channel.written).toHaveLength(2);
    });

    test.each([
      ['another address', serialNoReply(1, 0x7f)],
      ['another command', registersReply([60])],
    ])('a good frame of %s', async (_, frame) => {
      const line = lent((on) => [on.atLineSpeed(joined(frame, serialNoReply(2)))]);
      expect(await askNumber(line)).toBe(2);
      expect(line.channel.written).toHaveLength(1);
    });

    test('one with registers that were not asked for', async () => {
      const { session, clock, addressee, ...line } = lent((on) => [
        on.atLineSpeed(registersReply([80])),
        on.atLineSpeed(registersReply([60])),
      ]);
      const records = await clock.runUntil(session.request(getRegisters([60]), addressee));
      expect(records.map(({ id }) => id)).toEqual([60]);
      expect(line.channel.written).toHaveLength(2);
    });

    test('half of one: it is given up when the rest does not come', async () => {
      const reply = serialNoReply(7);
      const line = lent((on) => [on.atLineSpeed(reply.slice(0, 5)), on.atLineSpeed(reply)]);
      expect(await askNumber(line)).toBe(7);
      expect(line.counters).toMatchObject({ timeouts: 1, retries: 1, discardedBytes: 5, checksumErrors: 0 });
    });

    test('half of one that began late: it is given up after the gap, not before', async () => {
      const line = lent((on) => [on.atLineSpeed(serialNoReply(7).slice(0, 5), 1_600), SILENT]);
      const { timing, clock } = line;
      const failed = errorOf(line.session.request(getSerialNo, line.addressee, 1));
      const lastByteAt = (6 + 5) * timing.byteTime + 1_600;
      await clock.advance(lastByteAt + timing.gap + timing.allowance - 1);
      expect(line.counters.timeouts).toBe(0);
      await clock.advance(2);
      expect(line.counters.timeouts).toBe(1);
      await clock.runUntil(failed);
    });
  });
});
