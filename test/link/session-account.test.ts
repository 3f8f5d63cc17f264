import { describe, expect, test } from 'vitest';
import { getRegisters, getSerialNo } from '../../src/link/exchange.ts';
import { newCounters } from '../../src/link/session.ts';
import { damaged, joined, registersReply, serialNoReply } from './support/frames.ts';
import { LentSession } from './support/lent-session.ts';

const EIGHT = [60, 68, 74, 80, 86, 87, 89, 99];

/** Asks for the eight registers `count` times in a row. */
async function readings(line: LentSession, count: number): Promise<void> {
  const reply = line.atLineSpeed(registersReply(EIGHT));
  for (let each = 0; each < count; each++) {
    line.channel.reactions.push(reply);
    await line.clock.runUntil(line.session.request(getRegisters(EIGHT), line.addressee));
  }
}

describe('a follow-up request', () => {
  test('begins one byte time after the last byte of the reply, and not later', async () => {
    const line = new LentSession();
    await readings(line, 1);
    const replied = line.clock.monotonic();
    await readings(line, 1);
    expect(line.requestedAt[1]).toBeCloseTo(replied + line.timing.byteTime);
  });

  test('within 1.6 s of the first byte of the reply finds the meter awake', async () => {
    const line = new LentSession();
    await readings(line, 4);
    expect(line.counters).toMatchObject({ transactions: 4, wakeUps: 1 });
  });

  test('waits for nothing when the reply is long ago', async () => {
    const line = new LentSession();
    await readings(line, 1);
    await line.clock.advance(60_000);
    const now = line.clock.monotonic();
    await readings(line, 1);
    expect(line.requestedAt[1]).toBe(now);
  });

  test('1.6 s after the first byte of the reply wakes the meter again', async () => {
    const line = new LentSession();
    await readings(line, 1);
    const replyTook = registersReply(EIGHT).length * line.timing.byteTime;
    await line.clock.advance(line.timing.awake - replyTook - 1);
    await readings(line, 1);
    expect(line.counters.wakeUps).toBe(1);
    await line.clock.advance(line.timing.awake - replyTook + 1);
    await readings(line, 1);
    expect(line.counters.wakeUps).toBe(2);
  });
});

describe('the time awake', () => {
  const TURNAROUND = 20;
  /** From the first byte of a request to the end of the window that its reply opens. */
  const window = ({ counters, timing }: LentSession, requests: number): number =>
    (counters.bytesSent / requests) * timing.byteTime + TURNAROUND + timing.awake;

  test('counts from a request to 1.6 s after the reply began', async () => {
    const line = new LentSession();
    await readings(line, 1);
    expect(line.counters.awakeTime).toBeCloseTo(window(line, 1));
  });

  test('counts what overlaps once', async () => {
    const line = new LentSession();
    await readings(line, 2);
    const between = (line.requestedAt[1] ?? 0) - (line.requestedAt[0] ?? 0);
    expect(line.counters.awakeTime).toBeCloseTo(between + window(line, 2));
  });

  test('does not count the sleep between two windows', async () => {
    const line = new LentSession();
    await readings(line, 1);
    await line.clock.advance(60_000);
    await readings(line, 1);
    expect(line.counters.awakeTime).toBeCloseTo(2 * window(line, 2));
  });

  test('does not count a request that nobody answered', async () => {
    const line = new LentSession(() => {});
    line.channel.reactions.push(line.atLineSpeed(serialNoReply(7)));
    await line.clock.runUntil(line.session.request(getSerialNo, line.addressee));
    expect(line.counters.awakeTime).toBeCloseTo(window(line, 2));
  });
});

describe('the account', () => {
  test('of one good reading: bytes both ways, one request, one wake-up', async () => {
    const line = new LentSession();
    await readings(line, 1);
    expect(line.counters).toEqual({
      transactions: 1,
      retries: 0,
      wakeUps: 1,
      awakeTime: line.counters.awakeTime,
      timeouts: 0,
      checksumErrors: 0,
      discardedBytes: 0,
      bytesSent: line.channel.written[0]?.length,
      bytesReceived: registersReply(EIGHT).length,
    });
  });

  test('counts echoes, noise and damaged replies as received, and what was of no use as discarded', async () => {
    const line = new LentSession();
    const bad = damaged(serialNoReply(7));
    const noise = Uint8Array.of(0, 1, 2);
    const good = serialNoReply(7);
    line.channel.reactions.push(line.withEcho(line.atLineSpeed(joined(noise, bad, good))));
    await line.clock.runUntil(line.session.request(getSerialNo, line.addressee));
    const echo = line.channel.written[0]?.length ?? 0;
    expect(line.counters).toMatchObject({
      checksumErrors: 1,
      discardedBytes: noise.length + bad.length,
      bytesReceived: echo + noise.length + bad.length + good.length,
    });
  });

  test('of each meter on the line is its own, wake-ups included', async () => {
    const line = new LentSession();
    const other = { destination: 0x7f, counters: newCounters() };
    await readings(line, 1);
    line.channel.reactions.push(line.atLineSpeed(serialNoReply(8, 0x7f)));
    await line.clock.runUntil(line.session.request(getSerialNo, other));
    await readings(line, 1);
    expect(line.counters).toMatchObject({ transactions: 2, wakeUps: 1 });
    expect(other.counters).toMatchObject({ transactions: 1, wakeUps: 1, bytesReceived: 10 });
  });

  test('counts a try that failed as a wake-up, because the meter may have heard it', async () => {
    const line = new LentSession(() => {});
    line.channel.reactions.push(line.atLineSpeed(serialNoReply(7)));
    await line.clock.runUntil(line.session.request(getSerialNo, line.addressee));
    expect(line.counters).toMatchObject({ transactions: 2, retries: 1, timeouts: 1, wakeUps: 2 });
  });

  test('goes on between requests: noise that nobody waits for is counted too', async () => {
    const line = new LentSession();
    await readings(line, 1);
    const { bytesReceived } = line.counters;
    await line.overhears(Uint8Array.of(1, 2, 3));
    expect(line.counters).toMatchObject({ bytesReceived: bytesReceived + 3, discardedBytes: 3 });
  });
});

test('a request is one write, because a gap of 27 ms within it would end it', async () => {
  const line = new LentSession();
  await readings(line, 2);
  expect(line.channel.written).toHaveLength(2);
  expect(line.channel.written.map(({ length }) => length)).toEqual(
    Array(2).fill(line.counters.bytesSent / 2),
  );
});

test('all bytes are in the log, as people post them', async () => {
  const line = new LentSession();
  line.channel.reactions.push(line.inOnePiece(serialNoReply(7), 300));
  await line.clock.runUntil(line.session.request(getSerialNo, line.addressee));
  const [sent, received] = line.logger.said('debug');
  expect(sent).toBe('the port < 803F0235E90D');
  expect(received).toMatch(/^the port > 403F0200000007/);
});
