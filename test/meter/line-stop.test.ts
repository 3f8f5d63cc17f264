import { expect, test } from 'vitest';
import { hasCode, Multical2MqttError } from '../../src/shared/errors.ts';
import { KeptLine } from './kept-line.ts';
import { errorOf } from './lent-session.ts';

const MISSING = new Multical2MqttError('port-missing', 'no such port');

test('stopping closes the port and leaves nothing', async () => {
  const kept = await new KeptLine().opened();
  await kept.line.stop();
  expect(kept.channel.state).toBe('closed');
  expect(kept.clock.pendingTimers).toBe(0);
  await kept.clock.advance(600_000);
  expect(kept.channels).toHaveLength(1);
  expect(kept.told).toEqual(['the port is open']);
});

test('stopping in use cancels what runs and what waits', async () => {
  const kept = await new KeptLine().opened();
  const running = errorOf(kept.ask());
  const waiting = errorOf(kept.ask());
  await kept.clock.advance(100);
  await kept.line.stop();
  expect(hasCode(await running, 'cancelled')).toBe(true);
  expect(hasCode(await waiting, 'cancelled')).toBe(true);
  expect(kept.clock.pendingTimers).toBe(0);
  expect(kept.clock.monotonic()).toBe(100);
});

test('stopping between two attempts ends the pause', async () => {
  const kept = new KeptLine();
  kept.prepare = (channel) => {
    channel.opening = () => Promise.reject(MISSING);
  };
  await kept.opened();
  expect(kept.clock.pendingTimers).toBe(1);
  await kept.line.stop();
  expect(kept.clock.pendingTimers).toBe(0);
  expect(kept.channels).toHaveLength(1);
});

test('stopping while the port is being opened closes it as soon as it is open', async () => {
  const kept = new KeptLine();
  let open = (): void => {};
  kept.prepare = (channel) => {
    channel.opening = () => new Promise((resolve) => (open = resolve));
  };
  await kept.opened();
  const stopped = kept.line.stop();
  open();
  await stopped;
  expect(kept.channel.state).toBe('closed');
  expect(kept.told).toEqual([]);
  expect(kept.clock.pendingTimers).toBe(0);
});

test('stopping ends an opening that can be ended, without a word of trouble', async () => {
  const kept = new KeptLine();
  kept.prepare = (channel) => {
    let refuse = (_: Error): void => {};
    channel.opening = () => new Promise((_, reject) => (refuse = reject));
    channel.close = async () => refuse(MISSING);
  };
  await kept.opened();
  await kept.line.stop();
  expect(kept.told).toEqual([]);
  expect(kept.clock.pendingTimers).toBe(0);
});

test('stopping while the line is being renewed lets go of those who wait for it', async () => {
  const kept = await new KeptLine().opened();
  const silent = errorOf(kept.ask());
  const waiting = errorOf(kept.ask());
  await kept.clock.runUntil(silent);
  await kept.clock.advance(10);
  await kept.line.stop();
  expect(hasCode(await waiting, 'cancelled')).toBe(true);
  expect(kept.clock.pendingTimers).toBe(0);
});

test('stopping from within a failing use does not wait for a new channel', async () => {
  const kept = await new KeptLine().opened();
  const use = errorOf(
    kept.line.withSession(async () => {
      await kept.line.stop();
      throw new Multical2MqttError('no-answer', 'nothing heard');
    }),
  );
  await use;
  expect(hasCode(await errorOf(kept.ask()), 'cancelled')).toBe(true);
  expect(kept.channels).toHaveLength(1);
});

test('stopping a line that was never started is nothing', async () => {
  const kept = new KeptLine();
  await kept.line.stop();
  expect(kept.channels).toHaveLength(0);
});
