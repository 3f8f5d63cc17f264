import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/kmp/bytes.ts';
import { getRegisters, getSerialNo } from '../../src/link/exchange.ts';
import { ExchangeLog } from '../../src/link/exchange-log.ts';
import { Multical2MqttError } from '../../src/shared/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { damaged, joined, registersReply, serialNoReply } from './support/frames.ts';
import { errorOf, LentSession } from './support/lent-session.ts';
import type { Reaction } from './support/scripted-channel.ts';

const REQUEST = '803F0235E90D';

/** What is kept of one try. */
async function kept(reaction?: (line: LentSession) => Reaction) {
  const line = new LentSession();
  const exchanges = new ExchangeLog(3);
  if (reaction !== undefined) line.channel.reactions.push(reaction(line));
  const request = line.session.request(getSerialNo, { ...line.addressee, exchanges }, 1);
  await line.clock.runUntil(request.catch(() => {}));
  const [exchange] = exchanges.newestFirst;
  return { line, exchange, received: toHex(exchange?.received ?? new Uint8Array()) };
}

describe('exchanges that a session keeps', () => {
  it('have the bytes of both sides, when it was and how long it took', async () => {
    const { line, exchange, received } = await kept((line) =>
      line.withEcho(line.atLineSpeed(serialNoReply(7))),
    );
    const reply = serialNoReply(7);
    expect(toHex(exchange?.sent ?? reply)).toBe(REQUEST);
    expect(received).toBe(REQUEST + toHex(reply));
    const took = 20 + reply.length * line.timing.byteTime;
    expect(exchange).toMatchObject({ outcome: 'answered', took: Math.round(took), more: 0 });
    expect(exchange?.at).toBe(new FakeClock().now());
  });

  it.each<[string, string, (line: LentSession) => Reaction, RegExp]>([
    ['nothing came', 'nothing', () => () => {}, /^$/],
    ['only the echo came', 'echo-only', (line) => line.withEcho(() => {}), /^803F0235E90D$/],
    ['a damaged reply came', 'damaged', (line) => line.atLineSpeed(damaged(serialNoReply(7))), /^403F.*0D$/],
    [
      'a cut reply came',
      'damaged',
      (line) => line.atLineSpeed(serialNoReply(7).subarray(0, 5)),
      /^403F.{6}$/,
    ],
    ['noise came', 'noise', (line) => line.atLineSpeed(Uint8Array.of(0x55, 0xaa)), /^55AA$/],
    ['another reply came', 'foreign', (line) => line.atLineSpeed(registersReply([60])), /^403F10/],
    ['a late reply came', 'early', (line) => line.inOnePiece(serialNoReply(7), 5), /^403F02/],
  ])('where %s', async (_, outcome, reaction, received) => {
    const found = await kept(reaction);
    expect(found.exchange).toMatchObject({ outcome, took: null });
    expect(found.received).toMatch(received);
  });

  it('where the port went away', async () => {
    const found = await kept(() => (_, channel) => {
      channel.arrive(Uint8Array.of(0x40));
      channel.goAway(new Multical2MqttError('channel-closed', 'gone'));
    });
    expect(found.exchange).toMatchObject({ outcome: 'cut' });
    expect(found.received).toBe('40');
  });

  it('are the last ones, newest first, every try for itself', async () => {
    const line = new LentSession();
    const exchanges = new ExchangeLog(3);
    const addressee = { ...line.addressee, exchanges };
    await line.clock.runUntil(errorOf(line.session.request(getSerialNo, addressee)));
    line.channel.reactions.push(line.atLineSpeed(registersReply([60])));
    await line.clock.runUntil(line.session.request(getRegisters([60]), addressee));
    expect(exchanges.newestFirst.map(({ outcome }) => outcome)).toEqual(['answered', 'nothing', 'nothing']);
  });

  it('have of endless light no more than a kilobyte, and the count of the rest', async () => {
    const { exchange } = await kept((line) => line.inOnePiece(new Uint8Array(3000).fill(0x55), 100));
    expect(exchange?.received).toHaveLength(1024);
    expect(exchange).toMatchObject({ more: 1976, outcome: 'noise' });
  });

  it('have nothing of what came while nobody asked', async () => {
    const line = new LentSession();
    const exchanges = new ExchangeLog(3);
    const addressee = { ...line.addressee, exchanges };
    line.channel.reactions.push(line.atLineSpeed(serialNoReply(7)));
    await line.clock.runUntil(line.session.request(getSerialNo, addressee));
    await line.overhears(joined(serialNoReply(8)));
    expect(toHex(exchanges.newestFirst[0]?.received ?? new Uint8Array())).toBe(toHex(serialNoReply(7)));
  });
});
