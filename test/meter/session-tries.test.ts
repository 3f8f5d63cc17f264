import { describe, expect, test } from 'vitest';
import { getSerialNo } from '../../src/meter/meter-request.ts';
import { hasCode, messageOf } from '../../src/shared/errors.ts';
import { damaged, registersReply, serialNoReply } from './frames.ts';
import { errorOf, LentSession } from './lent-session.ts';

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
