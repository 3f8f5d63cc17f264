import { describe, expect, test } from 'vitest';
import { getRegisters, getSerialNo } from '../../src/meter/meter-request.ts';
import { damaged, joined, registersReply, serialNoReply } from './frames.ts';
import { errorOf, LentSession } from './lent-session.ts';
import type { Reaction } from './scripted-channel.ts';

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
