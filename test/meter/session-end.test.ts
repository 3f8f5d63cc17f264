import { expect, test } from 'vitest';
import { getSerialNo } from '../../src/meter/meter-request.ts';
import { hasCode, Multical2MqttError } from '../../src/shared/errors.ts';
import { errorOf, LentSession } from './lent-session.ts';

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
